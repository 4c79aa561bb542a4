//! Estimates from histograms against the values themselves.

use std::time::Duration;

use instrument_core::{Buckets, HistogramSnapshot, HistogramValue, Registry};
use proptest::prelude::*;

fn observe<V: HistogramValue>(buckets: Buckets, values: impl IntoIterator<Item = V>) -> HistogramSnapshot {
    let registry = Registry::new();
    let histogram = registry.histogram::<V>("h", "").buckets(buckets).register().unwrap();
    values.into_iter().for_each(|value| histogram.observe(value));
    registry.snapshot().histogram("h", &[]).unwrap().clone()
}

#[test]
fn a_histogram_without_values_has_neither_mean_nor_quantile() {
    for buckets in [Buckets::latency(), Buckets::native(3, 160), Buckets::latency().and_native(3, 160)] {
        let empty = observe::<Duration>(buckets, []);
        assert_eq!((empty.mean(), empty.quantile(0.5), empty.quantile_bounds(0.5)), (None, None, None));
    }
}

#[test]
fn a_share_that_is_none_has_no_quantile() {
    for buckets in [Buckets::latency(), Buckets::native(3, 160)] {
        let histogram = observe(buckets, [1.0]);
        for q in [-0.1, 1.1, f64::NAN] {
            assert_eq!((histogram.quantile(q), histogram.quantile_bounds(q)), (None, None));
        }
    }
}

#[test]
fn native_buckets_are_preferred_to_explicit_ones() {
    let histogram = observe(Buckets::explicit([1.0, 1000.0]).and_native(0, 160), 1..=100_u64);
    assert_eq!(histogram.quantile_bounds(0.5), Some((32.0, 64.0)));
    // 18 of the 32 values from 33 to 64, over the logarithms.
    assert!((histogram.quantile(0.5).unwrap() / (5.0 + 18.0 / 32.0_f64).exp2() - 1.0).abs() < 1e-12);
    assert_eq!(histogram.mean(), Some(50.5));
}

#[test]
fn the_ends_of_the_range_are_in_bounds() {
    let infinite = observe(Buckets::native(3, 160), [f64::NEG_INFINITY, 0.0, f64::INFINITY]);
    assert_eq!(infinite.quantile(0.0), Some(f64::NEG_INFINITY));
    assert_eq!(infinite.quantile(0.5), Some(0.0));
    assert_eq!(infinite.quantile(1.0), Some(f64::INFINITY));
    let least = observe(Buckets::native(-4, 160).zero_threshold(0.0), [5e-324]);
    assert!(least.quantile(0.5).unwrap() >= 0.0);
    let beyond = observe(Buckets::explicit([1.0, 2.0]), [5.0]);
    assert_eq!(beyond.quantile(0.5), Some(2.0));
    assert_eq!(beyond.quantile_bounds(0.5), Some((2.0, f64::INFINITY)));
    assert_eq!(observe(Buckets::explicit([]), [5.0]).quantile(0.5), None);
}

#[test]
fn zeros_are_on_the_side_of_the_other_values() {
    let threshold = |buckets: Buckets| buckets.zero_threshold(1.0);
    let above = observe(threshold(Buckets::native(3, 160)), [0.0, 0.0, 8.0]);
    assert!((0.0..=1.0).contains(&above.quantile(0.1).unwrap()));
    let below = observe(threshold(Buckets::native(3, 160)), [0.0, 0.0, -8.0]);
    assert!((-1.0..=0.0).contains(&below.quantile(0.9).unwrap()));
    let alone = observe(threshold(Buckets::native(3, 160)), [0.0, 0.0]);
    assert_eq!((alone.quantile(0.5), alone.quantile_bounds(0.5)), (Some(0.0), Some((-1.0, 1.0))));
}

proptest! {
    #[test]
    fn the_true_quantile_is_within_the_bounds_and_the_estimate_within_the_stated_error(
        mut values in prop::collection::vec((-15.0..15.0_f64).prop_map(f64::exp), 1..300),
        negative in any::<bool>(),
        schema in 0..=8,
        q in 0.0..=1.0_f64,
    ) {
        if negative {
            values.iter_mut().for_each(|value| *value = -*value);
        }
        values.sort_by(f64::total_cmp);
        let rank = (q * values.len() as f64).ceil() as usize;
        let truth = values[rank.max(1) - 1];
        let native = observe(Buckets::native(schema, 10_000), values.iter().copied());
        let explicit = observe(Buckets::exponential(1e-6, 2.0, 40), values.iter().copied());
        for histogram in [&native, &explicit] {
            let (lower, upper) = histogram.quantile_bounds(q).unwrap();
            prop_assert!(lower <= truth && truth <= upper, "{lower} {truth} {upper}");
            let estimate = histogram.quantile(q).unwrap();
            prop_assert!(estimate.is_finite());
        }
        let factor = (-f64::from(schema)).exp2().exp2();
        let estimate = native.quantile(q).unwrap();
        let off = (estimate / truth).max(truth / estimate);
        prop_assert!(off <= factor * (1.0 + 1e-12), "{estimate} for {truth}, off by {off}");
    }

    #[test]
    fn durations_are_within_the_bounds_too(
        mut nanoseconds in prop::collection::vec((0..63_u32, any::<u64>()), 1..100),
        q in 0.0..=1.0_f64,
    ) {
        nanoseconds.iter_mut().for_each(|(shift, number)| *number >>= *shift);
        nanoseconds.sort_by_key(|(_, number)| *number);
        let rank = (q * nanoseconds.len() as f64).ceil() as usize;
        let truth = Duration::from_nanos(nanoseconds[rank.max(1) - 1].1).as_secs_f64();
        let durations = nanoseconds.iter().map(|(_, number)| Duration::from_nanos(*number));
        let histogram = observe(Buckets::latency().and_native(5, 10_000), durations);
        let (lower, upper) = histogram.quantile_bounds(q).unwrap();
        prop_assert!(lower <= truth && truth <= upper, "{lower} {truth} {upper}");
    }
}
