//! `slo(..)`: a bound in the buckets, and the objective in a metric.

use instrument_core::{Buckets, HistogramSnapshot, Registry, Snapshot, instrument_red};

fn objective(snapshot: &Snapshot, function: &str, own: &[(&str, &str)]) -> Option<f64> {
    let labels = [&[("function", function), ("module", module_path!())], own].concat();
    snapshot.gauge("function_objective_ratio", &labels)
}

fn latency(snapshot: &Snapshot, function: &str, threshold: &str) -> Option<f64> {
    objective(snapshot, function, &[("objective", "latency"), ("threshold", threshold)])
}

fn success(snapshot: &Snapshot, function: &str) -> Option<f64> {
    objective(snapshot, function, &[("objective", "success")])
}

fn bounds<'s>(snapshot: &'s Snapshot, function: &str) -> Option<&'s [f64]> {
    let labels = [("function", function), ("module", module_path!()), ("outcome", "ok")];
    snapshot.histogram("function_duration_seconds", &labels).map(HistogramSnapshot::bounds)
}

#[test]
fn a_threshold_is_a_bound_and_a_target_a_gauge() {
    #[instrument_red(slo(latency = "70ms", target = 0.99), slo(success = 0.999))]
    fn both() {}

    #[instrument_red(slo(latency = "250ms", target = 0.9, success = 0.95), slo(latency = "2s", target = 0.5))]
    fn three() {}

    #[instrument_red]
    fn none() {}

    let registry = Registry::new();
    registry.scope(|| {
        both();
        three();
        none();
    });
    let snapshot = registry.snapshot();
    assert_eq!((latency(&snapshot, "both", "0.07"), success(&snapshot, "both")), (Some(0.99), Some(0.999)));
    assert_eq!((latency(&snapshot, "three", "0.25"), success(&snapshot, "three")), (Some(0.9), Some(0.95)));
    assert_eq!(latency(&snapshot, "three", "2"), Some(0.5));
    assert_eq!(success(&snapshot, "none"), None);

    let function = Buckets::function();
    assert_eq!(bounds(&snapshot, "none"), Some(function.bounds()));
    for (name, own) in [("both", 0.07), ("three", 2.0)] {
        let mut expected = function.bounds().to_vec();
        expected.push(own);
        expected.sort_by(f64::total_cmp);
        assert_eq!(bounds(&snapshot, name), Some(&expected[..]));
    }
}

#[test]
fn own_buckets_get_the_bound_as_well() {
    #[instrument_red(buckets = Buckets::explicit([1.0, 2.0]), slo(latency = "1.5s", target = 0.9))]
    fn explicit() {}

    #[instrument_red(buckets = Buckets::native(3, 160), slo(latency = "10us", target = 0.9))]
    fn native() {}

    let registry = Registry::new();
    registry.scope(|| {
        explicit();
        native();
    });
    let snapshot = registry.snapshot();
    assert_eq!(bounds(&snapshot, "explicit"), Some(&[1.0, 1.5, 2.0][..]));
    assert_eq!(bounds(&snapshot, "native"), Some(&[0.000_01][..]));
    assert_eq!(latency(&snapshot, "native", "1e-05"), Some(0.9));
}

#[test]
fn a_block_has_objectives_for_all_its_functions_but_those_that_have_their_own() {
    struct Quotes;

    #[instrument_red(slo(success = 0.9))]
    impl Quotes {
        fn of_the_block() {}

        #[instrument_red(slo(success = 0.5))]
        fn of_its_own() {}
    }

    let registry = Registry::new();
    registry.scope(|| {
        Quotes::of_the_block();
        Quotes::of_its_own();
    });
    let snapshot = registry.snapshot();
    assert_eq!(success(&snapshot, "of_the_block"), Some(0.9));
    assert_eq!(success(&snapshot, "of_its_own"), Some(0.5));
}

#[test]
fn the_family_gives_the_objective_its_name() {
    #[instrument_red(name = "quote", slo(success = 0.9))]
    fn quote() {}

    let registry = Registry::new();
    registry.scope(quote);
    let labels = [("function", "quote"), ("module", module_path!()), ("objective", "success")];
    assert_eq!(registry.snapshot().gauge("quote_objective_ratio", &labels), Some(0.9));
}

#[test]
fn a_name_that_is_taken_is_counted_and_the_call_goes_on() {
    #[instrument_red(slo(success = 0.9))]
    fn taken() -> u8 {
        1
    }

    let registry = Registry::new();
    let _other = registry.counter("function_objective_ratio", "Another.").register().unwrap();
    assert_eq!(registry.scope(taken), 1);
    assert!(bounds(&registry.snapshot(), "taken").is_some());
    let labels = [("family", "function"), ("function", "taken"), ("module", module_path!())];
    assert_eq!(registry.snapshot().counter("instrument_registration_errors_total", &labels), Some(1));
}
