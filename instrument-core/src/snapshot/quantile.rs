//! Estimates from buckets.

use super::HistogramSnapshot;
use crate::collect::NativeSample;

impl HistogramSnapshot {
    /// The value that a share `q` of all values is not above, estimated from the buckets as PromQL's `histogram_quantile` does. Nothing when there are no
    /// values, or `q` is not within 0 and 1.
    ///
    /// The estimate is in the [bucket](Self::quantile_bounds) of the value in question, the one of rank `q` times the count, rounded up. So how far off it
    /// can be follows from how wide that bucket is:
    ///
    /// - In a *native* bucket by less than a factor of `2^(2^-schema)`, wherever it is: 9.1 % for schema 3, 4.4 % for schema 4, 0.28 % for
    ///   schema 8. Values are taken to be spread evenly over the logarithms; in the zero bucket, evenly.
    /// - In an *explicit* bucket by less than its width: values are taken to be spread evenly. The estimate is never beyond the greatest bound.
    ///
    /// Where a histogram has both, it is estimated from the native buckets.
    ///
    /// ```
    /// use instrument_core::{Buckets, Registry};
    ///
    /// let registry = Registry::new();
    /// let sizes =
    ///     registry.histogram::<u64>("size", "Sizes.").buckets(Buckets::native(3, 160)).register()?;
    /// (1..=1000).for_each(|size| sizes.observe(size));
    ///
    /// let snapshot = registry.snapshot();
    /// let sizes = snapshot.histogram("size", &[]).unwrap();
    /// let p95 = sizes.quantile(0.95).unwrap();
    /// assert!((950.0 / 1.091..950.0 * 1.091).contains(&p95));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[must_use]
    pub fn quantile(&self, q: f64) -> Option<f64> {
        let ranked = self.ranked(q)?;
        match self.native() {
            Some(native) => Some(ranked.between_native_bounds(native)),
            None => ranked.between_explicit_bounds(),
        }
    }

    /// The bounds of the bucket that the value of a share `q` is in: see [`quantile`](Self::quantile).
    ///
    /// That value is not below the first and not above the second, whatever the values are. Nothing when there are no values, or `q` is not within 0 and 1.
    ///
    /// The first explicit bucket begins at `-inf`, and the last one ends at `+inf`. The zero bucket of native ones is from the threshold below zero to that
    /// above.
    ///
    /// ```
    /// use instrument_core::{Buckets, Registry};
    ///
    /// let registry = Registry::new();
    /// let sizes =
    ///     registry.histogram::<u64>("size", "Sizes.").buckets(Buckets::native(0, 160)).register()?;
    /// (1..=1000).for_each(|size| sizes.observe(size));
    ///
    /// let snapshot = registry.snapshot();
    /// assert_eq!(snapshot.histogram("size", &[]).unwrap().quantile_bounds(0.95), Some((512.0, 1024.0)));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[must_use]
    pub fn quantile_bounds(&self, q: f64) -> Option<(f64, f64)> {
        let ranked = self.ranked(q)?;
        Some((ranked.lower, ranked.upper))
    }

    fn ranked(&self, q: f64) -> Option<Ranked> {
        match self.native() {
            Some(native) => Ranked::find(q, self.count(), native.buckets()),
            None => Ranked::find(q, self.count(), self.explicit_buckets()),
        }
    }

    /// Bounds and count of each explicit bucket that has values.
    fn explicit_buckets(&self) -> impl Iterator<Item = (f64, f64, u64)> {
        let bounds = self.bounds().iter().copied();
        let lower = [f64::NEG_INFINITY].into_iter().chain(bounds.clone());
        let upper = bounds.chain([f64::INFINITY]);
        lower.zip(upper).zip(self.counts()).map(|((lower, upper), &count)| (lower, upper, count))
    }
}

/// The bucket of the value of some rank.
#[derive(Debug, Clone, Copy)]
struct Ranked {
    lower: f64,
    upper: f64,
    /// How far up in the bucket the rank is, from 0 to 1.
    share: f64,
}

impl Ranked {
    /// Finds the bucket in which the count of values from the first one on reaches `q` times the count of all.
    fn find(q: f64, count: u64, buckets: impl Iterator<Item = (f64, f64, u64)>) -> Option<Self> {
        if !(0.0..=1.0).contains(&q) {
            return None;
        }
        let rank = q * count as f64;
        let (mut below, mut found) = (0.0, None);
        for (lower, upper, inside) in buckets.filter(|(_, _, inside)| *inside > 0) {
            let share = ((rank - below) / inside as f64).min(1.0);
            found = Some(Self { lower, upper, share });
            below += inside as f64;
            if below >= rank {
                break;
            }
        }
        found
    }

    fn between_explicit_bounds(self) -> Option<f64> {
        if self.upper == f64::INFINITY {
            return self.lower.is_finite().then_some(self.lower);
        }
        // The first bucket has no lower bound; values are seldom negative, so it starts at 0 unless that is above it.
        let lower = if self.lower.is_finite() { self.lower } else { self.upper.min(0.0) };
        Some(Self { lower, ..self }.linear())
    }

    fn between_native_bounds(self, native: NativeSample<'_>) -> f64 {
        let Self { lower, upper, share } = self;
        if lower == -upper {
            // The zero bucket. Where all other values are on one side of zero, so are those in it.
            let lower =
                if native.negative().is_empty() && !native.positive().is_empty() { 0.0 } else { lower };
            let upper =
                if native.positive().is_empty() && !native.negative().is_empty() { 0.0 } else { upper };
            Self { lower, upper, share }.linear()
        } else if upper == f64::INFINITY || lower == f64::NEG_INFINITY {
            // There is nothing else in these buckets.
            if upper > 0.0 { upper } else { lower }
        } else if lower == 0.0 || upper == 0.0 {
            // Too near to zero for logarithms.
            self.linear()
        } else {
            let (from, to) = (lower.abs().log2(), upper.abs().log2());
            ((from + (to - from) * share).exp2() * lower.signum()).clamp(lower, upper)
        }
    }

    fn linear(self) -> f64 {
        self.lower + (self.upper - self.lower) * self.share
    }
}
