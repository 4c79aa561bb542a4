fn look_up(id: u32) -> Option<Quote> {
    let __span = {
        static __SITE: metrics::__private::RedSite =
            metrics::__private::RedSite::new(
                "lookup", "look_up", ::core::module_path!(), &[], ::core::panic::Location::caller()
            )
                .with_registry(|| <metrics::Registry as ::core::clone::Clone>::clone(&(REGISTRY)))
                .with_buckets(|| Buckets::latency());
        __SITE.start()
    };
    let __returned = metrics::__private::call(move || -> Option<Quote> {
        QUOTES.get(id)
    });
    #[allow(clippy::redundant_closure_for_method_calls)]
    let __is_error = !::core::option::Option::Some(&__returned).is_some_and(|found| found.is_some());
    if __is_error {
        __span.error();
    } else {
        __span.ok();
    }
    __returned
}
