//! Numbers that functions compute when they are read.

use std::panic::panic_any;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use instrument_core::{Error, MetricKind, Registry, Value};

#[test]
fn a_function_is_asked_anew_at_each_read() {
    let registry = Registry::builder().prefix("app").constant_label("region", "eu").build().unwrap();
    let asked = Arc::new(AtomicU64::new(0));
    let ask = Arc::clone(&asked);
    registry.counter_fn("asked", "", move || ask.fetch_add(1, Ordering::Relaxed) + 1).register().unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 0);
    for read in 1..=3 {
        assert_eq!(registry.snapshot().counter("app_asked_total", &[("region", "eu")]), Some(read));
    }
}

#[test]
fn functions_share_a_name_by_their_labels() {
    let registry = Registry::new();
    for (shard, size) in [("a", 1.0), ("b", 2.0)] {
        registry.gauge_fn("size", "", move || size).unit("bytes").label("shard", shard).register().unwrap();
    }
    let snapshot = registry.snapshot();
    assert_eq!(snapshot.gauge("size_bytes", &[("shard", "a")]), Some(1.0));
    assert_eq!(snapshot.gauge("size_bytes", &[("shard", "b")]), Some(2.0));

    let error =
        registry.gauge_fn("size", "", || 3.0).unit("bytes").label("shard", "a").register().unwrap_err();
    assert_eq!(
        error.to_string(),
        "a function computes metric `size_bytes{shard=\"a\"}` already: unregister that one, or give one of them another label"
    );
}

#[test]
fn a_function_and_a_metric_cannot_have_one_name() {
    let registry = Registry::new();
    registry.gauge("load", "").register().unwrap();
    let error = registry.gauge_fn("load", "", || 1.0).register().unwrap_err();
    assert_eq!(
        error.to_string(),
        "metric `load` is registered already as a gauge without labels and cannot be a gauge computed when read without labels too: \
         give both the same, or one of them another name"
    );
    registry.counter_fn("hits", "", || 1).register().unwrap();
    assert!(matches!(registry.counter("hits", "").register(), Err(Error::Conflict { .. })));
    assert!(matches!(registry.gauge_fn("hits", "", || 1.0).register(), Err(Error::Conflict { .. })));
    assert!(matches!(
        registry.counter_fn("hits", "", || 1).label("a", "b").register(),
        Err(Error::Conflict { .. })
    ));
    assert!(matches!(registry.gauge("hits_total", "").register(), Err(Error::Collision { .. })));
    assert!(matches!(
        registry.gauge_fn("x", "", || 1.0).label("le", "1").register(),
        Err(Error::InvalidLabel { .. })
    ));
}

#[test]
fn the_name_is_free_once_the_last_function_is_unregistered() {
    let registry = Registry::new();
    let kept = Arc::new(());
    let registered: Vec<_> = ["a", "b"]
        .map(|shard| {
            let kept = Arc::clone(&kept);
            let size = move || Arc::strong_count(&kept) as f64;
            registry.gauge_fn("size", "", size).label("shard", shard).register().unwrap()
        })
        .into();
    assert_eq!(registry.snapshot().gauge("size", &[("shard", "a")]), Some(3.0));
    for registered in registered {
        assert!(matches!(registry.gauge("size", "").register(), Err(Error::Conflict { .. })));
        registered.unregister();
    }
    assert_eq!(Arc::strong_count(&kept), 1, "what the functions held is dropped");
    assert!(registry.snapshot().families().is_empty());
    registry.counter("size", "").register().unwrap();
}

#[test]
fn a_handle_that_outlives_the_registry_does_nothing() {
    let registry = Registry::new();
    let registered = registry.gauge_fn("x", "", || 1.0).register().unwrap();
    drop(registry);
    registered.unregister();
}

/// Something that panics when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("dropped");
    }
}

#[test]
fn a_panic_costs_its_own_number_alone_and_is_counted() {
    let registry = Registry::new();
    let broken = Arc::new(AtomicBool::new(true));
    let is_broken = Arc::clone(&broken);
    let flaky = move || if is_broken.load(Ordering::Relaxed) { panic!("on purpose") } else { 7.0 };
    registry.gauge_fn("flaky", "", flaky).register().unwrap();
    registry.gauge_fn("worse", "", || panic_any(Bomb)).register().unwrap();
    registry.gauge_fn("zero", "", || 0.0).register().unwrap();
    for _ in 0..2 {
        let snapshot = registry.snapshot();
        assert_eq!(snapshot.gauge("flaky", &[]), None);
        assert_eq!(snapshot.gauge("zero", &[]), Some(0.0));
    }
    broken.store(false, Ordering::Relaxed);
    let snapshot = registry.snapshot();
    assert_eq!(snapshot.gauge("flaky", &[]), Some(7.0));
    let panics = |name| snapshot.counter("instrument_collector_panics_total", &[("collector", name)]);
    assert_eq!((panics("flaky"), panics("worse")), (Some(2), Some(2)));
}

#[test]
fn a_function_may_read_its_registry_and_sees_what_is_not_computed() {
    let registry = Registry::new();
    let hits = registry.counter("hits", "").register().unwrap();
    hits.inc_by(6);
    let seen = Arc::new(Mutex::new(Vec::new()));
    for name in ["double", "triple"] {
        let (registry_too, seen) = (registry.clone(), Arc::clone(&seen));
        let compute = move || {
            let snapshot = registry_too.snapshot();
            seen.lock().unwrap().push(snapshot.gauge("triple", &[]));
            snapshot.counter("hits", &[]).unwrap() as f64
        };
        registry.gauge_fn(name, "", compute).register().unwrap();
    }
    let snapshot = registry.snapshot();
    assert_eq!((snapshot.gauge("double", &[]), snapshot.gauge("triple", &[])), (Some(6.0), Some(6.0)));
    assert_eq!(*seen.lock().unwrap(), [None, None]);
}

#[test]
fn a_number_that_steps_back_is_shown_and_taken_for_started_anew() {
    let registry = Registry::new();
    let count = Arc::new(AtomicU64::new(100));
    let read = Arc::clone(&count);
    registry.counter_fn("restarts", "", move || read.load(Ordering::Relaxed)).register().unwrap();
    let before = registry.snapshot();
    count.store(30, Ordering::Relaxed);
    let after = registry.snapshot();
    assert_eq!(after.counter("restarts", &[]), Some(30));
    assert_eq!(after.delta(&before).value("restarts", &[]), Some(&Value::Counter(30)));
    assert_eq!(after.families()[0].description().kind, MetricKind::Counter);
}

#[test]
fn a_function_may_register_metrics() {
    let registry = Registry::new();
    let weak = registry.clone();
    let compute = move || {
        weak.counter("z", "").register().unwrap().inc();
        weak.gauge_fn("x", "", || 1.0).label("n", "2").register().is_ok().into()
    };
    registry.gauge_fn("x", "", compute).label("n", "1").register().unwrap();
    assert_eq!(registry.snapshot().gauge("x", &[("n", "1")]), Some(1.0));
    assert_eq!(registry.snapshot().counter("z", &[]), Some(2));
}
