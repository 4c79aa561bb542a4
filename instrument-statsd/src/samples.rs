//! From the new observations of a histogram to weighted samples.
//!
//! A bucket says how many values fell between its bounds, and the histogram says their sum. Nobody knows the values, so each
//! bucket is given one size within its bounds, such that all of them together have the sum that the histogram has.
//!
//! The values, in the order of these sizes, are then cut into slices that hold as many each. A slice becomes a sample: its size is
//! the mean of the slice, its weight is how many it holds. So the samples have the count and the sum of the values; and because
//! their weights are equal, so do mean, median and percentiles of the samples stand for those of the values, on a server that does
//! not weigh, as Etsy's daemon. A sample for each bucket would not do: there, one slow request among a thousand would weigh
//! as much as all the others.

use crate::weights::equal_weights;

/// New observations: how many in each bucket, and their sum.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Observations<'a> {
    /// The upper bounds of the buckets but the last, ascending.
    pub(crate) bounds: &'a [f64],
    /// One more than there are bounds.
    pub(crate) counts: &'a [u64],
    pub(crate) sum: f64,
}

/// Some of the observations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sample {
    /// Their mean.
    pub(crate) size: f64,
    /// How many.
    pub(crate) weight: u64,
    /// The bucket that a value of this size falls into.
    pub(crate) bucket: usize,
}

impl Observations<'_> {
    pub(crate) fn count(&self) -> u64 {
        self.counts.iter().fold(0, |total: u64, &count| total.saturating_add(count))
    }

    /// The size that a share `q` of the observations, from 0 to 1, does not exceed. Sizes are taken to be spread evenly within a bucket,
    /// as in Prometheus' `histogram_quantile`, so it is off by the width of the bucket at most; where there is no upper bound, all
    /// are taken to be alike.
    pub(crate) fn quantile(&self, q: f64) -> f64 {
        let rank = q * self.count() as f64;
        let mut below = 0.0;
        for (bucket, &count) in self.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let count = count as f64;
            if below + count >= rank {
                let lower = lower_bound(self.bounds, bucket);
                return match self.bounds.get(bucket) {
                    Some(upper) => lower + (upper - lower) * ((rank - below) / count),
                    None => Sizes::of(self).size(self.bounds, bucket),
                };
            }
            below += count;
        }
        f64::NAN
    }

    /// Samples that stand for all observations: for each alone if there are no more than `max_samples`.
    ///
    /// In descending order, so that the last ones, whose weights can be a little different, are where sizes differ least.
    pub(crate) fn samples(self, max_samples: u64) -> impl Iterator<Item = Sample> {
        let total = self.count();
        let sizes = Sizes::of(&self);
        let mut rest = self.counts.iter().enumerate().rev().map(|(bucket, &count)| (bucket, count));
        let (mut bucket, mut left) = (0, 0);
        equal_weights(total, max_samples).map(move |weight| {
            let (mut sum, mut missing) = (0.0, weight);
            while missing > 0 {
                let some = missing.min(left);
                sum += sizes.size(self.bounds, bucket) * some as f64;
                missing -= some;
                left -= some;
                if left == 0 {
                    // There is a next one as long as something is missing, because the weights have the sum of the counts.
                    let Some(next) = rest.next() else { break };
                    (bucket, left) = next;
                }
            }
            let size = sum / weight as f64;
            Sample { size, weight, bucket: self.bounds.partition_point(|bound| *bound < size) }
        })
    }
}

/// Where in its bucket each size is.
#[derive(Debug, Clone, Copy)]
struct Sizes {
    /// How far from the lower bound to the upper one: the same in all buckets, from 0 to 1.
    share: f64,
    /// How far above the greatest bound values without an upper bound are.
    beyond: f64,
}

impl Sizes {
    fn of(observations: &Observations<'_>) -> Self {
        let Observations { bounds, counts, sum } = *observations;
        let (mut lowest, mut span, mut endless) = (0.0, 0.0, 0.0);
        for (bucket, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let lower = lower_bound(bounds, bucket);
            lowest += lower * count as f64;
            match bounds.get(bucket) {
                Some(upper) => span += (upper - lower) * count as f64,
                None => endless = count as f64,
            }
        }
        let excess = sum - lowest;
        // A sum that is not finite says nothing about sizes.
        let middle = Self { share: 0.5, beyond: 0.0 };
        if !excess.is_finite() {
            middle
        } else if endless > 0.0 && excess > span / 2.0 {
            Self { beyond: (excess - span / 2.0) / endless, ..middle }
        } else if span > 0.0 {
            // Out of 0 to 1 when the sum was read in the middle of an observation: what is left over comes with the next samples.
            Self { share: (excess / span).clamp(0.0, 1.0), beyond: 0.0 }
        } else {
            middle
        }
    }

    fn size(self, bounds: &[f64], bucket: usize) -> f64 {
        let lower = lower_bound(bounds, bucket);
        match bounds.get(bucket) {
            Some(upper) => lower + (upper - lower) * self.share,
            None => lower + self.beyond,
        }
    }
}

/// The lower bound of a bucket. Values are seldom below 0, so the first bucket starts there, unless it ends there or below: then
/// nothing is known, and it is taken to be as wide as a point.
fn lower_bound(bounds: &[f64], bucket: usize) -> f64 {
    match bucket.checked_sub(1) {
        Some(previous) => bounds.get(previous).copied().unwrap_or_default(),
        None => bounds.first().map_or(0.0, |first| first.min(0.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: [f64; 3] = [1.0, 2.0, 5.0];

    fn samples(counts: [u64; 4], sum: f64, max_samples: u64) -> Vec<Sample> {
        let samples: Vec<Sample> =
            Observations { bounds: &BOUNDS, counts: &counts, sum }.samples(max_samples).collect();
        assert_eq!(samples.iter().map(|sample| sample.weight).sum::<u64>(), counts.iter().sum::<u64>());
        assert!(samples.is_sorted_by(|one, other| one.size >= other.size), "{samples:?}");
        for Sample { size, bucket, .. } in &samples {
            assert!(*bucket == 0 || *size > BOUNDS[bucket - 1], "{samples:?}");
            assert!(*bucket == 3 || *size <= BOUNDS[*bucket], "{samples:?}");
        }
        samples
    }

    fn weighted_sum(samples: &[Sample]) -> f64 {
        samples.iter().map(|sample| sample.size * sample.weight as f64).sum()
    }

    #[test]
    fn sizes_have_the_sum_of_the_observations() {
        for (counts, sum) in [
            ([1, 0, 0, 0], 0.32),
            ([1000, 200, 3, 0], 750.5),
            ([0, 1, 1, 2], 20.0),
            ([0, 0, 0, 4], 20.0),
            ([4, 0, 0, 1], 7.5),
            ([2, 0, 0, 1], 5.25),
        ] {
            for max_samples in [1, 20, 10_000] {
                let left = weighted_sum(&samples(counts, sum, max_samples)) - sum;
                assert!(left.abs() < 1e-9, "{counts:?} {sum}: {left}");
            }
        }
    }

    #[test]
    fn a_sum_that_cannot_be_is_met_as_nearly_as_the_buckets_allow() {
        assert_eq!(weighted_sum(&samples([2, 0, 0, 0], 3.0, 20)), 2.0);
        assert_eq!(weighted_sum(&samples([0, 2, 0, 0], 9.0, 20)), 4.0);
        assert_eq!(weighted_sum(&samples([0, 1, 0, 2], 1.0, 20)), 11.0);
        for sum in [f64::INFINITY, f64::NAN] {
            assert_eq!(weighted_sum(&samples([0, 2, 0, 0], sum, 20)), 3.0);
        }
    }

    #[test]
    fn few_observations_are_said_one_by_one_each_in_its_bucket() {
        let samples = samples([3, 0, 2, 0], 8.0, 5);
        assert!(samples.iter().all(|sample| sample.weight == 1));
        assert_eq!(samples.iter().map(|sample| sample.bucket).collect::<Vec<_>>(), [2, 2, 0, 0, 0]);
    }

    #[test]
    fn many_observations_have_their_mean_and_percentiles_without_weighing() {
        // 90 % below 1, 9 % below 2, 0.9 % below 5, and 0.1 % of 1000.
        let sum = 9000.0 * 0.5 + 900.0 * 1.5 + 90.0 * 3.5 + 10.0 * 1000.0;
        let samples = samples([9000, 900, 90, 10], sum, 20);
        assert_eq!(samples.len(), 20);
        let mean = samples.iter().map(|sample| sample.size).sum::<f64>() / 20.0;
        assert!((mean / (sum / 10_000.0) - 1.0).abs() < 1e-9, "{mean}");
        assert!((samples[10].size - 0.5).abs() < 1e-9);
        assert!(samples[1].size > 1.0 && samples[1].size < 2.0, "{samples:?}");
    }

    #[test]
    fn quantiles_are_within_their_bucket() {
        let observations = Observations { bounds: &BOUNDS, counts: &[2, 4, 0, 4], sum: 46.0 };
        assert_eq!(observations.quantile(0.0), 0.0);
        assert_eq!(observations.quantile(0.1), 0.5);
        assert_eq!(observations.quantile(0.2), 1.0);
        assert_eq!(observations.quantile(0.5), 1.75);
        // Six observations of 1 and 6 in all, and so 10 is left for each of the others.
        assert_eq!(observations.quantile(0.9), 9.75);
        assert!(Observations { bounds: &BOUNDS, counts: &[0; 4], sum: 0.0 }.quantile(0.5).is_nan());
    }

    #[test]
    fn a_histogram_without_bounds_has_its_mean() {
        let samples: Vec<Sample> = Observations { bounds: &[], counts: &[4], sum: 10.0 }.samples(1).collect();
        assert_eq!(samples, [Sample { size: 2.5, weight: 4, bucket: 0 }]);
    }
}
