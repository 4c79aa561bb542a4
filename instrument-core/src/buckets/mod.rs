//! Which buckets a histogram has, and which of them a value falls into.

mod bounds;

pub(crate) use bounds::{Bounds, Measure};

/// The bounds of OpenTelemetry's stable HTTP metrics, in seconds.
///
/// Source: OpenTelemetry semantic conventions, "HTTP metrics", metric `http.server.request.duration`, "ExplicitBucketBoundaries".
const LATENCY: [f64; 14] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// The most bounds a histogram can have: they share a chunk with the sum and the count of what has no place.
pub(crate) const MAX_BOUNDS: usize = 500;

/// The upper bounds of a histogram's buckets, in the unit it is exposed in: seconds for durations.
///
/// A value falls into the first bucket whose bound is not below it; values beyond all bounds fall into a last bucket, `+Inf`,
/// that every histogram has. At most 500 bounds, finite and ascending: registration says which one is not.
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
#[derive(Debug, Clone, PartialEq)]
pub struct Buckets(Vec<f64>);

impl Buckets {
    /// For requests over a network: the 14 bounds of OpenTelemetry's HTTP metrics, 5 ms to 10 s.
    #[must_use]
    pub fn latency() -> Self {
        Self(LATENCY.to_vec())
    }

    /// For calls within a process: 1 µs to 10 s in steps of 1, 2.5 and 5, 22 bounds.
    #[must_use]
    pub fn function() -> Self {
        // Divided, not multiplied by 0.000_001: so every bound is the number nearest to its decimal spelling.
        let microseconds =
            (0..7_u32).flat_map(|power| [1.0, 2.5, 5.0].map(|step| step * 10_f64.powi(power.cast_signed())));
        Self(microseconds.chain([1e7]).map(|bound| bound / 1e6).collect())
    }

    /// `count` bounds from `start`, each `width` above the one before.
    #[must_use]
    pub fn linear(start: f64, width: f64, count: usize) -> Self {
        Self((0..count.min(MAX_BOUNDS + 1)).map(|step| start + width * step as f64).collect())
    }

    /// `count` bounds from `start`, each `factor` times the one before.
    #[must_use]
    pub fn exponential(start: f64, factor: f64, count: usize) -> Self {
        let bounds = std::iter::successors(Some(start), |bound| Some(bound * factor));
        Self(bounds.take(count.min(MAX_BOUNDS + 1)).collect())
    }

    /// These bounds, in ascending order. A bound `+Inf` at the end is taken as if it were not there.
    #[must_use]
    pub fn explicit(bounds: impl IntoIterator<Item = f64>) -> Self {
        let mut bounds: Vec<f64> = bounds.into_iter().take(MAX_BOUNDS + 2).collect();
        if bounds.last() == Some(&f64::INFINITY) {
            bounds.pop();
        }
        Self(bounds)
    }

    /// The bounds, without `+Inf`.
    #[must_use]
    pub fn bounds(&self) -> &[f64] {
        &self.0
    }

    /// The rule that the bounds break, if they do.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.0.len() > MAX_BOUNDS {
            return Err(format!("there are more than {MAX_BOUNDS} bounds: take fewer, further apart"));
        }
        if let Some(bound) = self.0.iter().find(|bound| !bound.is_finite()) {
            return Err(format!(
                "the bound {bound:?} is not a finite number: leave it out (`+Inf` is always there)"
            ));
        }
        match self.0.windows(2).find(|pair| pair[0] >= pair[1]) {
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
