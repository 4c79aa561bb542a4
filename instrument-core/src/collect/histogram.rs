use super::NativeSample;

/// The buckets and the sum of a [`Histogram`](crate::Histogram).
///
/// ```
/// use std::ops::ControlFlow;
///
/// use instrument_core::{Buckets, Description, Registry, Sample, Series, Visitor};
///
/// /// Writes buckets as Prometheus shows them.
/// #[derive(Default)]
/// struct Lines(Vec<String>);
///
/// impl Visitor for Lines {
///     fn series(&mut self, family: &Description, _: &Series<'_>, sample: &Sample<'_>) -> ControlFlow<()> {
///         if let Sample::Histogram(histogram) = sample {
///             let name = &family.name;
///             for (bound, count) in histogram.cumulated() {
///                 self.0.push(format!("{name}_bucket{{le=\"{bound}\"}} {count}"));
///             }
///             self.0.push(format!("{name}_sum {}, {name}_count {}", histogram.sum(), histogram.count()));
///             assert_eq!((histogram.bounds(), histogram.counts()), (&[10.0][..], &[2, 1][..]));
///             assert!(histogram.native().is_none());
///             assert_eq!(histogram.not_numbers(), 0);
///         }
///         ControlFlow::Continue(())
///     }
/// }
///
/// let registry = Registry::new();
/// let rows = registry.histogram::<u64>("rows", "Rows read.").buckets(Buckets::explicit([10.0])).register()?;
/// [3, 4, 50].map(|count| rows.observe(count));
///
/// let mut lines = Lines::default();
/// registry.visit(&mut lines);
/// assert_eq!(lines.0, ["rows_bucket{le=\"10\"} 2", "rows_bucket{le=\"inf\"} 3", "rows_sum 57, rows_count 3"]);
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HistogramSample<'a> {
    pub(crate) bounds: &'a [f64],
    pub(crate) counts: &'a [u64],
    pub(crate) native: Option<NativeSample<'a>>,
    pub(crate) sum: f64,
    pub(crate) not_numbers: u64,
}

impl<'a> HistogramSample<'a> {
    /// The native buckets, if the histogram was registered with some. They hold the same values as the explicit ones, at any time.
    #[must_use]
    pub fn native(&self) -> Option<NativeSample<'a>> {
        self.native
    }

    /// The upper bounds of the explicit buckets, ascending, without `+Inf`. None for native buckets alone.
    #[must_use]
    pub fn bounds(&self) -> &'a [f64] {
        self.bounds
    }

    /// How many values fell into each explicit bucket, not cumulated. One more than there are bounds: the last is `+Inf`.
    #[must_use]
    pub fn counts(&self) -> &'a [u64] {
        self.counts
    }

    /// Upper bound and count of each explicit bucket as Prometheus shows them: cumulated, the last one `+Inf`.
    pub fn cumulated(&self) -> impl Iterator<Item = (f64, u64)> + use<'a> {
        let bounds = self.bounds.iter().copied().chain([f64::INFINITY]);
        let counts = self.counts.iter().scan(0_u64, |count, &bucket| {
            *count = count.saturating_add(bucket);
            Some(*count)
        });
        bounds.zip(counts)
    }

    /// How many values were counted: the sum of [`counts`](Self::counts).
    #[must_use]
    pub fn count(&self) -> u64 {
        self.counts.iter().fold(0, |count, &bucket| count.saturating_add(bucket))
    }

    /// The sum of the values, in the unit of the family: seconds for durations.
    #[must_use]
    pub fn sum(&self) -> f64 {
        self.sum
    }

    /// How many values were not numbers (`NaN`): they are in no bucket, not in the count and not in the sum.
    #[must_use]
    pub fn not_numbers(&self) -> u64 {
        self.not_numbers
    }
}
