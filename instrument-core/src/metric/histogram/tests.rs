use std::time::Duration;

use crate::{Buckets, Registry, cells};

/// Around each bound that the kinds below have, and up to half an hour: not so long that the sums reach their end.
fn durations() -> Vec<u64> {
    let latency = Buckets::latency();
    let bounds = latency.bounds().iter().map(|bound| (bound * 1e9) as u64);
    let powers = (0..40).flat_map(|power| [1 << power, 3 << power >> 1]);
    bounds.chain(powers).flat_map(|at| [at - 1, at, at + 1]).collect()
}

#[test]
fn what_is_counted_at_once_is_counted_like_all_else() {
    // With how many of a hundred values can be counted at once, at least and at most.
    let kinds = [
        (Buckets::latency(), 50..=90),
        (Buckets::explicit([1e-9, 2e-9, 3e-9, 1.0, 1.000_001]), 25..=99),
        (Buckets::native(3, 10_000), 99..=100),
        (Buckets::latency().and_native(3, 10_000), 90..=99),
        (Buckets::native(8, 10_000), 0..=0),
        (Buckets::explicit([]), 0..=0),
    ];
    for (buckets, at_once) in kinds {
        let registry = Registry::new();
        let register =
            |name| registry.histogram::<Duration>(name, "").buckets(buckets.clone()).register().unwrap();
        let (plain, other) = (register("plain"), register("other"));
        // The thread has its cells, and the buckets theirs.
        for nanoseconds in durations() {
            plain.observe(Duration::from_nanos(nanoseconds));
            other.observe(Duration::from_nanos(nanoseconds));
        }
        let mut counted = 0;
        for nanoseconds in durations() {
            plain.observe(Duration::from_nanos(nanoseconds));
            if other.observe_at_once(cells::here(), nanoseconds) {
                counted += 1;
            } else {
                other.observe(Duration::from_nanos(nanoseconds));
            }
            let snapshot = registry.snapshot();
            let [plain, other] =
                ["plain_seconds", "other_seconds"].map(|name| snapshot.histogram(name, &[]).unwrap());
            assert_eq!(plain.counts(), other.counts(), "{nanoseconds} ns in {buckets:?}");
            assert_eq!(plain.native(), other.native(), "{nanoseconds} ns in {buckets:?}");
            assert_eq!(plain.sum(), other.sum(), "{nanoseconds} ns in {buckets:?}");
        }
        let share = counted * 100 / durations().len();
        assert!(at_once.contains(&share), "{share} of 100 in {buckets:?}");
    }
}
