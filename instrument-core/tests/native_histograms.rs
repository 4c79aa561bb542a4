//! Native histograms: what they hold after what was observed.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use instrument_core::{Buckets, Error, Histogram, HistogramSnapshot, HistogramValue, Registry};
use proptest::prelude::*;

/// A histogram, and what reads it.
struct Observed<V: HistogramValue> {
    registry: Registry,
    histogram: Histogram<V>,
}

impl<V: HistogramValue> Observed<V> {
    fn new(buckets: Buckets) -> Self {
        let registry = Registry::new();
        let histogram = registry.histogram::<V>("h", "").buckets(buckets).register().unwrap();
        Self { registry, histogram }
    }

    fn observe(&self, values: impl IntoIterator<Item = V>) -> HistogramSnapshot {
        values.into_iter().for_each(|value| self.histogram.observe(value));
        self.read()
    }

    fn read(&self) -> HistogramSnapshot {
        self.registry.snapshot().histogram("h", &[]).unwrap().clone()
    }
}

/// Schema, zero threshold, zero count, positive and negative buckets.
type Held = (i32, f64, u64, Vec<(i32, u64)>, Vec<(i32, u64)>);

fn held(histogram: &HistogramSnapshot) -> Held {
    let native = histogram.native().unwrap();
    assert_eq!(native.count(), histogram.count());
    assert_eq!(native.buckets().map(|(.., count)| count).sum::<u64>(), histogram.count());
    let (positive, negative) = (native.positive().to_vec(), native.negative().to_vec());
    (native.schema(), native.zero_threshold(), native.zero_count(), positive, negative)
}

const TINY: f64 = f64::from_bits((1023 - 128) << 52);

#[test]
fn durations_are_in_the_buckets_of_their_seconds() {
    let observed = Observed::<Duration>::new(Buckets::native(3, 160));
    let histogram = observed.observe([
        Duration::ZERO,
        Duration::from_millis(500),
        Duration::from_nanos(500_000_001),
        Duration::from_secs(1),
        Duration::from_nanos(1_000_000_001),
        Duration::from_secs(4),
        Duration::from_secs(4),
        Duration::MAX,
    ]);
    // The longest are counted as 2^64 - 1 ns, which is between 2^34.1 s and 2^34.125 s.
    let positive = vec![(-8, 1), (-7, 1), (0, 1), (1, 1), (16, 2), (273, 1)];
    assert_eq!(held(&histogram), (3, TINY, 1, positive, vec![]));
    assert_eq!((histogram.bounds(), histogram.counts()), (&[][..], &[8][..]));
    assert_eq!(histogram.buckets().collect::<Vec<_>>(), [(f64::INFINITY, 8)]);
}

#[test]
fn whole_numbers_are_in_the_buckets_of_their_size() {
    let observed = Observed::<u64>::new(Buckets::native(0, 160));
    let histogram = observed.observe([0, 1, 2, 3, 4, 5, 1 << 63, u64::MAX]);
    let positive = vec![(0, 1), (1, 1), (2, 2), (3, 1), (63, 1), (64, 1)];
    assert_eq!(held(&histogram), (0, TINY, 1, positive, vec![]));
    assert_eq!(histogram.sum(), u64::MAX as f64);
}

#[test]
fn floating_point_numbers_have_buckets_on_both_sides_of_zero() {
    let observed = Observed::<f64>::new(Buckets::native(1, 160));
    let values = [f64::NAN, -4.0, -1.5, -1.0, -1e-300, -0.0, 0.0, TINY, TINY.next_up(), 1.0, 1.1, 3.0];
    let histogram = observed.observe(values);
    let (positive, negative) = (vec![(-255, 1), (0, 1), (1, 1), (4, 1)], vec![(0, 1), (2, 1), (4, 1)]);
    assert_eq!(held(&histogram), (1, TINY, 4, positive, negative));
    assert_eq!((histogram.count(), histogram.not_numbers()), (11, 1));
    let sum: f64 = values.iter().filter(|value| !value.is_nan()).sum();
    assert!((histogram.sum() - sum).abs() < 1e-12);

    let infinite = observed.observe([f64::INFINITY, f64::NEG_INFINITY, f64::MAX]);
    let native = infinite.native().unwrap();
    assert_eq!(native.positive()[4..], [(2048, 1), (2049, 1)]);
    assert_eq!(native.negative()[3..], [(2049, 1)]);
    assert_eq!(native.bounds(2049), (f64::MAX, f64::INFINITY));
}

#[test]
fn the_zero_threshold_is_in_the_unit_of_the_exposition() {
    let observed = Observed::<Duration>::new(Buckets::native(3, 160).zero_threshold(0.001));
    let histogram = observed.observe([
        Duration::from_micros(1),
        Duration::from_millis(1),
        Duration::from_nanos(1_000_001),
    ]);
    assert_eq!(held(&histogram), (3, 0.001, 2, vec![(-79, 1)], vec![]));
}

#[test]
fn more_buckets_than_allowed_halve_the_resolution_and_lose_nothing() {
    let observed = Observed::<u64>::new(Buckets::native(2, 4));
    let before = observed.observe([1, 2, 4, 8, 8]);
    assert_eq!(held(&before), (2, TINY, 0, vec![(0, 1), (4, 1), (8, 1), (12, 2)], vec![]));
    // 16 is the fifth power of two. Four buckets do for them once a bucket spans two.
    let after = observed.observe([16, 8, 3]);
    assert_eq!(held(&after), (-1, TINY, 0, vec![(0, 1), (1, 3), (2, 4)], vec![]));
    assert_eq!((after.sum(), after.counts()), (50.0, &[8][..]));

    // A delta is at the lower resolution of the two.
    let (registry, earlier) = (&observed.registry, observed.registry.snapshot());
    observed.observe([3, 100]);
    let delta = registry.snapshot().delta(&earlier);
    let delta = delta.histogram("h", &[]).unwrap();
    assert_eq!(held(delta), (-1, TINY, 0, vec![(1, 1), (4, 1)], vec![]));
}

#[test]
fn at_the_lowest_resolution_the_zero_bucket_takes_in_the_next() {
    let observed = Observed::<f64>::new(Buckets::native(-3, 2));
    observed.observe([0.0, 1e-30, -1e-30, 1.0]);
    let histogram = observed.observe([1e-20, -1e-20, 1e30, -1e-20, 0.5]);
    // 2^-64 is the first bound of schema -4 above 1e-20, and 2^112 that above 1e30.
    assert_eq!(held(&histogram), (-4, 2_f64.powi(-64), 6, vec![(0, 2), (7, 1)], vec![]));
    let all_in_one = Observed::<f64>::new(Buckets::native(8, 1));
    let histogram = all_in_one.observe([f64::INFINITY, f64::NEG_INFINITY, 1.0, -1.0]);
    assert_eq!(held(&histogram), (-4, f64::INFINITY, 4, vec![], vec![]));
}

#[test]
fn explicit_and_native_buckets_have_counted_the_same() {
    let bounds = [0.001, 0.5, 1.0, 1.01, 1.02, 7.0];
    let observed = Observed::<Duration>::new(Buckets::explicit(bounds).and_native(3, 160));
    let histogram =
        observed.observe([0, 1, 500, 501, 1000, 1010, 1011, 1020, 9000].map(Duration::from_millis));
    assert_eq!(histogram.bounds(), bounds);
    assert_eq!(histogram.counts(), [2, 1, 2, 1, 2, 0, 1]);
    let positive = vec![(-79, 1), (-8, 1), (-7, 1), (0, 1), (1, 3), (26, 1)];
    assert_eq!(held(&histogram), (3, TINY, 1, positive, vec![]));
}

#[test]
fn native_buckets_that_break_a_rule_are_refused_with_the_rule() {
    let registry = Registry::new();
    let rule = |buckets| match registry.histogram::<f64>("h", "").buckets(buckets).register() {
        Err(Error::InvalidBuckets { metric, rule }) if metric == "h" => rule,
        other => panic!("{other:?}"),
    };
    assert!(rule(Buckets::native(9, 160)).contains("no schema 9: take one of -4 to 8"));
    assert!(rule(Buckets::native(-5, 160)).contains("no schema -5"));
    assert!(rule(Buckets::native(3, 0)).contains("0 is no number of native buckets"));
    assert!(rule(Buckets::latency().and_native(3, 10_001)).contains("1 to 10000"));
    for threshold in [-1.0, f64::NAN, f64::INFINITY] {
        assert!(rule(Buckets::native(3, 160).zero_threshold(threshold)).contains("zero threshold"));
    }
    assert!(rule(Buckets::latency().zero_threshold(0.0)).contains("`and_native`"));
}

#[test]
fn registrations_agree_on_the_native_buckets_too() {
    let registry = Registry::new();
    let register = |buckets| registry.histogram::<u64>("h", "").buckets(buckets).register();
    register(Buckets::native(3, 160)).unwrap().observe(1);
    register(Buckets::native(3, 160)).unwrap().observe(1);
    assert_eq!(registry.snapshot().histogram("h", &[]).unwrap().count(), 2);
    for other in [
        Buckets::native(4, 160),
        Buckets::native(3, 161),
        Buckets::native(3, 160).zero_threshold(0.5),
        Buckets::explicit([1.0]).and_native(3, 160),
        Buckets::explicit([]),
    ] {
        let error = register(other).unwrap_err();
        assert!(matches!(error, Error::Conflict { .. }), "{error}");
        assert!(error.to_string().contains("at most 160 native buckets of schema 3"), "{error}");
    }
}

#[test]
fn histograms_that_come_and_go_start_empty() {
    for round in 0..300 {
        let observed = Observed::<f64>::new(Buckets::native(8, 160));
        assert_eq!(observed.read().count(), 0, "round {round}");
        let histogram = observed.observe((1..100).map(f64::from));
        assert_eq!(histogram.count(), 99, "round {round}");
    }
}

#[test]
fn counts_are_exact_and_never_step_back_while_resolutions_are_halved() {
    const THREADS: u64 = 4;
    const PER_THREAD: u64 = 60_000;
    let buckets = [Buckets::native(8, 20), Buckets::explicit([10.0, 1e3, 1e6]).and_native(8, 20)];
    for buckets in buckets {
        let observed = Observed::<u64>::new(buckets);
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            let reader = scope.spawn(|| {
                let mut last = observed.read();
                while !done.load(Ordering::Acquire) {
                    let now = observed.read();
                    assert!(now.count() >= last.count());
                    assert!(now.counts().iter().zip(last.counts()).all(|(now, last)| now >= last));
                    let (now_held, last_held) = (held(&now), held(&last));
                    assert!(now_held.0 <= last_held.0);
                    assert!(now_held.3.len() <= 20);
                    last = now;
                }
            });
            let writers: Vec<_> = (0..THREADS)
                .map(|thread| {
                    let observed = &observed;
                    scope.spawn(move || {
                        for step in 0..PER_THREAD {
                            // From small to great, so that there are new buckets all the time.
                            let power = step * 40 / PER_THREAD;
                            observed.histogram.observe((1 << power) + step % (1 << power) + thread);
                        }
                    })
                })
                .collect();
            for writer in writers {
                writer.join().unwrap();
            }
            done.store(true, Ordering::Release);
            reader.join().unwrap();
        });
        // 41 powers of two are too many for a bucket to each two, and few enough for one to each four.
        assert_eq!(held(&observed.read()).0, -2);
        assert_eq!(observed.read().count(), THREADS * PER_THREAD);
    }
}

/// Values as they come, and some that nobody expects.
fn values() -> impl Strategy<Value = Vec<f64>> {
    let value = prop_oneof![
        8 => (-12.0..12.0_f64).prop_map(f64::exp),
        4 => (-12.0..12.0_f64).prop_map(|power| -power.exp()),
        1 => any::<f64>().prop_filter("numbers", |value| !value.is_nan()),
        1 => prop_oneof![Just(0.0), Just(1.0), Just(-1024.0), Just(f64::INFINITY)],
    ];
    prop::collection::vec(value, 1..200)
}

proptest! {
    #[test]
    fn what_was_halved_is_what_a_lower_schema_would_have_counted(
        values in values(),
        schema in -4..=8,
        max_buckets in 3..100_usize,
    ) {
        let halved = held(&Observed::new(Buckets::native(schema, max_buckets)).observe(values.clone()));
        prop_assert!(halved.3.len() + halved.4.len() <= max_buckets);
        if halved.1 == TINY {
            let direct = held(&Observed::new(Buckets::native(halved.0, 10_000)).observe(values));
            prop_assert_eq!(halved, direct);
        } else {
            // The zero bucket was widened.
            prop_assert_eq!(halved.0, -4);
            let in_zero = values.iter().filter(|value| value.abs() <= halved.1).count();
            prop_assert_eq!(halved.2, in_zero as u64);
        }
    }

    #[test]
    fn both_kinds_of_buckets_hold_what_fell_between_their_bounds(
        values in values(),
        mut bounds in prop::collection::vec(-100.0..100.0_f64, 0..20),
        max_buckets in 3..200_usize,
    ) {
        bounds.sort_by(f64::total_cmp);
        bounds.dedup();
        let buckets = Buckets::explicit(bounds.iter().copied()).and_native(5, max_buckets);
        let histogram = Observed::new(buckets).observe(values.clone());
        let mut counts = vec![0; bounds.len() + 1];
        for value in &values {
            counts[bounds.partition_point(|bound| bound < value)] += 1;
        }
        prop_assert_eq!(histogram.counts(), counts);
        let native = held(&Observed::new(Buckets::native(5, max_buckets)).observe(values));
        prop_assert_eq!(held(&histogram), native);
    }

    #[test]
    fn a_delta_is_what_was_observed_in_between_whatever_the_resolutions(
        first in values(),
        second in values(),
        max_buckets in 3..200_usize,
    ) {
        let observed = Observed::new(Buckets::native(6, max_buckets));
        observed.observe(first);
        let earlier = observed.registry.snapshot();
        observed.observe(second.iter().copied());
        let delta = observed.registry.snapshot().delta(&earlier);
        let delta = delta.histogram("h", &[]).unwrap();
        let (schema, zero_threshold, zero_count, positive, negative) = held(delta);
        let in_zero = |value: &&f64| value.abs() <= zero_threshold;
        prop_assert_eq!(zero_count, second.iter().filter(in_zero).count() as u64);
        // Each of the others is in the bucket that it has alone at that schema.
        let mut expected = [BTreeMap::new(), BTreeMap::new()];
        for value in second.iter().filter(|value| !in_zero(value)) {
            let alone = Buckets::native(schema, 1_000).zero_threshold(0.0);
            let alone = held(&Observed::new(alone).observe([value.abs()]));
            *expected[usize::from(*value < 0.0)].entry(alone.3[0].0).or_insert(0) += 1;
        }
        let [above, below] = expected.map(|side| side.into_iter().collect::<Vec<_>>());
        prop_assert_eq!(positive, above);
        prop_assert_eq!(negative, below);
    }
}
