use std::thread;
use std::time::Duration;

use instrument_core::{Buckets, Exemplar, HistogramSnapshot, RecordedExemplar, Registry};

/// Runs it on two threads, of which one is gone and one lives when the sums are read.
fn on_two_threads(record: impl Fn() + Sync) {
    thread::scope(|scope| scope.spawn(&record).join().unwrap());
    record();
}

fn histogram(registry: &Registry, name: &str) -> HistogramSnapshot {
    registry.snapshot().histogram(name, &[]).unwrap().clone()
}

#[test]
fn a_counter_stays_at_the_greatest_number() {
    let registry = Registry::new();
    let counter = registry.counter("events", "").register().unwrap();
    counter.inc_by(u64::MAX - 1);
    assert_eq!(counter.get(), u64::MAX - 1);
    counter.inc_by(0);
    counter.inc();
    assert_eq!(counter.get(), u64::MAX);
    on_two_threads(|| {
        counter.inc();
        counter.inc_by_with(u64::MAX, Exemplar::trace_id("greatest"));
    });
    let snapshot = registry.snapshot();
    assert_eq!((counter.get(), snapshot.counter("events", &[])), (u64::MAX, Some(u64::MAX)));
    assert_eq!(snapshot.exemplars("events", &[])[0].value(), u64::MAX as f64);
    assert_eq!(snapshot.delta(&snapshot).counter("events", &[]), Some(0));
}

#[test]
fn an_up_down_counter_goes_to_both_ends_and_back() {
    let registry = Registry::new();
    let open = registry.up_down_counter("open", "").register().unwrap();
    for (add, sum) in [(i64::MAX, i64::MAX), (-i64::MAX, 0), (i64::MIN, i64::MIN), (i64::MAX, -1), (1, 0)] {
        open.add(add);
        assert_eq!(open.get(), sum, "after {add}");
    }
    on_two_threads(|| open.add(i64::MIN));
    assert_eq!(registry.snapshot().up_down_counter("open", &[]), Some(0), "it wraps");
}

#[test]
fn a_gauge_takes_every_number() {
    let registry = Registry::new();
    let level = registry.gauge("level", "").register().unwrap();
    for number in [f64::MAX, f64::MIN, f64::INFINITY, f64::NEG_INFINITY, f64::MIN_POSITIVE, -0.0, 5e-324] {
        level.set(number);
        assert_eq!(level.get().to_bits(), number.to_bits(), "{number}");
    }
    level.set(f64::MAX);
    level.add(f64::MAX);
    assert_eq!(registry.snapshot().gauge("level", &[]), Some(f64::INFINITY));
    level.sub(f64::INFINITY);
    assert!(level.get().is_nan());
}

#[test]
fn a_histogram_of_whole_numbers_counts_the_greatest_and_keeps_its_sum_there() {
    let registry = Registry::new();
    // 2^64, which no value is beyond.
    let bounds = Buckets::explicit([0.0, 1.0, 18_446_744_073_709_551_616.0]);
    let size = registry.histogram::<u64>("size", "").buckets(bounds).register().unwrap();
    let latency = registry.histogram::<u64>("latency", "").buckets(Buckets::latency()).register().unwrap();
    on_two_threads(|| {
        for value in [0, 1, u64::MAX, u64::MAX - 1, 1 << 63] {
            size.observe(value);
            latency.observe(value);
        }
    });
    let sizes = histogram(&registry, "size");
    assert_eq!(sizes.counts(), [2, 2, 6, 0]);
    assert_eq!((sizes.count(), sizes.sum()), (10, u64::MAX as f64));
    assert!(sizes.quantile(1.0).is_some_and(f64::is_finite));
    let latencies = histogram(&registry, "latency");
    assert_eq!((latencies.counts()[0], latencies.counts()[9], latencies.counts()[14]), (2, 2, 6));
}

#[test]
fn durations_beyond_what_can_be_counted_count_as_the_longest() {
    let registry = Registry::new();
    let took = registry.histogram::<Duration>("took", "").register().unwrap();
    took.observe(Duration::ZERO);
    took.observe(Duration::from_nanos(1));
    assert_eq!(histogram(&registry, "took").sum(), 1e-9);
    on_two_threads(|| {
        took.observe(Duration::MAX);
        took.observe(Duration::from_nanos(u64::MAX));
    });
    let durations = histogram(&registry, "took");
    assert_eq!((durations.counts()[0], durations.counts()[14], durations.count()), (2, 4, 6));
    assert_eq!(durations.sum(), u64::MAX as f64 / 1e9);
    assert_eq!(durations.quantile(1.0), Some(10.0), "the greatest bound");
}

#[test]
fn a_histogram_of_floating_point_numbers_takes_every_number() {
    let registry = Registry::new();
    let bounds = Buckets::explicit([f64::MIN, -1.0, 0.0, f64::MIN_POSITIVE, 1.0, f64::MAX]);
    let ratio = registry.histogram::<f64>("ratio", "").buckets(bounds).register().unwrap();
    let finite = [f64::MIN, -5e-324, -0.0, 0.0, 5e-324, f64::MIN_POSITIVE, f64::EPSILON];
    on_two_threads(|| finite.into_iter().for_each(|value| ratio.observe(value)));
    assert_eq!(histogram(&registry, "ratio").counts(), [2, 0, 6, 4, 2, 0, 0]);
    assert_eq!(histogram(&registry, "ratio").sum(), f64::NEG_INFINITY);

    on_two_threads(|| {
        for value in [f64::MAX, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, -f64::NAN] {
            ratio.observe_with(value, Exemplar::trace_id("x"));
        }
    });
    let ratios = histogram(&registry, "ratio");
    assert_eq!(ratios.counts(), [4, 0, 6, 4, 2, 2, 2]);
    assert_eq!((ratios.count(), ratios.not_numbers()), (20, 4));
    assert!(ratios.sum().is_nan(), "the sum of both infinities");
    let snapshot = registry.snapshot();
    let values = snapshot.exemplars("ratio", &[]).iter().map(RecordedExemplar::value);
    assert!(values.eq([f64::NEG_INFINITY, f64::MAX, f64::INFINITY]));
}

#[test]
fn native_buckets_take_every_number() {
    let registry = Registry::new();
    let native = |schema| Buckets::native(schema, 1000);
    let size = registry.histogram::<u64>("size", "").buckets(native(8)).register().unwrap();
    let took = registry.histogram::<Duration>("took", "").buckets(native(0)).register().unwrap();
    let ratio = registry.histogram::<f64>("ratio", "").buckets(native(8)).register().unwrap();
    let wide = registry.histogram::<f64>("wide", "").buckets(native(-4)).register().unwrap();
    let crowded = registry.histogram::<f64>("crowded", "").buckets(Buckets::native(8, 1)).register().unwrap();
    let numbers = [f64::MAX, f64::INFINITY, f64::MIN_POSITIVE, 5e-324, 0.0];
    on_two_threads(|| {
        [0, 1, u64::MAX, 1 << 63].into_iter().for_each(|value| size.observe(value));
        for value in [Duration::ZERO, Duration::from_nanos(1), Duration::MAX] {
            took.observe(value);
        }
        for value in numbers.into_iter().flat_map(|number| [number, -number]).chain([f64::NAN]) {
            for histogram in [&ratio, &wide, &crowded] {
                histogram.observe_with(value, Exemplar::trace_id("x"));
            }
        }
    });
    for (name, zero, positive) in [("size", 2, &[2, 2, 2][..]), ("took", 2, &[2, 2])] {
        let histogram = histogram(&registry, name);
        let native = histogram.native().unwrap();
        let counts: Vec<u64> = native.positive().iter().map(|(_, count)| *count).collect();
        assert_eq!((native.zero_count(), &counts[..]), (zero, positive), "{name}");
        for (lower, upper, _) in native.buckets() {
            assert!(lower < upper, "{name}: {lower} to {upper}");
        }
    }
    for name in ["ratio", "wide", "crowded"] {
        let histogram = histogram(&registry, name);
        let native = histogram.native().unwrap();
        assert_eq!((native.count(), histogram.count(), histogram.not_numbers()), (20, 20, 2), "{name}");
        assert!(histogram.sum().is_nan(), "{name}: the sum of both infinities");
        assert!(histogram.quantile(0.5).is_some(), "{name}");
    }
    // Zero and what is within 2^-128 of it.
    assert_eq!(histogram(&registry, "ratio").native().unwrap().zero_count(), 12);
}
