//! `rename`, and the help text from a doc comment.

use instrument_core::{Registry, Snapshot, instrument_red};

use crate::recorded::{Calls, calls_in};

fn calls(snapshot: &Snapshot, function: &str, module: &str) -> Calls {
    calls_in(snapshot, "function", &[("function", function), ("module", module)])
}

#[test]
fn the_labels_say_what_rename_says() {
    #[instrument_red(rename = "look up")]
    fn short() {}

    #[instrument_red(rename(function = "find"))]
    fn function() {}

    #[instrument_red(rename(module = "quotes"))]
    fn module() {}

    #[instrument_red(rename(function = "list", module = "quotes"))]
    fn both() {}

    struct Quotes;

    #[instrument_red(rename(module = "quotes"))]
    impl Quotes {
        fn of_the_block() {}

        #[instrument_red(rename(function = "add"))]
        fn insert() {}

        #[instrument_red(rename(module = "others"))]
        fn elsewhere() {}
    }

    let registry = Registry::new();
    registry.scope(|| {
        short();
        function();
        module();
        both();
        Quotes::of_the_block();
        Quotes::insert();
        Quotes::elsewhere();
    });
    let snapshot = registry.snapshot();
    for (function, module) in [
        ("look up", module_path!()),
        ("find", module_path!()),
        ("module", "quotes"),
        ("list", "quotes"),
        ("of_the_block", "quotes"),
        ("add", "quotes"),
        ("elsewhere", "others"),
    ] {
        assert_eq!(calls(&snapshot, function, module), Calls { ok: 1, ..Calls::default() }, "{function}");
    }
}

#[test]
fn a_doc_comment_is_the_help_text_of_the_family_that_is_named_beside_it() {
    /// Looks up a quotation
    /// by its number.
    ///
    /// # Errors
    #[instrument_red(name = "named")]
    fn documented() {}

    #[instrument_red(name = "bare")]
    fn undocumented() {}

    /// Speaks for itself, and not for all functions.
    #[instrument_red]
    fn unnamed() {}

    struct Quotes;

    /// Quotations.
    #[instrument_red(name = "block")]
    impl Quotes {
        /// Not this one.
        fn get() {}

        /// Another family!
        #[instrument_red(name = "own")]
        fn put() {}
    }

    let registry = Registry::new();
    registry.scope(|| {
        documented();
        undocumented();
        unnamed();
        Quotes::get();
        Quotes::put();
    });
    let snapshot = registry.snapshot();
    let help = |family| {
        let mut families = snapshot.families().iter();
        families.find(|own| own.description().name == family).map(|own| own.description().help.clone())
    };
    for (family, text) in [
        ("named_duration_seconds", "Looks up a quotation by its number. Duration, by outcome."),
        ("named_in_flight", "Looks up a quotation by its number. How many are in flight."),
        ("bare_duration_seconds", "Calls of functions. Duration, by outcome."),
        ("function_duration_seconds", "Calls of functions. Duration, by outcome."),
        ("block_duration_seconds", "Quotations. Duration, by outcome."),
        ("own_duration_seconds", "Another family! Duration, by outcome."),
    ] {
        assert_eq!(help(family).as_deref(), Some(text));
    }
}
