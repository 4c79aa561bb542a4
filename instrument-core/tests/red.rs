//! Spans: each outcome once, and in flight back to zero.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use instrument_core::{Buckets, Red, Registry, Snapshot};

fn count(snapshot: &Snapshot, outcome: &str) -> Option<u64> {
    Some(snapshot.histogram("job_duration_seconds", &[("outcome", outcome)])?.count())
}

#[test]
fn ok_and_error_exist_from_the_start() {
    let registry = Registry::new();
    let _red = Red::register(&registry, "job").unwrap();
    let snapshot = registry.snapshot();
    assert_eq!((count(&snapshot, "ok"), count(&snapshot, "error")), (Some(0), Some(0)));
    assert_eq!((count(&snapshot, "cancelled"), count(&snapshot, "panic")), (None, None));
    assert_eq!(snapshot.up_down_counter("job_in_flight", &[]), Some(0));
}

#[test]
fn every_end_of_a_span_is_counted_once() {
    let registry = Registry::new();
    let red = Red::register(&registry, "job").unwrap();
    let in_flight = || registry.snapshot().up_down_counter("job_in_flight", &[]).unwrap();

    let span = red.start();
    assert_eq!(in_flight(), 1);
    span.ok();
    assert_eq!(in_flight(), 0);
    red.start().error();
    drop(red.start());
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let _span = red.start();
        panic!("in the span");
    }));
    assert!(panicked.is_err());
    let elsewhere = red.start();
    std::thread::spawn(move || elsewhere.ok()).join().unwrap();
    red.record(Duration::from_secs(3), true);

    let snapshot = registry.snapshot();
    assert_eq!(count(&snapshot, "ok"), Some(2));
    assert_eq!(count(&snapshot, "error"), Some(2));
    assert_eq!(count(&snapshot, "cancelled"), Some(1));
    assert_eq!(count(&snapshot, "panic"), Some(1));
    assert_eq!(in_flight(), 0);
    assert!(snapshot.histogram("job_duration_seconds", &[("outcome", "error")]).unwrap().sum() >= 3.0);
}

/// Where cells and buckets are found at once, and where they are not: the first time on a thread, beyond the last bound, in fine native buckets.
#[test]
fn every_kind_of_bucket_counts_spans_once() {
    let beyond_all = Buckets::explicit([1e-9]);
    let (coarse, fine) = (Buckets::native(3, 160), Buckets::native(8, 160));
    let kinds = [Buckets::function(), beyond_all, coarse, Buckets::function().and_native(3, 160), fine];
    for buckets in kinds {
        let registry = Registry::new();
        let red = Red::builder("job").buckets(buckets.clone()).register(&registry).unwrap();
        for _ in 0..50 {
            let span = red.start();
            std::thread::sleep(Duration::from_micros(10));
            span.ok();
            red.start().error();
        }
        let snapshot = registry.snapshot();
        assert_eq!((count(&snapshot, "ok"), count(&snapshot, "error")), (Some(50), Some(50)), "{buckets:?}");
        let slept = snapshot.histogram("job_duration_seconds", &[("outcome", "ok")]).unwrap().sum();
        // Fifty times ten microseconds at least, by a clock that may differ a little.
        assert!(slept > 490e-6, "{slept} s in {buckets:?}");
        assert_eq!(snapshot.up_down_counter("job_in_flight", &[]), Some(0), "{buckets:?}");
    }
}

#[test]
fn a_span_ends_on_a_thread_that_has_only_some_of_its_cells() {
    let registry = Registry::new();
    let red = Red::register(&registry, "job").unwrap();
    let span = red.start();
    let recorded = red.clone();
    std::thread::spawn(move || {
        recorded.record(Duration::from_millis(1), false); // has the durations, and nothing in flight
        span.ok();
    })
    .join()
    .unwrap();
    let snapshot = registry.snapshot();
    assert_eq!(count(&snapshot, "ok"), Some(2));
    assert_eq!(snapshot.up_down_counter("job_in_flight", &[]), Some(0));
}

#[test]
fn registering_twice_gives_the_same_series() {
    let registry = Registry::new();
    let red = Red::register(&registry, "job").unwrap();
    Red::register(&registry, "job").unwrap().start().ok();
    red.start().ok();
    assert_eq!(count(&registry.snapshot(), "ok"), Some(2));
    let other = Red::builder("job").buckets(Buckets::latency()).register(&registry);
    assert!(other.unwrap_err().to_string().contains("job_duration_seconds"));
}
