//! What each kind of metric holds after what was recorded.

use std::time::Duration;

use instrument_core::{Buckets, Registry, Value};

#[test]
fn a_counter_stays_at_its_end() {
    let registry = Registry::new();
    let counter = registry.counter("c", "").register().unwrap();
    counter.inc_by(u64::MAX - 1);
    counter.inc();
    counter.inc();
    assert_eq!(counter.get(), u64::MAX);
    std::thread::scope(|scope| scope.spawn(|| counter.inc_by(10)).join().unwrap());
    assert_eq!(counter.get(), u64::MAX);
}

#[test]
fn a_gauge_is_what_was_set_last() {
    let registry = Registry::new();
    let gauge = registry.gauge("g", "").register().unwrap();
    gauge.set(2.5);
    gauge.inc();
    gauge.dec();
    gauge.sub(1.0);
    gauge.add(-0.5);
    assert_eq!(gauge.get(), 1.0);
    gauge.set(f64::NEG_INFINITY);
    assert_eq!(registry.snapshot().gauge("g", &[]), Some(f64::NEG_INFINITY));
}

#[test]
fn an_up_down_counter_goes_below_zero_and_back() {
    let registry = Registry::new();
    let open = registry.up_down_counter("open", "").register().unwrap();
    open.dec();
    open.add(-4);
    assert_eq!(registry.snapshot().up_down_counter("open", &[]), Some(-5));
    open.add(i64::MIN);
    open.add(i64::MIN);
    assert_eq!(open.get(), -5);
    let guard = open.track();
    std::thread::spawn(move || drop(guard)).join().unwrap();
    assert_eq!(open.get(), -5);
    // It is exposed as a gauge.
    assert_eq!(registry.snapshot().gauge("open", &[]), Some(-5.0));
}

#[test]
fn durations_are_kept_in_nanoseconds_and_shown_in_seconds() {
    let registry = Registry::new();
    let took =
        registry.histogram::<Duration>("took", "").buckets(Buckets::explicit([0.1, 1.0])).register().unwrap();
    for duration in [
        Duration::ZERO,
        Duration::from_millis(100),
        Duration::from_nanos(100_000_001),
        Duration::from_secs(2),
    ] {
        took.observe(duration);
    }
    let snapshot = registry.snapshot();
    let histogram = snapshot.histogram("took_seconds", &[]).unwrap();
    assert_eq!(histogram.counts(), [2, 1, 1]);
    assert_eq!(histogram.buckets().collect::<Vec<_>>(), [(0.1, 2), (1.0, 3), (f64::INFINITY, 4)]);
    assert_eq!(histogram.sum(), 2.200_000_001);
}

#[test]
fn values_at_the_end_of_their_range_are_counted() {
    let registry = Registry::new();
    let sizes = registry.histogram::<u64>("sizes", "").register().unwrap();
    let took = registry.histogram::<Duration>("took", "").register().unwrap();
    sizes.observe(u64::MAX);
    sizes.observe(u64::MAX);
    took.observe(Duration::MAX);
    took.observe(Duration::MAX);
    let snapshot = registry.snapshot();
    let sizes = snapshot.histogram("sizes", &[]).unwrap();
    assert_eq!((sizes.count(), sizes.sum()), (2, u64::MAX as f64));
    assert_eq!(snapshot.histogram("took", &[]).unwrap().count(), 2);
}

#[test]
fn what_is_not_a_number_is_counted_apart() {
    let registry = Registry::new();
    let ratio =
        registry.histogram::<f64>("ratio", "").buckets(Buckets::linear(-1.0, 1.0, 3)).register().unwrap();
    for value in [f64::NAN, -f64::NAN, -2.0, -1.0, -0.0, 0.5, 7.0, f64::INFINITY] {
        ratio.observe(value);
    }
    let snapshot = registry.snapshot();
    let histogram = snapshot.histogram("ratio", &[]).unwrap();
    assert_eq!(histogram.counts(), [2, 1, 1, 2]);
    assert_eq!((histogram.count(), histogram.not_numbers()), (6, 2));
    assert_eq!(histogram.sum(), f64::INFINITY);
}

#[test]
fn a_quantile_is_within_its_bucket() {
    let registry = Registry::new();
    let sizes =
        registry.histogram::<u64>("sizes", "").buckets(Buckets::linear(10.0, 10.0, 10)).register().unwrap();
    assert_eq!(registry.snapshot().histogram("sizes", &[]).unwrap().quantile(0.5), None);
    (1..=100).for_each(|size| sizes.observe(size));
    let snapshot = registry.snapshot();
    let histogram = snapshot.histogram("sizes", &[]).unwrap();
    assert_eq!(histogram.quantile(0.5), Some(50.0));
    assert_eq!(histogram.quantile(0.95), Some(95.0));
    assert_eq!((histogram.quantile(0.0), histogram.quantile(1.0)), (Some(0.0), Some(100.0)));
    assert_eq!((histogram.quantile(1.1), histogram.quantile(f64::NAN)), (None, None));
    sizes.observe(5000);
    assert_eq!(registry.snapshot().histogram("sizes", &[]).unwrap().quantile(1.0), Some(100.0));
}

#[test]
fn timers_observe_once() {
    let registry = Registry::new();
    let took = registry.histogram::<Duration>("took", "").register().unwrap();
    assert!(took.start().observe() < Duration::from_secs(60));
    drop(took.start());
    took.start().discard();
    let panicked =
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| took.time(|| panic!("in the timed part"))));
    assert!(panicked.is_err());
    assert_eq!(registry.snapshot().histogram("took", &[]).unwrap().count(), 3);
}

#[test]
fn a_delta_is_what_happened_in_between() {
    let registry = Registry::new();
    let counter = registry.counter("c", "").register().unwrap();
    let gauge = registry.gauge("g", "").register().unwrap();
    let sizes = registry.histogram::<u64>("sizes", "").register().unwrap();
    counter.inc_by(5);
    sizes.observe(3);
    let before = registry.snapshot();
    counter.inc_by(2);
    gauge.set(9.0);
    sizes.observe(4);
    let late = registry.counter("late", "").register().unwrap();
    late.inc();
    let delta = registry.snapshot().delta(&before);
    assert_eq!(delta.counter("c", &[]), Some(2));
    assert_eq!(delta.gauge("g", &[]), Some(9.0));
    assert_eq!(delta.counter("late", &[]), Some(1));
    let sizes = delta.histogram("sizes", &[]).unwrap();
    assert_eq!((sizes.count(), sizes.sum()), (1, 4.0));
    assert_eq!(before.delta(&before).value("c", &[]), Some(&Value::Counter(0)));
    assert_eq!(registry.snapshot(), registry.snapshot());
}
