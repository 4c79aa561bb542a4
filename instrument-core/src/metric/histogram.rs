use std::fmt;
use std::time::Duration;

use self::value::Counted as _;
use super::Timer;
use super::storage::Storage;
use crate::buckets::Bounds;
use crate::cells::{self, CellId, Cells, Float, Owner, Reading, Shared, Unsigned};
use crate::collect::{HistogramSample, Sample};
use crate::description::MetricKind;
use crate::{Buckets, Metric, clock};

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
        measure.count(self.cells, parts.settings.bounds.bucket(measure) + 1, &parts.float_sum);
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

/// What all histograms of a family share: the bounds, and the table that finds a value's bucket.
pub struct HistogramSettings<V: HistogramValue> {
    bounds: Bounds<V::Measure>,
}

impl<V: HistogramValue> HistogramSettings<V> {
    /// The settings for buckets that the values can fall into, or the rule that the buckets break.
    fn new(buckets: Option<Buckets>) -> Result<Self, String> {
        let buckets = buckets.unwrap_or_else(V::default_buckets);
        buckets.check()?;
        match buckets.bounds().first() {
            Some(bound) if *bound < 0.0 && !V::NEGATIVE => {
                return Err(format!(
                    "the bound {bound:?} is below 0, which no `{}` is: leave it out",
                    V::NAME
                ));
            }
            _ => {}
        }
        if V::NANOSECONDS {
            clock::prepare();
        }
        Ok(Self { bounds: Bounds::new(buckets.bounds(), V::per_unit()) })
    }

    fn exposed(&self) -> &[f64] {
        self.bounds.exposed()
    }
}

impl<V: HistogramValue> Clone for HistogramSettings<V> {
    fn clone(&self) -> Self {
        Self { bounds: self.bounds.clone() }
    }
}

impl<V: HistogramValue> PartialEq for HistogramSettings<V> {
    fn eq(&self, other: &Self) -> bool {
        self.exposed() == other.exposed()
    }
}

impl<V: HistogramValue> fmt::Debug for HistogramSettings<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.exposed().fmt(f)
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

pub(crate) mod value {
    use super::{Buckets, CellId, Cells, Duration, Float, Unsigned, cells};
    use crate::buckets::Measure;

    /// How values are kept. Out of reach for other crates.
    pub trait Value: 'static {
        /// The number that is kept.
        type Measure: Counted;

        const NAME: &'static str;

        /// Whether a value can be below 0.
        const NEGATIVE: bool = false;

        /// Whether values are kept as nanoseconds and shown as seconds.
        const NANOSECONDS: bool = false;

        fn measure(self) -> Self::Measure;

        fn default_buckets() -> Buckets;

        /// How many of what is kept make one of what is shown.
        fn per_unit() -> f64 {
            if Self::NANOSECONDS { 1e9 } else { 1.0 }
        }
    }

    impl Value for Duration {
        type Measure = u64;
        const NAME: &'static str = "Duration";
        const NANOSECONDS: bool = true;

        #[inline]
        fn measure(self) -> u64 {
            self.as_secs().saturating_mul(1_000_000_000).saturating_add(u64::from(self.subsec_nanos()))
        }

        fn default_buckets() -> Buckets {
            Buckets::latency()
        }
    }

    impl Value for u64 {
        type Measure = u64;
        const NAME: &'static str = "u64";

        #[inline]
        fn measure(self) -> u64 {
            self
        }

        fn default_buckets() -> Buckets {
            Buckets::exponential(1.0, 4.0, 16)
        }
    }

    impl Value for f64 {
        type Measure = f64;
        const NAME: &'static str = "f64";
        const NEGATIVE: bool = true;

        #[inline]
        fn measure(self) -> f64 {
            self
        }

        fn default_buckets() -> Buckets {
            Buckets::latency()
        }
    }

    /// A number that cells can count and sum.
    pub trait Counted: Measure {
        /// Whether the sum needs a cell for floating-point numbers.
        const FLOAT_SUM: bool;

        /// Adds the number to the cell of its bucket, given by its place, and to the sum.
        fn count(self, cells: CellId<Unsigned>, bucket: u16, float_sum: &Option<Cells<Float>>);
    }

    impl Counted for u64 {
        const FLOAT_SUM: bool = false;

        #[inline]
        fn count(self, cells: CellId<Unsigned>, bucket: u16, _: &Option<Cells<Float>>) {
            cells::add_each(cells, [(bucket, 1), (0, self)]);
        }
    }

    impl Counted for f64 {
        const FLOAT_SUM: bool = true;

        #[inline]
        fn count(self, cells: CellId<Unsigned>, bucket: u16, float_sum: &Option<Cells<Float>>) {
            if self.is_nan() {
                cells::add(cells, 1);
            } else if let Some(sum) = float_sum {
                cells::add(cells.nth(bucket), 1);
                cells::add(sum.first(), self);
            }
        }
    }
}
