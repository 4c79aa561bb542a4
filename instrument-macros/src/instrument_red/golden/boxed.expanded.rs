fn fetch<'life0, 'async_trait>(
    &'life0 self,
) -> ::core::pin::Pin<Box<dyn ::core::future::Future<Output = u32> + ::core::marker::Send + 'async_trait>>
where
    'life0: 'async_trait,
{
    Box::pin(async move {
        let __span = {
            static __SITE: ::instrument_core::__private::RedSite =
                ::instrument_core::__private::RedSite::new(
                    "function", "fetch", ::core::module_path!(), &[], ::core::panic::Location::caller()
                );
            __SITE.start()
        };
        let __returned = async move { self.store.get().await }.await;
        let __is_error = {
            #[allow(unused_imports)]
            use ::instrument_core::__private::{NestedOutcome as _, NoOutcome as _, OwnOutcome as _};
            (&&::instrument_core::__private::Returned(&__returned)).failed()
        };
        if __is_error {
            __span.error();
        } else {
            __span.ok();
        }
        __returned
    })
}
