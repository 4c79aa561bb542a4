//! Which buckets a histogram has, and which of them a value falls into.

mod bounds;
mod native;

pub(crate) use self::bounds::{Bounds, Measure, whole_slices};
pub use self::native::NativeBuckets;
pub(crate) use self::native::{NativeBucket, NativeGrid, Resolution, join, upper_bound};

/// The bounds of OpenTelemetry's stable HTTP metrics, in seconds.
///
/// Source: OpenTelemetry semantic conventions, "HTTP metrics", metric `http.server.request.duration`, "ExplicitBucketBoundaries".
const LATENCY: [f64; 14] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// The most bounds a histogram can have: they share a chunk with the sum and the count of what has no place.
pub(crate) const MAX_BOUNDS: usize = 500;

/// Which buckets a histogram has, in the unit it is exposed in: seconds for durations.
///
/// *Explicit* buckets are given by their upper bounds. A value falls into the first bucket whose bound is not below it; values beyond all bounds fall
/// into a last bucket, `+Inf`, that every histogram has. At most 500 bounds, finite and ascending: registration says which one is
/// not.
///
/// ```
/// use instrument_core::{Buckets, Registry};
///
/// let registry = Registry::new();
/// let sizes = registry
///     .histogram::<u64>("upload", "Size of uploads.")
///     .unit("bytes")
///     .buckets(Buckets::exponential(1024.0, 4.0, 6))
///     .register()?;
/// sizes.observe(5000);
///
/// let snapshot = registry.snapshot();
/// let histogram = snapshot.histogram("upload_bytes", &[]).unwrap();
/// assert_eq!(histogram.bounds(), [1024.0, 4096.0, 16384.0, 65536.0, 262144.0, 1048576.0]);
/// assert_eq!(histogram.counts(), [0, 0, 1, 0, 0, 0, 0]);
/// # Ok::<(), instrument_core::Error>(())
/// ```
///
/// *Native* buckets are Prometheus' exponential ones: nobody chooses bounds, and quantiles have the same relative error at all sizes. See
/// [`native`](Self::native) for native buckets alone, and [`and_native`](Self::and_native) for both.
#[derive(Debug, Clone, PartialEq)]
pub struct Buckets {
    bounds: Vec<f64>,
    native: Option<NativeBuckets>,
    /// Set apart, because it can be set where there are no native buckets: registration says so.
    zero_threshold: Option<f64>,
}

impl Buckets {
    /// For requests over a network: the 14 bounds of OpenTelemetry's HTTP metrics, 5 ms to 10 s.
    ///
    /// ```
    /// use instrument_core::Buckets;
    ///
    /// assert_eq!(Buckets::latency().bounds()[..3], [0.005, 0.01, 0.025]);
    /// ```
    #[must_use]
    pub fn latency() -> Self {
        Self::with_bounds(LATENCY.to_vec())
    }

    /// For calls within a process: 1 µs to 10 s in steps of 1, 2.5 and 5, 22 bounds.
    ///
    /// ```
    /// use instrument_core::Buckets;
    ///
    /// assert_eq!(Buckets::function().bounds()[..4], [0.000_001, 0.000_002_5, 0.000_005, 0.000_01]);
    /// ```
    #[must_use]
    pub fn function() -> Self {
        // Divided, not multiplied by 0.000_001: so every bound is the number nearest to its decimal spelling.
        let microseconds =
            (0..7_u32).flat_map(|power| [1.0, 2.5, 5.0].map(|step| step * 10_f64.powi(power.cast_signed())));
        Self::with_bounds(microseconds.chain([1e7]).map(|bound| bound / 1e6).collect())
    }

    /// `count` bounds from `start`, each `width` above the one before.
    ///
    /// ```
    /// use instrument_core::Buckets;
    ///
    /// assert_eq!(Buckets::linear(0.0, 25.0, 5).bounds(), [0.0, 25.0, 50.0, 75.0, 100.0]);
    /// ```
    #[must_use]
    pub fn linear(start: f64, width: f64, count: usize) -> Self {
        Self::with_bounds((0..count.min(MAX_BOUNDS + 1)).map(|step| start + width * step as f64).collect())
    }

    /// `count` bounds from `start`, each `factor` times the one before.
    ///
    /// ```
    /// use instrument_core::Buckets;
    ///
    /// assert_eq!(Buckets::exponential(0.001, 10.0, 3).bounds(), [0.001, 0.01, 0.1]);
    /// ```
    #[must_use]
    pub fn exponential(start: f64, factor: f64, count: usize) -> Self {
        let bounds = std::iter::successors(Some(start), |bound| Some(bound * factor));
        Self::with_bounds(bounds.take(count.min(MAX_BOUNDS + 1)).collect())
    }

    /// These bounds, in ascending order. A bound `+Inf` at the end is taken as if it were not there.
    ///
    /// ```
    /// use instrument_core::Buckets;
    ///
    /// assert_eq!(Buckets::explicit([0.1, 0.5, 2.0]).bounds(), [0.1, 0.5, 2.0]);
    /// ```
    #[must_use]
    pub fn explicit(bounds: impl IntoIterator<Item = f64>) -> Self {
        let mut bounds: Vec<f64> = bounds.into_iter().take(MAX_BOUNDS + 2).collect();
        if bounds.last() == Some(&f64::INFINITY) {
            bounds.pop();
        }
        Self::with_bounds(bounds)
    }

    /// Native buckets alone: Prometheus' exponential ones.
    ///
    /// The schema is from -4 to 8, and at most `max_buckets`, 1 to 10,000, may have values. Each bound is `2^(2^-schema)` times the one before: 9 % more for schema 3, 0.3 % for schema 8, 65,536 times as much for schema -4. Zero, and what
    /// is nearer to it than a [threshold](Self::zero_threshold), has a bucket of its own. A bucket takes memory only once a value has fallen into
    /// it: durations that span three powers of ten have about 80 buckets of schema 3. Beside that a series has a table of 2 to 4 KB, which grows beyond for `f64` and for higher
    /// schemas, and a family has some 22 KB up to schema 3, and up to schema 8 twice as much as its buckets.
    ///
    /// A value beyond the allowed number of buckets halves the resolution: pairs of neighbours become one bucket, so that no value is lost or
    /// moved across a bound. At schema -4 the zero bucket takes in its neighbours instead.
    ///
    /// Prometheus reads native buckets from its protobuf format. A text exposition shows such a histogram with its count, its sum and the bucket
    /// `+Inf`: take [`and_native`](Self::and_native) where there are readers of both.
    ///
    /// Source: the Prometheus specification "Native Histograms".
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use instrument_core::{Buckets, Registry};
    ///
    /// let registry = Registry::new();
    /// let lookup = registry
    ///     .histogram::<Duration>("lookup", "Time to look up a quotation.")
    ///     .buckets(Buckets::native(3, 160))
    ///     .register()?;
    /// lookup.observe(Duration::from_millis(40));
    ///
    /// let snapshot = registry.snapshot();
    /// let p99 = snapshot.histogram("lookup", &[]).unwrap().quantile(0.99).unwrap();
    /// assert!((p99 / 0.040 - 1.0).abs() < 0.09);
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[must_use]
    pub fn native(schema: i32, max_buckets: usize) -> Self {
        Self::with_bounds(Vec::new()).and_native(schema, max_buckets)
    }

    /// Adds native buckets to these: the histogram has both, and both have counted the same values at any time. See [`native`](Self::native).
    ///
    /// ```
    /// use instrument_core::{Buckets, Registry};
    ///
    /// let registry = Registry::new();
    /// registry
    ///     .histogram::<u64>("rows", "Rows read.")
    ///     .buckets(Buckets::explicit([10.0, 100.0]).and_native(3, 160))
    ///     .register()?
    ///     .observe(17);
    ///
    /// let snapshot = registry.snapshot();
    /// let rows = snapshot.histogram("rows", &[]).unwrap();
    /// assert_eq!(rows.counts(), [0, 1, 0]);
    /// assert_eq!(rows.native().unwrap().positive(), [(33, 1)]);
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[must_use]
    pub fn and_native(mut self, schema: i32, max_buckets: usize) -> Self {
        self.native = Some(NativeBuckets::new(schema, max_buckets));
        self
    }

    /// Sets the zero threshold of native buckets, in the unit of the exposition; 2^-128 without it. Values whose magnitude is no greater are as good as
    /// zero, and fall into the zero bucket. A power of two is the bound of another bucket in every schema from 0.
    ///
    /// ```
    /// use instrument_core::{Buckets, Registry};
    ///
    /// let registry = Registry::new();
    /// let error = registry
    ///     .histogram::<f64>("drift", "Drift of the clock.")
    ///     .unit("seconds")
    ///     .buckets(Buckets::native(3, 160).zero_threshold(1.0 / 1024.0))
    ///     .register()?;
    /// error.observe(-0.0005);
    /// assert_eq!(registry.snapshot().histogram("drift", &[]).unwrap().native().unwrap().zero_count(), 1);
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[must_use]
    pub fn zero_threshold(mut self, zero_threshold: f64) -> Self {
        self.zero_threshold = Some(zero_threshold);
        self
    }

    /// These, and a bound more where there is none such.
    pub(crate) fn with_bound(mut self, bound: f64) -> Self {
        if !self.bounds.contains(&bound) {
            let place = self.bounds.partition_point(|lower| *lower < bound);
            self.bounds.insert(place, bound);
        }
        self
    }

    fn with_bounds(bounds: Vec<f64>) -> Self {
        Self { bounds, native: None, zero_threshold: None }
    }

    /// The upper bounds of the explicit buckets, without `+Inf`.
    #[must_use]
    pub fn bounds(&self) -> &[f64] {
        &self.bounds
    }

    /// The native buckets, if there are any.
    ///
    /// ```
    /// use instrument_core::Buckets;
    ///
    /// assert_eq!(Buckets::latency().native_buckets(), None);
    /// assert_eq!(Buckets::native(3, 160).native_buckets().map(|native| native.schema), Some(3));
    /// ```
    #[must_use]
    pub fn native_buckets(&self) -> Option<NativeBuckets> {
        let native = self.native?;
        Some(NativeBuckets { zero_threshold: self.zero_threshold.unwrap_or(native.zero_threshold), ..native })
    }

    /// The rule that the buckets break, if they do.
    pub(crate) fn check(&self) -> Result<(), String> {
        match (self.native_buckets(), self.zero_threshold) {
            (Some(native), _) => native.check()?,
            (None, Some(_)) => {
                return Err("the zero threshold is one of native buckets: add them with `and_native`, or leave it out".to_owned());
            }
            (None, None) => {}
        }
        self.check_bounds()
    }

    /// The rule that the bounds break, if they do.
    fn check_bounds(&self) -> Result<(), String> {
        if self.bounds.len() > MAX_BOUNDS {
            return Err(format!("there are more than {MAX_BOUNDS} bounds: take fewer, further apart"));
        }
        if let Some(bound) = self.bounds.iter().find(|bound| !bound.is_finite()) {
            return Err(format!(
                "the bound {bound:?} is not a finite number: leave it out (`+Inf` is always there)"
            ));
        }
        match self.bounds.windows(2).find(|pair| pair[0] >= pair[1]) {
            Some(pair) => Err(format!(
                "the bound {:?} follows {:?}: give them in ascending order, each once",
                pair[1], pair[0]
            )),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_are_the_numbers_that_people_write() {
        assert_eq!(Buckets::latency().bounds().len(), 14);
        let function = Buckets::function();
        assert_eq!(function.bounds().len(), 22);
        assert_eq!(function.bounds()[..4], [0.000_001, 0.000_002_5, 0.000_005, 0.000_01]);
        assert_eq!(function.bounds()[18..], [1.0, 2.5, 5.0, 10.0]);
        for preset in
            [Buckets::latency(), function, Buckets::linear(-1.0, 0.5, 5), Buckets::exponential(1.0, 2.0, 500)]
        {
            assert_eq!(preset.check(), Ok(()));
        }
        assert_eq!(Buckets::explicit([1.0, f64::INFINITY]).bounds(), [1.0]);
    }

    #[test]
    fn the_bound_that_breaks_a_rule_is_named() {
        let rule = |bounds: &[f64]| Buckets::explicit(bounds.iter().copied()).check().unwrap_err();
        assert!(rule(&[1.0, f64::NAN]).contains("NaN"));
        assert!(rule(&[f64::NEG_INFINITY, 1.0]).contains("-inf"));
        assert!(rule(&[1.0, 3.0, 2.0]).contains("2.0 follows 3.0"));
        assert!(rule(&[1.0, 1.0]).contains("1.0 follows 1.0"));
        assert!(Buckets::linear(0.0, 1.0, usize::MAX).check().unwrap_err().contains("500"));
        assert!(Buckets::exponential(1.0, 0.5, 3).check().is_err());
    }
}
