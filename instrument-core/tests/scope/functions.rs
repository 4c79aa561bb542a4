use std::sync::LazyLock;

use instrument_core::{Registry, instrument_red};

use super::{calls, count_a_job};

fn calls_of(registry: &Registry, function: &str) -> Option<u64> {
    calls(&registry.snapshot(), module_path!(), function)
}

#[test]
fn a_function_called_outside_first_records_into_the_scope_and_back() {
    #[instrument_red]
    fn outside_first() {}

    outside_first();
    let registry = Registry::new();
    registry.scope(|| {
        outside_first();
        outside_first();
    });
    outside_first();
    outside_first();
    assert_eq!(calls_of(&registry, "outside_first"), Some(2));
    assert_eq!(calls_of(Registry::global(), "outside_first"), Some(3));
}

#[test]
fn a_function_called_in_a_scope_first_records_outside_later() {
    #[instrument_red]
    fn scope_first() {}

    let (first, second) = (Registry::new(), Registry::new());
    first.scope(scope_first);
    assert_eq!(calls_of(Registry::global(), "scope_first"), None);
    scope_first();
    second.scope(|| (0..3).for_each(|_| scope_first()));
    assert_eq!(calls_of(&first, "scope_first"), Some(1));
    assert_eq!(calls_of(&second, "scope_first"), Some(3));
    assert_eq!(calls_of(Registry::global(), "scope_first"), Some(1));
}

#[test]
fn two_scopes_of_a_registry_share_the_series_of_a_function() {
    #[instrument_red]
    fn twice() {}

    let registry = Registry::new();
    registry.scope(twice);
    registry.scope(twice);
    assert_eq!(calls_of(&registry, "twice"), Some(2));
}

#[test]
fn a_function_with_labels_records_into_the_scope() {
    #[instrument_red(labels(lang = lang))]
    fn greet(lang: &str) -> usize {
        lang.len()
    }

    let registry = Registry::new();
    registry.scope(|| greet("fr"));
    greet("la");
    let labels = [("function", "greet"), ("module", module_path!()), ("lang", "fr"), ("outcome", "ok")];
    assert_eq!(registry.snapshot().histogram("function_duration_seconds", &labels).unwrap().count(), 1);
    assert!(Registry::global().snapshot().value("function_duration_seconds", &labels).is_none());
}

#[test]
fn calls_within_calls_record_into_the_scope() {
    #[instrument_red]
    fn inner() {}

    #[instrument_red]
    fn outer() {
        inner();
        Registry::new().scope(inner);
        inner();
    }

    let registry = Registry::new();
    registry.scope(outer);
    assert_eq!(calls_of(&registry, "outer"), Some(1));
    assert_eq!(calls_of(&registry, "inner"), Some(2));
}

#[test]
fn a_call_that_goes_on_when_the_scope_has_ended_stays_with_it() {
    #[instrument_red]
    async fn slow() {
        tokio::task::yield_now().await;
    }

    let registry = Registry::new();
    let mut call = Box::pin(slow());
    let mut poll = || {
        let waker = std::task::Waker::noop();
        call.as_mut().poll(&mut std::task::Context::from_waker(waker))
    };
    assert!(registry.scope(&mut poll).is_pending());
    assert!(poll().is_ready());
    assert_eq!(calls_of(&registry, "slow"), Some(1));
    assert_eq!(calls_of(Registry::global(), "slow"), None);
}

#[test]
fn a_function_with_a_registry_of_its_own_is_not_redirected() {
    static OWN: LazyLock<Registry> = LazyLock::new(Registry::new);

    #[instrument_red(registry = OWN)]
    fn elsewhere() {}

    let registry = Registry::new();
    registry.scope(elsewhere);
    elsewhere();
    assert_eq!(calls_of(&OWN, "elsewhere"), Some(2));
    assert!(registry.snapshot().families().is_empty());

    OWN.scope(elsewhere);
    assert_eq!(calls_of(&OWN, "elsewhere"), Some(3));
}

#[test]
fn a_function_that_names_the_global_registry_is_redirected() {
    #[instrument_red(registry = Registry::global())]
    fn by_name() {}

    by_name();
    let registry = Registry::new();
    registry.scope(by_name);
    assert_eq!(calls_of(&registry, "by_name"), Some(1));
    assert_eq!(calls_of(Registry::global(), "by_name"), Some(1));
}

#[test]
fn a_name_taken_in_a_scope_is_not_taken_outside() {
    #[instrument_red(name = "taken_in_the_scope")]
    fn taken() {}

    let registry = Registry::new();
    registry.counter("taken_in_the_scope_duration_seconds", "").register().unwrap();
    registry.scope(|| {
        count_a_job();
        taken();
    });
    taken();
    let labels = [("function", "taken"), ("module", module_path!()), ("family", "taken_in_the_scope")];
    assert_eq!(registry.snapshot().counter("instrument_registration_errors_total", &labels), Some(1));
    let labels = [("function", "taken"), ("module", module_path!()), ("outcome", "ok")];
    let outside = Registry::global().snapshot();
    assert_eq!(outside.histogram("taken_in_the_scope_duration_seconds", &labels).unwrap().count(), 1);
}
