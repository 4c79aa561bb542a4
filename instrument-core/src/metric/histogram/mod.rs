//! Values counted by size: `settings.rs` is what the series of a family share, `value.rs` how each type of value is kept.

mod settings;
mod value;

use std::fmt;
use std::time::Duration;

use self::settings::HistogramSettings;
use self::value::Counted as _;
use super::Timer;
use super::storage::Storage;
use crate::cells::{CellId, Cells, Float, Owner, Reading, Shared, Unsigned};
use crate::collect::{HistogramSample, Sample};
use crate::description::MetricKind;
use crate::{Buckets, Metric};

/// Values counted by size: durations, bytes, items.
///
/// A clone is another handle on the same histogram. An observation adds to two cells of the calling thread, the bucket and the
/// sum; the count is the sum of the buckets, computed when read, so that what is read never contradicts itself. Memory is fixed
/// at registration.
///
/// - `Histogram<Duration>` keeps whole nanoseconds and shows seconds. Durations beyond 584 years count as that long.
/// - `Histogram<u64>` keeps whole numbers. The sum stays at `u64::MAX` once there.
/// - `Histogram<f64>` keeps floating-point numbers, negative ones too. `NaN` is in no bucket, no sum and no count: it is
///   counted apart, see [`HistogramSample::not_numbers`](crate::HistogramSample::not_numbers).
///
/// ```
/// use std::time::Duration;
///
/// use instrument_core::{Buckets, Registry};
///
/// let registry = Registry::new();
/// let lookup = registry
///     .histogram::<Duration>("lookup", "Time to look up a quotation.")
///     .buckets(Buckets::explicit([0.001, 0.01, 0.1]))
///     .register()?;
/// lookup.observe(Duration::from_millis(5));
/// let rows = lookup.time(|| 3);
/// assert_eq!(rows, 3);
///
/// let snapshot = registry.snapshot();
/// assert_eq!(snapshot.histogram("lookup_seconds", &[]).unwrap().count(), 2);
/// # Ok::<(), instrument_core::Error>(())
/// ```
pub struct Histogram<V: HistogramValue> {
    /// First the sum of whole numbers, or the count of NaN; then a cell for each bucket, `+Inf` included.
    cells: CellId<Unsigned>,
    parts: Shared<Parts<V>>,
}

struct Parts<V: HistogramValue> {
    settings: HistogramSettings<V>,
    cells: Cells<Unsigned>,
    /// The sum of floating-point numbers.
    float_sum: Option<Cells<Float>>,
}

impl<V: HistogramValue> Clone for Histogram<V> {
    fn clone(&self) -> Self {
        Self { cells: self.cells, parts: self.parts.clone() }
    }
}

impl<V: HistogramValue> fmt::Debug for Histogram<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Histogram").field("bounds", &self.parts.settings.exposed()).finish_non_exhaustive()
    }
}

impl<V: HistogramValue> Histogram<V> {
    /// Counts a value.
    #[inline]
    pub fn observe(&self, value: V) {
        self.observe_measure(value.measure());
    }

    /// Counts a value as it is kept: a duration as its nanoseconds.
    #[inline]
    pub(crate) fn observe_measure(&self, measure: V::Measure) {
        let parts = &self.parts;
        measure.count(self.cells, parts.settings.bucket(measure) + 1, &parts.float_sum);
    }
}

impl Histogram<Duration> {
    /// Starts a timer that observes the time until it is dropped.
    pub fn start(&self) -> Timer {
        Timer::start(self.clone())
    }

    /// Runs `f` and observes how long it took, even when it ends by a panic.
    pub fn time<R>(&self, f: impl FnOnce() -> R) -> R {
        let _timer = self.start();
        f()
    }
}

impl<V: HistogramValue> Metric for Histogram<V> {}

impl<V: HistogramValue> Storage for Histogram<V> {
    type Settings = HistogramSettings<V>;
    const KIND: MetricKind = MetricKind::Histogram;

    const UNIT: Option<&'static str> = if V::NANOSECONDS { Some("seconds") } else { None };

    fn settings(buckets: Option<Buckets>) -> Result<Self::Settings, String> {
        HistogramSettings::new(buckets)
    }

    fn allocate(settings: &Self::Settings) -> Option<(Self, Owner)> {
        let cells = Cells::allocate(settings.exposed().len() as u16 + 2)?;
        let first = cells.first();
        let float_sum = if V::Measure::FLOAT_SUM { Some(Cells::allocate(1)?) } else { None };
        let (parts, owner) = Shared::new(Parts { settings: settings.clone(), cells, float_sum })?;
        Some((Self { cells: first, parts }, owner))
    }

    fn read(&self, reading: &mut Reading, read: &mut dyn FnMut(Sample<'_>)) {
        let float_sum = self.parts.float_sum.as_ref().map(|sum| reading.one(sum));
        let Some((&first, counts)) = reading.range(&self.parts.cells).split_first() else { return };
        let (sum, not_numbers) = match float_sum {
            Some(sum) => (sum, first),
            None => (first as f64 / V::per_unit(), 0),
        };
        read(Sample::Histogram(HistogramSample {
            bounds: self.parts.settings.exposed(),
            counts,
            sum,
            not_numbers,
        }));
    }

    fn buckets(settings: &Self::Settings) -> Option<(&'static str, Vec<f64>)> {
        Some((V::NAME, settings.exposed().to_vec()))
    }
}

/// A type whose values a [`Histogram`] counts: [`Duration`], `u64` and `f64`. Others cannot implement it.
#[diagnostic::on_unimplemented(
    message = "a histogram cannot observe `{Self}`",
    label = "not `Duration`, `u64` or `f64`",
    note = "a histogram observes `Duration`, `u64` or `f64`: convert to one of them"
)]
pub trait HistogramValue: Copy + Send + Sync + value::Value {}

impl HistogramValue for Duration {}
impl HistogramValue for u64 {}
impl HistogramValue for f64 {}
