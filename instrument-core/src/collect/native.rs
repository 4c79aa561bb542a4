use std::iter;

use crate::buckets::{NativeBucket, join, upper_bound};

/// The native buckets of a [`Histogram`](crate::Histogram): Prometheus' exponential ones, of which those without values are left out.
///
/// The positive bucket with the index `i` holds the values above `base^(i - 1)` up to and including `base^i`, where `base` is `2^(2^-schema)`; the negative
/// one as many below zero, its bound that is further from zero included. The zero bucket holds what is not further from zero than the threshold.
/// Infinite values are in the bucket after that of the greatest finite number.
///
/// ```
/// use instrument_core::{Buckets, Registry};
///
/// let registry = Registry::new();
/// let balance =
///     registry.histogram::<f64>("balance", "Balances.").buckets(Buckets::native(0, 160)).register()?;
/// [-3.0, 0.0, 1.5, 2.0, 700.0].map(|value| balance.observe(value));
///
/// let snapshot = registry.snapshot();
/// let native = snapshot.histogram("balance", &[]).unwrap().native().unwrap();
/// assert_eq!((native.schema(), native.count()), (0, 5));
/// assert_eq!((native.zero_count(), native.zero_threshold()), (1, 2_f64.powi(-128)));
/// assert_eq!(native.positive(), [(1, 2), (10, 1)]);
/// assert_eq!(native.negative(), [(2, 1)]);
/// assert_eq!(native.bounds(10), (512.0, 1024.0));
/// assert_eq!(native.buckets().last(), Some((512.0, 1024.0, 1)));
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NativeSample<'a> {
    schema: i32,
    zero_threshold: f64,
    zero_count: u64,
    positive: &'a [(i32, u64)],
    negative: &'a [(i32, u64)],
}

impl<'a> NativeSample<'a> {
    /// The resolution that the buckets have now, from -4 to 8.
    ///
    /// It is the one that was asked for, or a lower one since there were more buckets than allowed.
    #[must_use]
    pub fn schema(&self) -> i32 {
        self.schema
    }

    /// The greatest magnitude in the zero bucket, in the unit of the family. More than was asked for once the zero bucket has taken in others.
    #[must_use]
    pub fn zero_threshold(&self) -> f64 {
        self.zero_threshold
    }

    /// How many values are in the zero bucket.
    #[must_use]
    pub fn zero_count(&self) -> u64 {
        self.zero_count
    }

    /// Index and count of each bucket above zero that has values, in ascending order of the indices.
    #[must_use]
    pub fn positive(&self) -> &'a [(i32, u64)] {
        self.positive
    }

    /// Index and count of each bucket below zero that has values, in ascending order of the indices: from zero away.
    #[must_use]
    pub fn negative(&self) -> &'a [(i32, u64)] {
        self.negative
    }

    /// How many values are in all buckets: the count of the histogram.
    #[must_use]
    pub fn count(&self) -> u64 {
        let counts = self.positive.iter().chain(self.negative).map(|(_, count)| *count);
        counts.fold(self.zero_count, u64::saturating_add)
    }

    /// The bounds of the positive bucket with this index: values in it are above the first, and not above the second. With the signs turned, those
    /// of the negative bucket.
    ///
    /// They are the numbers of type `f64` that are nearest to the exact bounds. By the specification the last bucket of finite numbers ends at
    /// [`f64::MAX`].
    #[must_use]
    pub fn bounds(&self, index: i32) -> (f64, f64) {
        (upper_bound(self.schema, index.saturating_sub(1)), upper_bound(self.schema, index))
    }

    /// Bounds and count of each bucket that has values, in ascending order: the negative ones, the zero bucket, the positive ones.
    ///
    /// The bounds of the zero bucket are the threshold with either sign.
    pub fn buckets(&self) -> impl Iterator<Item = (f64, f64, u64)> + use<'a> {
        let sample = *self;
        let negative = sample.negative.iter().rev().map(move |&(index, count)| {
            let (near, far) = sample.bounds(index);
            (-far, -near, count)
        });
        let zero = (-sample.zero_threshold, sample.zero_threshold, sample.zero_count);
        let positive = sample.positive.iter().map(move |&(index, count)| {
            let (lower, upper) = sample.bounds(index);
            (lower, upper, count)
        });
        negative.chain(iter::once(zero).filter(|(_, _, count)| *count > 0)).chain(positive)
    }
}

/// The same, owned.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct NativeCounts {
    schema: i32,
    #[cfg_attr(feature = "serde", serde(with = "crate::snapshot::number"))]
    zero_threshold: f64,
    zero_count: u64,
    positive: Vec<(i32, u64)>,
    negative: Vec<(i32, u64)>,
}

impl NativeCounts {
    /// Sorts buckets and adds up those that are the same.
    pub(crate) fn new(schema: i32, zero_threshold: f64, mut buckets: Vec<(NativeBucket, u64)>) -> Self {
        buckets.sort_unstable_by_key(|(bucket, _)| *bucket);
        let (mut zero_count, mut positive, mut negative) = (0, Vec::new(), Vec::new());
        for (bucket, count) in buckets {
            match bucket {
                NativeBucket::Zero => zero_count = count.saturating_add(zero_count),
                NativeBucket::Positive(index) => add(&mut positive, index, count),
                NativeBucket::Negative(index) => add(&mut negative, index.0, count),
            }
        }
        negative.reverse();
        Self { schema, zero_threshold, zero_count, positive, negative }
    }

    /// What was added since earlier counts; nothing if these have not grown from those. Where the resolutions differ, at the lower one.
    pub(crate) fn since(&self, earlier: &Self) -> Option<Self> {
        let schema = self.schema.min(earlier.schema);
        let zero_threshold = self.zero_threshold.max(earlier.zero_threshold);
        let mut now = self.at(schema, zero_threshold);
        let then = earlier.at(schema, zero_threshold);
        now.zero_count = now.zero_count.checked_sub(then.zero_count)?;
        subtract(&mut now.positive, &then.positive)?;
        subtract(&mut now.negative, &then.negative)?;
        Some(now)
    }

    /// The same at a resolution that is no higher, with a zero bucket that is no narrower.
    fn at(&self, schema: i32, zero_threshold: f64) -> Self {
        let halvings = self.schema.abs_diff(schema);
        let mut at =
            Self { schema, zero_threshold, zero_count: self.zero_count, positive: vec![], negative: vec![] };
        for (to, from) in [(&mut at.positive, &self.positive), (&mut at.negative, &self.negative)] {
            for &(index, count) in from {
                let index = join(index, halvings);
                if upper_bound(schema, index) <= zero_threshold {
                    at.zero_count = at.zero_count.saturating_add(count);
                } else {
                    add(to, index, count);
                }
            }
        }
        at
    }

    pub(crate) fn sample(&self) -> NativeSample<'_> {
        NativeSample {
            schema: self.schema,
            zero_threshold: self.zero_threshold,
            zero_count: self.zero_count,
            positive: &self.positive,
            negative: &self.negative,
        }
    }
}

/// Adds a count to the last bucket, if it is that one, or behind it.
fn add(buckets: &mut Vec<(i32, u64)>, index: i32, count: u64) {
    match buckets.last_mut() {
        Some((last, total)) if *last == index => *total = total.saturating_add(count),
        _ => buckets.push((index, count)),
    }
}

/// Takes earlier counts off, and leaves out what becomes 0. Nothing if a bucket held more then.
fn subtract(now: &mut Vec<(i32, u64)>, then: &[(i32, u64)]) -> Option<()> {
    let mut now_buckets = now.iter_mut();
    for &(index, count) in then {
        let (_, total) = now_buckets.find(|(other, _)| *other == index)?;
        *total = total.checked_sub(count)?;
    }
    now.retain(|(_, count)| *count > 0);
    Some(())
}

impl From<NativeSample<'_>> for NativeCounts {
    fn from(sample: NativeSample<'_>) -> Self {
        Self {
            schema: sample.schema,
            zero_threshold: sample.zero_threshold,
            zero_count: sample.zero_count,
            positive: sample.positive.to_vec(),
            negative: sample.negative.to_vec(),
        }
    }
}
