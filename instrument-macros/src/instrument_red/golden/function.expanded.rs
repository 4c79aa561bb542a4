pub fn parse(text: &str) -> Result<u32, ParseIntError> {
    let __span = {
        static __SITE: ::instrument_core::__private::RedSite =
            ::instrument_core::__private::RedSite::new(
                "function", "parse", ::core::module_path!(), &[], ::core::panic::Location::caller()
            );
        __SITE.start()
    };
    let __returned = ::instrument_core::__private::call(move || -> Result<u32, ParseIntError> {
        let number = text.parse()?;
        Ok(number)
    });
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
