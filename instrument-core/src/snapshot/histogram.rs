use crate::collect::{HistogramSample, NativeCounts, NativeSample};

/// The buckets and the sum of a histogram in a [`Snapshot`](crate::Snapshot).
///
/// ```
/// use instrument_core::{Buckets, Registry};
///
/// let registry = Registry::new();
/// let drift = registry.histogram::<f64>("drift", "Drift.").buckets(Buckets::explicit([0.5, 1.0])).register()?;
/// [0.25, 0.75, 1.0, f64::NAN].map(|value| drift.observe(value));
///
/// let snapshot = registry.snapshot();
/// let drift = snapshot.histogram("drift", &[]).unwrap();
/// assert_eq!((drift.count(), drift.sum(), drift.not_numbers()), (3, 2.0, 1));
/// assert_eq!((drift.bounds(), drift.counts()), (&[0.5, 1.0][..], &[1, 2, 0][..]));
/// assert!(drift.buckets().eq([(0.5, 1), (1.0, 3), (f64::INFINITY, 3)]));
/// assert!(drift.native().is_none());
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct HistogramSnapshot {
    bounds: Vec<f64>,
    counts: Vec<u64>,
    native: Option<NativeCounts>,
    #[cfg_attr(feature = "serde", serde(with = "super::stored::number"))]
    sum: f64,
    not_numbers: u64,
}

impl From<&HistogramSample<'_>> for HistogramSnapshot {
    fn from(sample: &HistogramSample<'_>) -> Self {
        Self {
            bounds: sample.bounds.to_vec(),
            counts: sample.counts.to_vec(),
            native: sample.native.map(NativeCounts::from),
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
            native: self.native(),
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

    /// The native buckets, if the histogram was registered with some. They hold the same values as the explicit ones.
    #[must_use]
    pub fn native(&self) -> Option<NativeSample<'_>> {
        self.native.as_ref().map(NativeCounts::sample)
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

    /// The mean of the values; nothing when there are none. It is exact but for rounding, because the sum is kept, not made from buckets.
    ///
    /// ```
    /// use instrument_core::Registry;
    ///
    /// let registry = Registry::new();
    /// let rows = registry.histogram::<u64>("rows", "Rows read.").register()?;
    /// assert_eq!(registry.snapshot().histogram("rows", &[]).unwrap().mean(), None);
    /// rows.observe(3);
    /// rows.observe(4);
    /// assert_eq!(registry.snapshot().histogram("rows", &[]).unwrap().mean(), Some(3.5));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        let count = self.count();
        (count > 0).then(|| self.sum / count as f64)
    }

    /// Makes it what was added since an earlier picture. Buckets that have changed, or a count that has shrunk, are of a histogram that was made anew.
    pub(super) fn subtract(&mut self, earlier: &Self) {
        let same_buckets = self.bounds == earlier.bounds;
        let grown = self.counts.iter().zip(&earlier.counts).all(|(now, then)| now >= then);
        if !(same_buckets && grown) {
            return;
        }
        let native = match (&self.native, &earlier.native) {
            (None, None) => None,
            (Some(now), Some(then)) => match now.since(then) {
                Some(native) => Some(native),
                None => return,
            },
            _ => return,
        };
        self.native = native;
        for (now, then) in self.counts.iter_mut().zip(&earlier.counts) {
            *now -= then;
        }
        self.sum -= earlier.sum;
        self.not_numbers = self.not_numbers.saturating_sub(earlier.not_numbers);
    }
}
