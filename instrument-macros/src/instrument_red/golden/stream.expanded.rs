fn rows(from: u32) -> BoxStream<'static, Row> {
    let __call = {
        static __SITE: ::instrument_core::__private::RedSite =
            ::instrument_core::__private::RedSite::new(
                "function", "rows", ::core::module_path!(), &["from"], ::core::panic::Location::caller()
            )
                .with_items();
        ::instrument_core::__private::StreamCall::new(&__SITE, &[
            &(from) as &dyn ::instrument_core::__private::TextValue
        ])
    };
    let __stream = ::instrument_core::__private::call(move || -> BoxStream<'static, Row> {
        STORE.rows(from)
    });
    ::std::boxed::Box::pin(__call.run(__stream, |__item| {
        #[allow(clippy::redundant_closure_for_method_calls)]
        let __is_error = ::core::option::Option::Some(__item).is_some_and(Row::is_broken);
        __is_error
    }))
}
