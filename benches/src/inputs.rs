//! The inputs that all contenders are given: durations to observe, labels to look up.

use std::time::Duration;

/// OpenTelemetry's 14 bounds for the duration of HTTP requests, in seconds.
pub const LATENCY_BOUNDS_SECONDS: [f64; 14] =
    [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// How many durations there are before they repeat: more than a branch predictor can learn by heart.
pub const DURATIONS: usize = 4_096;

/// How many label pairs there are: eight routes times four methods.
pub const LABEL_PAIRS: usize = 32;

/// Durations as a web service has them: log-normal, half of them under 25 ms, with a tail into the seconds.
///
/// They are the same in every run. Nearly all buckets are hit, and which one comes next cannot be predicted.
pub fn durations() -> Box<[Duration; DURATIONS]> {
    const MEDIAN_SECONDS: f64 = 0.025;
    const SPREAD: f64 = 1.5;
    let mut random = SplitMix64(0x1d_1e_a5);
    let mut durations = Box::new([Duration::ZERO; DURATIONS]);
    for duration in &mut *durations {
        // The sum of twelve uniform numbers has variance 1 and is normal for all that matters here.
        let normal = (0..12).map(|_| random.next_unit()).sum::<f64>() - 6.0;
        *duration = Duration::from_secs_f64(MEDIAN_SECONDS * (SPREAD * normal).exp());
    }
    durations
}

const METHODS: [&str; 4] = ["GET", "POST", "PUT", "DELETE"];
const ROUTES: [&str; 8] = [
    "/",
    "/quote",
    "/quotes",
    "/quotes/{id}",
    "/quotes/{id}/author",
    "/authors",
    "/authors/{id}",
    "/authors/{id}/quotes",
];

/// Pairs of a method and a route, in the order in which the requests come.
pub fn label_pairs() -> Box<[(&'static str, &'static str); LABEL_PAIRS]> {
    Box::new(label_order().map(|(method, route)| (METHODS[method], ROUTES[route])))
}

/// The numbers of the methods and routes in [`label_pairs`], for contenders whose labels are enums.
pub fn label_order() -> [(usize, usize); LABEL_PAIRS] {
    // 13 has no factor in common with 32, so each pair comes once, and neighbours differ in both labels.
    std::array::from_fn(|i| {
        let pair = i * 13 % LABEL_PAIRS;
        (pair % METHODS.len(), pair / METHODS.len())
    })
}

/// Goes round an array without end. `N` is a power of two, so a step costs an add and a mask.
#[derive(Clone, Debug)]
pub struct Ring<'a, T, const N: usize> {
    items: &'a [T; N],
    position: usize,
}

impl<'a, T, const N: usize> Ring<'a, T, N> {
    /// Starts in another place in each thread, so that two threads do not walk in step.
    pub fn new(items: &'a [T; N], thread: usize) -> Self {
        const { assert!(N.is_power_of_two(), "a ring's length must be a power of two") };
        Self { items, position: thread * N / 2 + thread }
    }

    /// The next item.
    #[inline(always)]
    pub fn step(&mut self) -> &'a T {
        let item = &self.items[self.position % N];
        self.position = self.position.wrapping_add(1);
        item
    }
}

/// Steele, Lea and Flood's generator: three lines, and good enough to be unpredictable.
pub(crate) struct SplitMix64(pub(crate) u64);

impl SplitMix64 {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in `[0, 1)`.
    fn next_unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_durations_are_the_same_in_every_run_and_have_the_stated_median() {
        let mut sorted = *durations();
        assert_eq!(*durations(), sorted);
        sorted.sort_unstable();
        let median = sorted[DURATIONS / 2].as_secs_f64();
        assert!((0.023..0.027).contains(&median), "median is {median} s");
    }

    #[test]
    fn the_durations_hit_every_bucket_below_five_seconds() {
        let durations = durations();
        let mut lower = 0.0;
        for upper in LATENCY_BOUNDS_SECONDS.into_iter().filter(|bound| *bound <= 5.0) {
            let hit = durations.iter().any(|d| d.as_secs_f64() > lower && d.as_secs_f64() <= upper);
            assert!(hit, "no duration between {lower} s and {upper} s");
            lower = upper;
        }
    }

    #[test]
    fn every_label_pair_comes_once() {
        let distinct: HashSet<_> = label_pairs().into_iter().collect();
        assert_eq!(distinct.len(), LABEL_PAIRS);
    }

    #[test]
    fn a_ring_goes_round_and_starts_elsewhere_in_the_second_thread() {
        let items = [0, 1, 2, 3];
        let mut first = Ring::new(&items, 0);
        let walked: Vec<i32> = (0..6).map(|_| *first.step()).collect();
        assert_eq!(walked, [0, 1, 2, 3, 0, 1]);
        assert_eq!(*Ring::new(&items, 1).step(), 3);
    }
}
