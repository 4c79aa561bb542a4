//! The one walk over a registry: what every encoder, exporter and test reads. `histogram.rs` and `native.rs` are what a histogram holds.

mod histogram;
mod native;

use std::any::TypeId;
use std::borrow::Cow;
use std::fmt;
use std::ops::ControlFlow;
use std::sync::OnceLock;
use std::time::SystemTime;

use crate::description::Description;
use crate::exemplar::RecordedExemplar;
use crate::series::JoinedTexts;

pub use self::histogram::HistogramSample;
pub(crate) use self::native::NativeCounts;
pub use self::native::NativeSample;

/// Receives a registry's families, one after the other, each followed by its series.
///
/// The walk builds nothing: it suits registries of a million series. Families come in the order of their names, series in the
/// order in which they were made, but that a new one can take the place of one that was removed. Numbers are read as the walk comes by, each
/// series at its own moment. A histogram's count is always that of its buckets; the sum may be some observations ahead or behind.
/// Recording goes on meanwhile, and new series can appear.
///
/// ```
/// use std::ops::ControlFlow;
///
/// use instrument_core::{Description, Registry, Sample, Series, Visitor};
///
/// #[derive(Default)]
/// struct Count {
///     families: usize,
///     series: usize,
/// }
///
/// impl Visitor for Count {
///     fn family(&mut self, _: &Description) -> ControlFlow<()> {
///         self.families += 1;
///         ControlFlow::Continue(())
///     }
///
///     fn series(&mut self, _: &Description, _: &Series<'_>, _: &Sample<'_>) -> ControlFlow<()> {
///         self.series += 1;
///         ControlFlow::Continue(())
///     }
/// }
///
/// let registry = Registry::new();
/// registry.counter("jobs", "Jobs run.").register()?;
/// registry.gauge("load", "Load of the machine.").register()?;
/// let mut count = Count::default();
/// registry.visit(&mut count);
/// assert_eq!((count.families, count.series), (2, 2));
/// # Ok::<(), instrument_core::Error>(())
/// ```
pub trait Visitor {
    /// A family begins, whether or not it has series yet. `Break` ends the walk.
    fn family(&mut self, _family: &Description) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    /// A series of the family that began last, and what it holds. `Break` ends the walk.
    fn series(&mut self, family: &Description, series: &Series<'_>, sample: &Sample<'_>) -> ControlFlow<()>;
}

/// What a series holds.
///
/// ```
/// use std::ops::ControlFlow;
///
/// use instrument_core::{Description, Registry, Sample, Series, Visitor};
///
/// /// Adds up all counters.
/// #[derive(Default)]
/// struct Total(u64);
///
/// impl Visitor for Total {
///     fn series(&mut self, _: &Description, _: &Series<'_>, sample: &Sample<'_>) -> ControlFlow<()> {
///         if let Sample::Counter(count) = sample {
///             self.0 += count;
///         }
///         ControlFlow::Continue(())
///     }
/// }
///
/// let registry = Registry::new();
/// registry.counter("read", "Bytes read.").register()?.inc_by(30);
/// registry.counter("written", "Bytes written.").register()?.inc_by(12);
/// registry.gauge("load", "Load of the machine.").register()?.set(0.7);
///
/// let mut total = Total::default();
/// registry.visit(&mut total);
/// assert_eq!(total.0, 42);
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Sample<'a> {
    /// Of a [`Counter`](crate::Counter).
    Counter(u64),
    /// Of a counter with fractions, as a [`Collector`](crate::Collector) can emit it. Its kind is that of a counter.
    FloatCounter(f64),
    /// Of a [`Gauge`](crate::Gauge).
    Gauge(f64),
    /// Of an [`UpDownCounter`](crate::UpDownCounter).
    UpDownCounter(i64),
    /// Of a [`Histogram`](crate::Histogram).
    Histogram(HistogramSample<'a>),
    /// Of an [`Info`](crate::Info): the labels say it all, and the number is 1.
    Info,
    /// Of a [`StateSet`](crate::StateSet).
    StateSet(StateSetSample<'a>),
}

/// The states of a [`StateSet`](crate::StateSet), and which of them are active.
///
/// ```
/// use std::ops::ControlFlow;
///
/// use instrument_core::{Description, Registry, Sample, Series, Visitor};
///
/// #[derive(Default)]
/// struct Active(Vec<String>);
///
/// impl Visitor for Active {
///     fn series(&mut self, _: &Description, _: &Series<'_>, sample: &Sample<'_>) -> ControlFlow<()> {
///         if let Sample::StateSet(set) = sample {
///             self.0.extend(set.states().filter(|(_, active)| *active).map(|(name, _)| name.to_owned()));
///         }
///         ControlFlow::Continue(())
///     }
/// }
///
/// let registry = Registry::new();
/// registry.state_set::<bool>("frozen", "Whether nothing moves.").register()?.set(&true);
///
/// let mut active = Active::default();
/// registry.visit(&mut active);
/// assert_eq!(active.0, ["true"]);
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StateSetSample<'a> {
    pub(crate) names: &'a [Box<str>],
    /// Bit `i` is set when the state of index `i` is active.
    pub(crate) active: u64,
}

impl<'a> StateSetSample<'a> {
    /// The names of all states in their order, and whether each is active. Each is a sample of its own in an exposition, with a
    /// label that is named as the family.
    pub fn states(&self) -> impl Iterator<Item = (&'a str, bool)> + use<'a> {
        let active = self.active;
        self.names.iter().enumerate().map(move |(index, name)| (&**name, active >> index & 1 == 1))
    }
}

/// The labels of a series, and the exemplars that are kept with it.
///
/// ```
/// use std::ops::ControlFlow;
///
/// use instrument_core::{Description, Exemplar, Labels, Registry, Sample, Series, Visitor};
///
/// #[derive(Labels)]
/// struct Language<'a> {
///     lang: &'a str,
/// }
///
/// struct Look;
///
/// impl Visitor for Look {
///     fn series(&mut self, _: &Description, series: &Series<'_>, _: &Sample<'_>) -> ControlFlow<()> {
///         assert!(series.labels().eq([("region", "eu"), ("lang", "fr")]));
///         assert_eq!(series.exemplars().len(), 1);
///         assert!(series.created().is_some());
///         ControlFlow::Continue(())
///     }
/// }
///
/// let registry = Registry::builder().constant_label("region", "eu").build()?;
/// let served = registry.counter("quotes_served", "Quotations served.").labels::<Language>().register()?;
/// served.with(&Language { lang: "fr" }).inc_with(Exemplar::trace_id("4bf9"));
/// registry.visit(&mut Look);
/// # Ok::<(), instrument_core::Error>(())
/// ```
pub struct Series<'a> {
    pub(crate) constant: &'a [(String, String)],
    pub(crate) names: &'a [String],
    pub(crate) has_plain_names: bool,
    pub(crate) texts: &'a JoinedTexts,
    pub(crate) created: Option<SystemTime>,
    pub(crate) kept: &'a Kept,
    pub(crate) exemplars: &'a (dyn Fn() -> Vec<RecordedExemplar> + Sync),
}

/// Bytes that an encoder keeps with a series, and whose they are.
pub(crate) type Kept = OnceLock<(TypeId, Box<[u8]>)>;

impl<'a> Series<'a> {
    /// Names and values of the labels: the registry's constant ones first, then the family's in their order. Labels with an
    /// empty value are left out, as every exposition does.
    pub fn labels(&self) -> impl Iterator<Item = (&'a str, &'a str)> + Clone + use<'a> {
        let constant = self.constant.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let own = self.names.iter().map(String::as_str).zip(self.texts.iter());
        constant.chain(own).filter(|(_, value)| !value.is_empty())
    }

    /// Whether the names of all labels are of ASCII letters, digits and `_`, and so the same in each exposition: always, but in a registry with
    /// [`utf8_names`](crate::RegistryBuilder::utf8_names).
    #[must_use]
    pub fn has_plain_names(&self) -> bool {
        self.has_plain_names
    }

    /// The exemplars, in the order of their values.
    ///
    /// There is the last one of each explicit bucket that had one, or of each power of two where there are native buckets alone; for a counter the last
    /// one of all. They are read, and copied, when this is called. Other readers wait meanwhile; what is recorded does not.
    #[must_use]
    pub fn exemplars(&self) -> Vec<RecordedExemplar> {
        (self.exemplars)()
    }

    /// When the series was made: it has counted from zero since. One that was removed or has expired, and comes back, has a new one.
    /// Nothing for what functions compute and collectors emit.
    #[must_use]
    pub fn created(&self) -> Option<SystemTime> {
        self.created
    }

    /// What `encode` has made of the labels, kept with the series: made at the first call, and borrowed ever after.
    ///
    /// A series keeps the bytes of one `Owner`, a type that stands for a way to write labels: the first that asks. For others `encode` runs
    /// each time.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    ///
    /// use instrument_core::{Description, Registry, Sample, Series, Visitor};
    ///
    /// /// Writes all labels as `name=value`, which is worked out at its first visit only.
    /// #[derive(Default)]
    /// struct Plain(Vec<u8>);
    ///
    /// impl Visitor for Plain {
    ///     fn series(&mut self, _: &Description, series: &Series<'_>, _: &Sample<'_>) -> ControlFlow<()> {
    ///         let written = series.kept::<Plain>(|series| {
    ///             let pairs: Vec<String> = series.labels().map(|(name, value)| format!("{name}={value}")).collect();
    ///             pairs.join(",").into_bytes()
    ///         });
    ///         self.0.extend_from_slice(&written);
    ///         ControlFlow::Continue(())
    ///     }
    /// }
    ///
    /// let registry = Registry::builder().constant_label("region", "eu").constant_label("zone", "b").build()?;
    /// registry.counter("jobs", "Jobs run.").register()?;
    ///
    /// let mut plain = Plain::default();
    /// registry.visit(&mut plain);
    /// assert_eq!(plain.0, b"region=eu,zone=b");
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn kept<Owner: 'static>(&self, encode: impl Fn(&Self) -> Vec<u8>) -> Cow<'a, [u8]> {
        let owner = TypeId::of::<Owner>();
        match self.kept.get_or_init(|| (owner, encode(self).into_boxed_slice())) {
            (kept_for, bytes) if *kept_for == owner => Cow::Borrowed(bytes),
            _ => Cow::Owned(encode(self)),
        }
    }
}

impl fmt::Debug for Series<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.labels()).finish()
    }
}
