//! `name`, `ok_if`, `err_if`, `registry`, `buckets` and `crate`.

use std::sync::LazyLock;

use instrument_core::{Buckets, Registry, instrument_red};

use crate::recorded::{Calls, block_on, calls, calls_in, yield_once};

#[test]
fn name_is_the_family() {
    #[instrument_red(name = "quote_lookup")]
    fn look_up() {}

    look_up();
    let snapshot = Registry::global().snapshot();
    let labels = [("function", "look_up"), ("module", module_path!())];
    assert_eq!(calls_in(&snapshot, "quote_lookup", &labels), Calls { ok: 1, ..Calls::default() });
    assert_eq!(calls(module_path!(), "look_up"), Calls::default());
}

#[test]
fn ok_if_says_what_a_success_is() {
    #[instrument_red(ok_if = |found| matches!(found, Some(1..)))]
    fn find(present: bool) -> Option<u8> {
        present.then_some(1)
    }

    #[instrument_red(ok_if = Option::is_some)]
    async fn find_later(present: bool) -> Option<u8> {
        yield_once().await;
        present.then_some(1)
    }

    for present in [true, false, false] {
        find(present);
        block_on(find_later(present));
    }
    for function in ["find", "find_later"] {
        assert_eq!(calls(module_path!(), function), Calls { ok: 1, error: 2, ..Calls::default() });
    }
}

#[test]
fn err_if_says_what_an_error_is() {
    struct Response {
        status: u16,
    }

    impl Response {
        fn is_server_error(&self) -> bool {
            self.status >= 500
        }
    }

    #[instrument_red(err_if = Response::is_server_error)]
    fn answer(status: u16) -> Response {
        Response { status }
    }

    // Its word counts more than the type's own.
    #[instrument_red(err_if = |result| matches!(result, Err(code) if *code >= 500))]
    fn check(code: u16) -> Result<(), u16> {
        if code >= 400 { Err(code) } else { Ok(()) }
    }

    for status in [200, 404, 503] {
        assert_eq!(answer(status).status, status);
        let _ = check(status);
    }
    for function in ["answer", "check"] {
        assert_eq!(calls(module_path!(), function), Calls { ok: 2, error: 1, ..Calls::default() });
    }
}

static OWN: LazyLock<Registry> = LazyLock::new(Registry::new);

fn own() -> &'static Registry {
    &OWN
}

#[test]
fn registry_takes_the_place_of_the_global_one() {
    #[instrument_red(registry = OWN)]
    fn by_static() {}

    #[instrument_red(registry = own())]
    fn by_function() {}

    #[instrument_red(registry = own().clone())]
    fn by_value() {}

    by_static();
    by_function();
    by_value();
    let snapshot = OWN.snapshot();
    for function in ["by_static", "by_function", "by_value"] {
        let labels = [("function", function), ("module", module_path!())];
        assert_eq!(calls_in(&snapshot, "function", &labels), Calls { ok: 1, ..Calls::default() });
        assert_eq!(calls(module_path!(), function), Calls::default());
    }
}

#[test]
fn buckets_are_those_of_the_family() {
    #[instrument_red(name = "bucketed", buckets = Buckets::explicit([0.5, 1.0]))]
    fn bucketed() {}

    bucketed();
    let labels = [("function", "bucketed"), ("module", module_path!()), ("outcome", "ok")];
    let snapshot = Registry::global().snapshot();
    let calls = snapshot.histogram("bucketed_duration_seconds", &labels).unwrap();
    let bounds: Vec<f64> = calls.buckets().map(|(bound, _)| bound).collect();
    assert_eq!(bounds, [0.5, 1.0, f64::INFINITY]);
}

mod renamed {
    pub(crate) use instrument_core as metrics;
}

#[test]
fn crate_is_where_the_library_is_found() {
    #[instrument_red(crate = crate::arguments::renamed::metrics, labels(n = n))]
    fn elsewhere(n: u8) -> u8 {
        n
    }

    elsewhere(1);
    let labels = [("function", "elsewhere"), ("module", module_path!()), ("n", "1")];
    let snapshot = Registry::global().snapshot();
    assert_eq!(calls_in(&snapshot, "function", &labels), Calls { ok: 1, ..Calls::default() });
}
