//! Values counted by size: `settings.rs` is what the series of a family share, `value.rs` how each type of value is kept, `native.rs` has the cells of
//! native buckets, which it finds by `slot_slices.rs` and `slot_table.rs`.

mod native;
mod settings;
mod slot_slices;
mod slot_table;
mod value;

use std::fmt;
use std::time::Duration;

use self::native::{NativeCells, Place};
use self::settings::HistogramSettings;
use self::value::Counted as _;
use super::Timer;
use super::storage::Storage;
use crate::buckets::{Measure, NativeBuckets};
use crate::cells::{self, CellId, Cells, Float, Handled, Here, Near, Owner, Reading, Shared, Unsigned};
use crate::collect::{HistogramSample, Sample};
use crate::description::MetricKind;
use crate::exemplar::{BucketExemplars, Drops, Exemplar, RecordedExemplar};
use crate::{Buckets, Metric};

/// Values counted by size: durations, bytes, items.
///
/// A clone is another handle on the same histogram. An observation adds to two cells of the calling thread, the bucket and the
/// sum; the count is the sum of the buckets, computed when read, so that what is read never contradicts itself.
///
/// The memory of explicit buckets is fixed at registration. A [native](Buckets::native) bucket takes memory once a value has fallen into it, beside a table of 2 KB or so: the first
/// value allocates under a lock, which no reader takes, and all others cost little more than with explicit buckets. With both, an observation is still one
/// addition to a bucket: a cell stands for what one native and one explicit bucket have in common. The few values near a bound of either kind that
/// lies close to another cost twice as much.
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
    /// First the sum of whole numbers, or the count of NaN; then cells for buckets.
    cells: CellId<Unsigned>,
    parts: Shared<Parts<V>>,
}

struct Parts<V: HistogramValue> {
    settings: HistogramSettings<V>,
    cells: BucketCells<V::Measure>,
    /// The sum of floating-point numbers.
    float_sum: Option<Cells<Float>>,
    exemplars: BucketExemplars,
    drops: Drops,
}

impl<V: HistogramValue> Parts<V> {
    /// Out of line, so that the code of explicit buckets is short enough to be inlined. What seldom happens is the last that is done, so that no registers
    /// are saved for it.
    #[inline(never)]
    fn count_native(&self, here: Here, cells: &NativeCells<V::Measure>, measure: V::Measure) {
        match cells.find_at_once(measure) {
            Some(Place { first, place }) => measure.count(here, first, place, &self.float_sum),
            None => self.count_native_slowly(here, cells, measure),
        }
    }

    #[inline(never)]
    fn count_native_slowly(&self, here: Here, cells: &NativeCells<V::Measure>, measure: V::Measure) {
        let Place { first, place } = cells.find(measure).unwrap_or_else(|| cells.populate(measure));
        measure.count(here, first, place, &self.float_sum);
    }

    /// Keeps the exemplar of a value, or counts it as dropped.
    fn keep(&self, measure: V::Measure, exemplar: Exemplar) {
        // What is not a number is in no bucket.
        if measure.is_nan() {
            return self.drops.count();
        }
        let value = measure.to_f64() / V::per_unit();
        if self.settings.native().is_some() && self.settings.exposed().is_empty() {
            return self.exemplars.put_by_power(exemplar, value, &self.drops);
        }
        let (bucket, buckets) = (self.settings.bucket(measure) as usize, self.settings.exposed().len() + 1);
        self.exemplars.put(exemplar, value, bucket, buckets, &self.drops);
    }
}

enum BucketCells<M: Measure> {
    /// A cell for each bucket, `+Inf` included.
    Explicit(Cells<Unsigned>),
    /// A cell for each bucket that has values, whether or not there are explicit ones too.
    Native(Box<NativeCells<M>>),
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

    /// Counts a value, and keeps the exemplar, if it is one, in the place of its bucket's one before. Where there are native buckets
    /// alone, one is kept for each power of two.
    ///
    /// The exemplar costs a look at the clock and an allocation, and takes no lock; the first one of a histogram allocates a pointer for
    /// each explicit bucket or power of two. One that breaks a rule is [dropped](Exemplar#bounds), and so is that of `NaN`.
    ///
    /// ```
    /// use instrument_core::{Buckets, Exemplar, Registry};
    ///
    /// let registry = Registry::new();
    /// let sizes = registry.histogram::<u64>("rows", "Rows found.").buckets(Buckets::explicit([10.0, 100.0])).register()?;
    /// for (rows, trace) in [(7, "a1"), (8, "b2"), (500, "c3")] {
    ///     sizes.observe_with(rows, Exemplar::trace_id(trace));
    /// }
    ///
    /// let snapshot = registry.snapshot();
    /// let kept = snapshot.exemplars("rows", &[]).iter().map(|exemplar| (exemplar.bucket(), exemplar.value()));
    /// assert!(kept.eq([(Some(0), 8.0), (Some(2), 500.0)]));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn observe_with(&self, value: V, exemplar: impl Into<Option<Exemplar>>) {
        self.observe_measure_with(value.measure(), exemplar.into());
    }

    pub(crate) fn observe_measure_with(&self, measure: V::Measure, exemplar: Option<Exemplar>) {
        self.observe_measure(measure);
        if let Some(exemplar) = exemplar {
            self.parts.keep(measure, exemplar);
        }
    }

    /// Counts a value as it is kept: a duration as its nanoseconds.
    #[inline]
    pub(crate) fn observe_measure(&self, measure: V::Measure) {
        self.observe_here(cells::here(), measure);
    }

    /// The same for who has found the thread's cells already.
    #[inline(always)]
    pub(crate) fn observe_here(&self, here: Here, measure: V::Measure) {
        let parts = &*self.parts;
        if measure.is_nan() {
            return here.add(self.cells, 1);
        }
        match &parts.cells {
            BucketCells::Explicit(_) => {
                measure.count(here, self.cells, parts.settings.bucket(measure) + 1, &parts.float_sum);
            }
            BucketCells::Native(cells) => parts.count_native(here, cells, measure),
        }
    }
}

impl Histogram<Duration> {
    /// Counts a duration if that needs no call, and says whether it did: if the bucket is found at once, and the cells are near.
    #[inline(always)]
    pub(crate) fn observe_at_once(&self, here: Here, nanoseconds: u64) -> bool {
        let Some((cells, place)) = self.cells_at_once(here, nanoseconds) else { return false };
        cells.add(place, 1);
        cells.add(0, nanoseconds);
        true
    }

    #[inline(always)]
    fn cells_at_once(&self, here: Here, nanoseconds: u64) -> Option<(Near<Unsigned>, u32)> {
        match &self.parts.cells {
            BucketCells::Explicit(_) => {
                Some((here.near(self.cells)?, self.parts.settings.bucket_at_once(nanoseconds)? + 1))
            }
            BucketCells::Native(cells) => {
                let Place { first, place } = cells.find_at_once(nanoseconds)?;
                Some((here.near(first)?, place))
            }
        }
    }

    /// Starts a timer that observes the time until it is dropped.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use instrument_core::Registry;
    ///
    /// let registry = Registry::new();
    /// let lookup = registry.histogram::<Duration>("lookup", "Time to look up a quotation.").register()?;
    /// {
    ///     let _timer = lookup.start();
    ///     // ... look up, and return or fail wherever you like ...
    /// }
    /// assert_eq!(registry.snapshot().histogram("lookup", &[]).unwrap().count(), 1);
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
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

    fn allocate(settings: &Self::Settings, drops: &Drops) -> Option<(Self, Owner)> {
        let cells = match settings.native() {
            None => BucketCells::Explicit(Cells::allocate(settings.exposed().len() as u16 + 2)?),
            Some(native) => BucketCells::Native(Box::new(NativeCells::allocate(native)?)),
        };
        let first = match &cells {
            BucketCells::Explicit(cells) => cells.first(),
            BucketCells::Native(cells) => cells.first(),
        };
        let float_sum = if V::Measure::FLOAT_SUM { Some(Cells::allocate(1)?) } else { None };
        let (parts, owner) = Shared::new(Parts {
            settings: settings.clone(),
            cells,
            float_sum,
            exemplars: BucketExemplars::default(),
            drops: drops.clone(),
        })?;
        Some((Self { cells: first, parts }, owner))
    }

    #[inline(always)]
    fn handle(&self, here: Here) -> Self {
        Self { cells: self.cells, parts: self.parts.handle(here) }
    }

    fn shared(&self) -> &dyn Handled {
        &self.parts
    }

    fn read(&self, reading: &mut Reading, read: &mut dyn FnMut(Sample<'_>)) {
        let Parts { settings, cells, float_sum, .. } = &*self.parts;
        let float_sum = float_sum.as_ref().map(|sum| reading.one(sum));
        // What the first cell holds is the count of NaN where sums are of floating-point numbers.
        let sum = |whole: u64| float_sum.unwrap_or(whole as f64 / V::per_unit());
        let not_numbers = |first: u64| if V::Measure::FLOAT_SUM { first } else { 0 };
        match cells {
            BucketCells::Explicit(cells) => {
                let Some((&first, counts)) = reading.range(cells).split_first() else { return };
                read(Sample::Histogram(HistogramSample {
                    bounds: settings.exposed(),
                    counts,
                    native: None,
                    sum: sum(first),
                    not_numbers: not_numbers(first),
                }));
            }
            BucketCells::Native(cells) => {
                let cells = cells.read(reading);
                read(Sample::Histogram(HistogramSample {
                    bounds: settings.exposed(),
                    counts: &cells.explicit,
                    native: Some(cells.native.sample()),
                    sum: sum(cells.sum),
                    not_numbers: not_numbers(cells.first),
                }));
            }
        }
    }

    fn recorded(&self, reading: &mut Reading) -> Option<u64> {
        Some(match &self.parts.cells {
            BucketCells::Explicit(cells) => reading.mixed(cells),
            BucketCells::Native(cells) => cells.recorded(reading),
        })
    }

    fn exemplars(&self) -> Vec<RecordedExemplar> {
        self.parts.exemplars.read()
    }

    fn buckets(settings: &Self::Settings) -> Option<(&'static str, Vec<f64>)> {
        Some((V::NAME, settings.exposed().to_vec()))
    }

    fn native_buckets(settings: &Self::Settings) -> Option<NativeBuckets> {
        settings.native_buckets()
    }
}

/// A type whose values a [`Histogram`] counts: [`Duration`], `u64` and `f64`. Others cannot implement it.
///
/// ```
/// use instrument_core::{Histogram, HistogramValue, Registry};
///
/// fn observe_all<V: HistogramValue>(histogram: &Histogram<V>, values: &[V]) {
///     values.iter().for_each(|value| histogram.observe(*value));
/// }
///
/// let registry = Registry::new();
/// let rows = registry.histogram::<u64>("rows", "Rows read.").register()?;
/// observe_all(&rows, &[3, 4]);
/// assert_eq!(registry.snapshot().histogram("rows", &[]).unwrap().count(), 2);
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "a histogram cannot observe `{Self}`",
    label = "not `Duration`, `u64` or `f64`",
    note = "a histogram observes `Duration`, `u64` or `f64`: convert to one of them"
)]
pub trait HistogramValue: Copy + Send + Sync + value::Value {}

impl HistogramValue for Duration {}
impl HistogramValue for u64 {}
impl HistogramValue for f64 {}

#[cfg(test)]
mod tests;
