use crate::collect::HistogramSample;

/// The buckets and the sum of a histogram in a [`Snapshot`](crate::Snapshot).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct HistogramSnapshot {
    bounds: Vec<f64>,
    counts: Vec<u64>,
    #[cfg_attr(feature = "serde", serde(with = "super::stored::number"))]
    sum: f64,
    not_numbers: u64,
}

impl From<&HistogramSample<'_>> for HistogramSnapshot {
    fn from(sample: &HistogramSample<'_>) -> Self {
        Self {
            bounds: sample.bounds.to_vec(),
            counts: sample.counts.to_vec(),
            sum: sample.sum,
            not_numbers: sample.not_numbers,
        }
    }
}

impl HistogramSnapshot {
    /// The same as the encoders see it.
    fn sample(&self) -> HistogramSample<'_> {
        HistogramSample {
            bounds: &self.bounds,
            counts: &self.counts,
            sum: self.sum,
            not_numbers: self.not_numbers,
        }
    }

    /// How many values were counted: the sum of the buckets.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.sample().count()
    }

    /// The sum of the values, in the unit of the family: seconds for durations.
    #[must_use]
    pub fn sum(&self) -> f64 {
        self.sum
    }

    /// The upper bounds of the buckets, ascending, without `+Inf`.
    #[must_use]
    pub fn bounds(&self) -> &[f64] {
        &self.bounds
    }

    /// How many values fell into each bucket, not cumulated. One more than there are bounds: the last is `+Inf`.
    #[must_use]
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// Upper bound and count of each bucket as Prometheus shows them: cumulated, the last one `+Inf`.
    pub fn buckets(&self) -> impl Iterator<Item = (f64, u64)> {
        self.sample().cumulated()
    }

    /// How many values were `NaN`: they are in no bucket, not in the count and not in the sum.
    #[must_use]
    pub fn not_numbers(&self) -> u64 {
        self.not_numbers
    }

    /// The value that a share `q` of all values is below, as PromQL's `histogram_quantile` estimates it: as if values were spread evenly over their
    /// bucket. The estimate is in the right bucket, so it is off by less than the bucket is wide; it is never beyond the
    /// greatest bound. Nothing when there are no values, or `q` is not within 0 and 1.
    #[must_use]
    pub fn quantile(&self, q: f64) -> Option<f64> {
        let count = self.count();
        if count == 0 || !(0.0..=1.0).contains(&q) {
            return None;
        }
        let rank = q * count as f64;
        let mut below = 0.0;
        for (index, &bucket) in self.counts.iter().enumerate() {
            let inside = bucket as f64;
            if bucket > 0 && below + inside >= rank {
                let Some(&upper) = self.bounds.get(index) else { return self.bounds.last().copied() };
                // The first bucket has no lower bound; values are seldom negative, so it starts at 0 unless that is above it.
                let lower = match index.checked_sub(1) {
                    Some(previous) => self.bounds[previous],
                    None => upper.min(0.0),
                };
                return Some(lower + (upper - lower) * ((rank - below) / inside));
            }
            below += inside;
        }
        self.bounds.last().copied()
    }

    pub(super) fn subtract(&mut self, earlier: &Self) {
        let same_buckets = self.bounds == earlier.bounds;
        let grown = self.counts.iter().zip(&earlier.counts).all(|(now, then)| now >= then);
        if same_buckets && grown {
            for (now, then) in self.counts.iter_mut().zip(&earlier.counts) {
                *now -= then;
            }
            self.sum -= earlier.sum;
            self.not_numbers = self.not_numbers.saturating_sub(earlier.not_numbers);
        }
    }
}
