//! `labels(key = expression, ..)`: series from arguments and constants.

use instrument_core::{LabelValue, Registry, instrument_red};

use crate::recorded::{Calls, block_on, calls_in, yield_once};

fn calls(module: &str, function: &str, labels: &[(&str, &str)]) -> Calls {
    let labels: Vec<_> =
        [("module", module), ("function", function)].into_iter().chain(labels.iter().copied()).collect();
    calls_in(&Registry::global().snapshot(), "function", &labels)
}

#[derive(LabelValue, Clone, Copy)]
enum Kind {
    Small,
    VeryLarge,
}

#[test]
fn each_value_of_an_argument_is_a_series() {
    #[instrument_red(labels(kind = kind, text = text))]
    fn store(kind: Kind, text: &str) {
        let _ = (kind, text);
    }

    store(Kind::Small, "a");
    store(Kind::VeryLarge, "a");
    store(Kind::VeryLarge, "a");
    let calls = |kind| calls(module_path!(), "store", &[("kind", kind), ("text", "a")]);
    assert_eq!(calls("small"), Calls { ok: 1, ..Calls::default() });
    assert_eq!(calls("very_large"), Calls { ok: 2, ..Calls::default() });
}

#[test]
fn expressions_see_the_arguments_before_the_body_has_moved_them() {
    struct Job {
        names: Vec<String>,
    }

    impl Job {
        #[instrument_red(labels(first = self.names[0], many = self.names.len() > 1, suffix = suffix.as_deref().unwrap_or("none")))]
        fn run(mut self, suffix: Option<String>) -> Vec<String> {
            self.names.extend(suffix);
            self.names
        }
    }

    let job = Job { names: vec!["a".to_owned(), "b".to_owned()] };
    assert_eq!(job.run(Some("c".to_owned())), ["a", "b", "c"]);
    let labels = [("first", "a"), ("many", "true"), ("suffix", "c")];
    assert_eq!(calls(module_path!(), "run", &labels), Calls { ok: 1, ..Calls::default() });
}

#[test]
fn keywords_closures_and_turbofishes_are_taken_as_they_are() {
    #[expect(clippy::redundant_closure_call, reason = "the commas are what is tested")]
    #[instrument_red(labels(
        type = std::any::type_name::<T>(),
        r#ref = (|a: u8, b: u8| a < b)(1, 2),
        size = match size_of::<T>() { 1 => "one", _ => "more" },
    ))]
    fn make<T: Default>() -> T {
        T::default()
    }

    let _ = (make::<u8>(), make::<u64>(), make::<u64>());
    let calls = |ty, size| calls(module_path!(), "make", &[("type", ty), ("ref", "true"), ("size", size)]);
    assert_eq!(calls("u8", "one"), Calls { ok: 1, ..Calls::default() });
    assert_eq!(calls("u64", "more"), Calls { ok: 2, ..Calls::default() });
}

#[test]
fn an_absent_value_is_left_out() {
    #[instrument_red(labels(tenant = tenant))]
    fn serve(tenant: Option<&str>) {
        let _ = tenant;
    }

    serve(None);
    assert_eq!(calls(module_path!(), "serve", &[]), Calls { ok: 1, ..Calls::default() });
}

#[test]
fn an_async_function_has_them_from_its_first_poll() {
    #[instrument_red(labels(id = id))]
    async fn fetch(id: &u32) -> Result<(), ()> {
        yield_once().await;
        if *id == 2 { Err(()) } else { Ok(()) }
    }

    let _ = (block_on(fetch(&1)), block_on(fetch(&2)));
    assert_eq!(calls(module_path!(), "fetch", &[("id", "1")]), Calls { ok: 1, ..Calls::default() });
    assert_eq!(calls(module_path!(), "fetch", &[("id", "2")]), Calls { error: 1, ..Calls::default() });
}
