//! What can be registered, and what every refusal says.

use std::time::Duration;

use instrument_core::{Buckets, Counter, Error, Labels, Registry};

/// A label set as the derive makes it, without the derive.
macro_rules! label_set {
    ($name:ident { $($field:ident),+ }) => {
        struct $name<'a> { $($field: &'a str),+ }
        impl Labels for $name<'_> {
            const CARDINALITY: Option<usize> = None;
            fn names() -> Vec<&'static str> { vec![$(stringify!($field)),+] }
            fn visit(&self, visitor: &mut impl instrument_core::LabelVisitor) { $(visitor.value(self.$field);)+ }
            fn index(&self) -> usize { 0 }
            fn texts_at(_: usize) -> Vec<std::borrow::Cow<'static, str>> { Vec::new() }
        }
    };
}

label_set!(Route { method, route });
label_set!(Swapped { route, method });
label_set!(Reserved { le });

#[test]
fn the_same_name_and_shape_is_the_same_metric() {
    let registry = Registry::new();
    let first = registry.counter("sent", "Bytes sent.").unit("bytes").register().unwrap();
    for name in ["sent", "sent_bytes", "sent_bytes_total", "sent_total"] {
        registry.counter(name, "").unit("bytes").register().unwrap().inc();
    }
    assert_eq!(first.get(), 4);
    let family = registry.counter("hits", "").labels::<Route>().register().unwrap();
    let again = registry.counter("hits", "").labels::<Route>().register().unwrap();
    family.with(&Route { method: "GET", route: "/" }).inc();
    assert_eq!(again.with(&Route { method: "GET", route: "/" }).get(), 1);
}

#[test]
fn a_conflict_names_both_shapes() {
    let registry = Registry::new();
    registry.counter("hits", "").labels::<Route>().register().unwrap();
    let error = registry.counter("hits", "").labels::<Swapped>().register().unwrap_err();
    assert_eq!(
        error.to_string(),
        "metric `hits` is registered already as a counter with the labels {method, route} and cannot be \
         a counter with the labels {route, method} too: give both the same, or one of them another name"
    );

    registry.histogram::<Duration>("took", "").buckets(Buckets::explicit([0.1, 1.0])).register().unwrap();
    let error = registry
        .histogram::<f64>("took_seconds", "")
        .buckets(Buckets::explicit([0.1]))
        .register()
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "metric `took_seconds` is registered already as a histogram of `Duration` without labels and the bounds [0.1, 1.0] \
         and cannot be a histogram of `f64` without labels and the bounds [0.1] too: give both the same, or one of them another name"
    );
    let other_bounds = registry.histogram::<Duration>("took", "").buckets(Buckets::latency()).register();
    assert!(matches!(other_bounds, Err(Error::Conflict { .. })));
    // Who asks for no bounds in particular gets the metric as it is.
    assert!(registry.histogram::<Duration>("took", "").register().is_ok());
}

#[test]
fn names_that_would_meet_in_the_exposition_are_refused() {
    let registry = Registry::new();
    registry.histogram::<u64>("size", "").register().unwrap();
    for taken in ["size_count", "size_sum", "size_bucket", "size"] {
        let error = registry.gauge(taken, "").register().unwrap_err();
        assert!(error.to_string().contains("`size`"), "{error}");
    }
    registry.gauge("late_total", "").register().unwrap();
    let error = registry.counter("late", "").register().unwrap_err();
    assert_eq!(
        error,
        Error::Collision { name: "late".into(), sample: "late_total".into(), existing: "late_total".into() }
    );
    // What was refused has left nothing behind.
    assert!(registry.gauge("late", "").register().is_ok());
}

#[test]
fn every_refusal_names_the_metric_the_rule_and_the_way_out() {
    let registry = Registry::builder().prefix("app").constant_label("method", "x").build().unwrap();
    let refusals = [
        (registry.counter("", "").register().unwrap_err(), "metric name `app_`: it is empty"),
        (registry.counter("a-b", "").register().unwrap_err(), "metric name `app_a-b`: only ASCII letters"),
        (
            registry.gauge("a", "").unit("per second").register().unwrap_err(),
            "unit `per second` of metric `app_a`",
        ),
        (
            registry.counter("a", "").labels::<Reserved>().register().unwrap_err(),
            "label `le` of metric `app_a`: `le` is reserved",
        ),
        (
            registry.counter("a", "").labels::<Route>().register().unwrap_err(),
            "label `method` of metric `app_a`: the registry has",
        ),
        (
            registry.histogram::<f64>("a", "").buckets(Buckets::explicit([2.0, 1.0])).register().unwrap_err(),
            "buckets of metric `app_a`: the bound 1.0 follows 2.0",
        ),
        (
            registry.histogram::<u64>("a", "").buckets(Buckets::explicit([-1.0])).register().unwrap_err(),
            "buckets of metric `app_a`: the bound -1.0 is below 0",
        ),
        (
            registry.histogram::<Duration>("a", "").unit("milliseconds").register().unwrap_err(),
            "unit `milliseconds` of metric `app_a_milliseconds`: durations are shown in seconds",
        ),
    ];
    for (error, start) in refusals {
        let message = error.to_string();
        assert!(message.starts_with(start), "{message}");
        assert!(message.contains(": "), "{message}");
    }
    assert!(registry.snapshot().families().is_empty());
    assert!(Registry::builder().prefix("a b").build().is_err());
    assert!(Registry::builder().constant_label("__x", "").build().is_err());
}

#[test]
fn prefix_and_constant_labels_are_on_every_series() {
    let registry = Registry::builder().prefix("app").constant_label("zone", "a").build().unwrap();
    let hits = registry.counter("hits", "").labels::<Route>().register().unwrap();
    hits.with(&Route { method: "GET", route: "" }).inc();
    let snapshot = registry.snapshot();
    for name in ["hits", "app_hits", "app_hits_total"] {
        assert_eq!(snapshot.counter(name, &[("method", "GET"), ("zone", "a")]), Some(1), "{name}");
    }
    // Labels in any order; an empty one is as good as none.
    assert_eq!(snapshot.counter("hits", &[("zone", "a"), ("route", ""), ("method", "GET")]), Some(1));
    assert_eq!(snapshot.counter("hits", &[("method", "GET")]), None);
}

#[test]
fn the_global_registry_is_one() {
    Registry::global().counter("seen", "").register().unwrap().inc();
    let seen: Counter = Registry::global().clone().counter("seen", "").register().unwrap();
    assert_eq!(seen.get(), 1);
}

#[test]
fn a_look_up_prefers_what_is_exposed_to_what_was_given() {
    let registry = Registry::builder().prefix("app").build().unwrap();
    registry.gauge("x", "").register().unwrap().set(1.0);
    registry.gauge("app_x", "").register().unwrap().set(2.0);
    registry.counter("job", "").register().unwrap().inc();
    registry.histogram::<Duration>("job", "").register().unwrap().observe(Duration::ZERO);
    registry.counter("sent_bytes_total", "").unit("bytes").register().unwrap().inc();
    let snapshot = registry.snapshot();
    assert_eq!(snapshot.gauge("app_x", &[]), Some(1.0));
    assert_eq!(snapshot.gauge("app_app_x", &[]), Some(2.0));
    assert_eq!(snapshot.counter("job", &[]), Some(1));
    assert_eq!(snapshot.histogram("job", &[]).unwrap().count(), 1);
    for name in ["sent", "sent_bytes", "sent_total", "app_sent_bytes_total"] {
        assert_eq!(snapshot.counter(name, &[]), Some(1), "{name}");
    }
}

#[test]
fn bounds_of_whole_numbers_are_taken_to_the_letter() {
    let registry = Registry::new();
    let sizes = registry.histogram::<u64>("size", "").buckets(Buckets::explicit([4.0_f64.next_down(), 5.5]));
    let sizes = sizes.register().unwrap();
    sizes.observe(4);
    sizes.observe(6);
    assert_eq!(registry.snapshot().histogram("size", &[]).unwrap().counts(), [0, 1, 1]);
}
