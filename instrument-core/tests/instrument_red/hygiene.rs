//! No name of the user's changes the expansion.

use crate::recorded::{Calls, block_on, calls};

/// A module where every name that an expansion could use means something else.
#[expect(dead_code, non_camel_case_types, unused_macros, reason = "names that only stand in the way")]
mod shadowed {
    use ::instrument_core::{LabelValue, Labels, Metrics, instrument_red};

    mod core {}
    mod std {}
    mod instrument_core {}
    struct Result;
    struct Option;
    struct Some;
    struct None;
    struct Ok;
    struct Err;
    struct Vec;
    struct Box;
    struct String;
    struct Registry;
    struct Error;
    struct Finish;
    struct usize;
    struct str;
    trait Clone {}
    trait FnOnce {}
    trait FinishAnything {
        fn finish(self);
    }

    macro_rules! module_path {
        () => {
            compile_error!("the user's")
        };
    }

    macro_rules! vec {
        () => {
            compile_error!("the user's")
        };
    }

    pub(super) const __SITE: u8 = 1;

    #[instrument_red(labels(text = __span), ok_if = |sum| *sum > __returned)]
    pub(super) fn names(__span: u8, __returned: u8) -> u8 {
        let __call = __SITE;
        __span + __returned + __call
    }

    #[instrument_red]
    pub(super) async fn types() -> u8 {
        struct u8;
        let _ = u8;
        1
    }

    // What new arguments write is as hygienic: the names below are the expansion's own.
    #[instrument_red(poll_time, rename = "kinds", error = |__kind| *__kind, slo(success = 0.5))]
    pub(super) async fn kinds(__is_error: u8, __future: u8) -> ::core::result::Result<u8, u8> {
        ::core::result::Result::Ok(__is_error + __future)
    }

    #[cfg(feature = "stream")]
    #[instrument_red(stream, labels(call = __call))]
    pub(super) fn stream(__call: u8, __stream: u8) -> impl ::futures_core::Stream<Item = u8> {
        crate::streams::Steps::items([__call, __stream])
    }

    pub(super) struct Answer;

    // A body may have an item of the name of what it returns.
    #[instrument_red]
    pub(super) async fn items() -> Answer {
        struct Answer;
        let _ = Answer;
        super::Answer
    }

    #[derive(LabelValue)]
    pub(super) enum Kind {
        Some,
        None,
    }

    #[derive(Labels)]
    pub(super) struct Set {
        pub(super) visitor: Kind,
        pub(super) index: bool,
        pub(super) texts: Kind,
        pub(super) radix: bool,
    }

    #[derive(Metrics)]
    pub(super) struct Numbers {
        /// A name that the expansion uses too.
        pub(super) registry: ::instrument_core::Family<Set, ::instrument_core::Counter>,
    }
}
use shadowed::Answer;

#[test]
fn names_of_the_users_are_left_alone() {
    use instrument_core::{Metrics as _, Registry};

    assert_eq!(shadowed::names(1, 2), 4);
    assert_eq!(block_on(shadowed::types()), 1);
    assert_eq!(block_on(shadowed::kinds(1, 2)), Ok(3));
    #[cfg(feature = "stream")]
    assert_eq!(crate::streams::collect(shadowed::stream(1, 2)), [1, 2]);
    let Answer = block_on(shadowed::items());
    let module = concat!(module_path!(), "::shadowed");
    assert_eq!(calls(module, "types"), Calls { ok: 1, ..Calls::default() });

    let registry = Registry::new();
    let numbers = shadowed::Numbers::register(&registry).unwrap();
    let set = shadowed::Set {
        visitor: shadowed::Kind::Some,
        index: true,
        texts: shadowed::Kind::None,
        radix: false,
    };
    numbers.registry.with(&set).inc();
    let labels = [("visitor", "some"), ("index", "true"), ("texts", "none"), ("radix", "false")];
    assert_eq!(registry.snapshot().counter("registry", &labels), Some(1));
}
