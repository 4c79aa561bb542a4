async fn find(id: u32) -> Result<Quote, Failure> {
    let __span = {
        static __SITE: ::instrument_core::__private::RedSite =
            ::instrument_core::__private::RedSite::new(
                "function", "look_up", ::core::module_path!(), &[], ::core::panic::Location::caller()
            )
                .with_error_kinds()
                .with_poll_time()
                .with_objectives(&[::instrument_core::__private::Objective::latency(0.25f64, "0.25", 0.99)]);
        __SITE.start()
    };
    let __returned = {
        let __none = || ::core::option::Option::None::<Result<Quote, Failure>>;
        ::instrument_core::__private::PollTime::of(&__span).run(async move {
            if let ::core::option::Option::Some(__returned) = __none() {
                return __returned;
            }
            STORE.find(id).await
        }).await
    };
    #[allow(clippy::redundant_closure_for_method_calls)]
    let __span = ::instrument_core::__private::FailingSpan::new(__span, &__returned, Failure::kind);
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
}
