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
    {
        #[allow(unused_imports)]
        use ::instrument_core::__private::{FinishAnything as _, FinishNested as _, FinishOutcome as _};
        (&&::instrument_core::__private::Finish(&__returned)).finish_span(__span);
    }
    __returned
}
