//! Families: metrics of one name, told apart by labels.

mod core;
mod function;
mod record;

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

pub(crate) use self::core::{AnyFamily, FamilyCore, Limits, Losses, OVERFLOW};
pub(crate) use self::function::{Computed, Function, FunctionFamily};
use crate::cells::{self, CellId, Here, Unsigned};
use crate::{Labels, Metric};

/// Finite label sets of at most this many values are numbered, and filled with zeros.
pub(crate) const DENSE: usize = 4096;

/// How many numbers the sets of a type of labels need; none where there are too many, or an open number.
pub(crate) fn numbers_of<L: Labels>() -> usize {
    L::CARDINALITY.filter(|&sets| sets <= DENSE).unwrap_or(0)
}

/// Metrics of one name, told apart by their labels.
///
/// Made by [`labels`](crate::MetricBuilder::labels) at registration. A clone is another handle on the same family.
///
/// ```
/// use instrument_core::{Labels, Registry};
///
/// #[derive(Labels)]
/// struct Language<'a> {
///     lang: &'a str,
/// }
///
/// let registry = Registry::new();
/// let served = registry.counter("quotes_served", "Quotations served.").labels::<Language>().register()?;
/// served.with(&Language { lang: "fr" }).inc();
///
/// // A handle can be kept: it spares the look-up.
/// let latin = served.with(&Language { lang: "la" });
/// latin.inc_by(2);
/// assert_eq!(served.len(), 2);
/// # Ok::<(), instrument_core::Error>(())
/// ```
///
/// # Labels with a lifetime
///
/// A family that is kept has labels of `'static`, `Family<Language<'static>, Counter>`, and looks up shorter-lived ones all the same: the text is copied
/// when a series is made, and only then.
///
/// # Cost
///
/// Looking up a series hashes the label texts once and reads without a lock. If all labels have a known number of values, 4096 sets in all or
/// fewer, it is one index into a table. The first look-up of a series makes it, under a lock that look-ups of others do not take.
///
/// [`with`](Self::with) gives a handle, which is counted when it is made and when it is dropped. `inc`, `inc_by`, `dec`, `add` and `observe` of the family itself
/// record without one, for half the cost: they are for labels that are other ones each time. A handle that is kept is cheaper than both.
///
/// # Zeros
///
/// The series of such a finite set are all there from registration, at zero, unless [`zero_fill`](crate::FamilyBuilder::zero_fill) says
/// otherwise, they are more than `max_series`, or the metric is an [`Info`](crate::Info): so the first error is an increase, and not the birth of a series that no `rate` sees.
///
/// # Bounds
///
/// A family has at most `max_series` series, 10,000 unless [set](crate::FamilyBuilder::max_series) otherwise. Records for label sets beyond
/// go to one series whose label values are all `__overflow__`; each look-up of it is counted in
/// `instrument_overflow_total{family="…"}` of the same registry. A registry can have a bound for all its families
/// [together](crate::RegistryBuilder::max_series). Label texts longer than 4096 bytes are cut.
///
/// Series go when they are [removed](Self::remove), or when they have been [idle](crate::FamilyBuilder::idle_timeout) for long enough.
pub struct Family<L, M: Metric> {
    core: Arc<FamilyCore<M>>,
    /// Whether the label sets are found by their index.
    numbered: bool,
    /// The cell of the series with the index 0, if the others follow.
    first_lent: Option<CellId<Unsigned>>,
    /// Covariant in the labels: a family of `Language<'static>` looks up a `Language<'_>` too.
    labels: PhantomData<fn() -> L>,
}

impl<L: Labels, M: Metric> Family<L, M> {
    pub(crate) fn new(core: Arc<FamilyCore<M>>, zero_fill: bool) -> Self {
        let numbered = match L::CARDINALITY {
            Some(sets @ 1..=DENSE) if sets <= core.max_series() => {
                core.number::<L>(sets, zero_fill && M::ZERO_FILL)
            }
            _ => false,
        };
        let first_lent = if numbered { core.first_lent() } else { None };
        Self { core, numbered, first_lent, labels: PhantomData }
    }

    /// The metric with these labels, made at zero if there is none yet.
    #[inline(always)]
    pub fn with(&self, labels: &L) -> M {
        self.at(labels, M::handle)
    }

    /// Does something at the metric with these labels, and with the thread's cells.
    #[inline(always)]
    fn at<R>(&self, labels: &L, act: impl Fn(&M, Here) -> R) -> R {
        // Known when it is compiled: each type of labels has the code of one way inlined.
        let found = match L::CARDINALITY {
            Some(_) if self.numbered => self.core.at_number(labels.index(), &act),
            Some(_) => None,
            None => self.core.at(labels, &act),
        };
        match found {
            Some(done) => done,
            None => self.at_otherwise(labels, act),
        }
    }

    /// The same for labels that were not found by the way that is inlined: they are of a new series, or of one that has no number.
    #[inline(never)]
    fn at_otherwise<R>(&self, labels: &L, act: impl Fn(&M, Here) -> R) -> R {
        let known = if L::CARDINALITY.is_some() { self.core.at(labels, &act) } else { None };
        known.unwrap_or_else(|| {
            let number = self.numbered.then(|| labels.index());
            act(&self.core.with_first(labels, number), cells::here())
        })
    }

    /// Takes the series with these labels out of the family, and says whether there was one.
    ///
    /// Handles on it that are kept elsewhere still count, unseen. The next look-up makes a new series, at zero. The memory of a
    /// removed series is given back a little later, when no look-up can be reading it any more and no handle is left.
    ///
    /// ```
    /// use instrument_core::{Labels, Registry};
    ///
    /// #[derive(Labels)]
    /// struct Language<'a> {
    ///     lang: &'a str,
    /// }
    ///
    /// let registry = Registry::new();
    /// let served = registry.counter("quotes_served", "Quotations served.").labels::<Language>().register()?;
    /// served.with(&Language { lang: "fr" }).inc();
    ///
    /// assert!(served.remove(&Language { lang: "fr" }));
    /// assert!(!served.remove(&Language { lang: "fr" }));
    /// assert!(served.is_empty());
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn remove(&self, labels: &L) -> bool {
        self.core.remove(labels)
    }

    /// Keeps the series for whose labels `keep` returns true, and takes out the others, as [`remove`](Self::remove) does. The labels
    /// are given as (name, value) in the order of the fields.
    ///
    /// ```
    /// use instrument_core::{Labels, Registry};
    ///
    /// #[derive(Labels)]
    /// struct Language<'a> {
    ///     lang: &'a str,
    /// }
    ///
    /// let registry = Registry::new();
    /// let served = registry.counter("quotes_served", "Quotations served.").labels::<Language>().register()?;
    /// for lang in ["fr", "la", "en"] {
    ///     served.with(&Language { lang }).inc();
    /// }
    ///
    /// served.retain(|labels| labels != [("lang", "la")]);
    /// assert_eq!(served.len(), 2);
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn retain(&self, keep: impl FnMut(&[(&str, &str)]) -> bool) {
        self.core.retain(keep);
    }

    /// How many series there are, that of the overflow not among them.
    #[must_use]
    pub fn len(&self) -> usize {
        self.core.len()
    }

    /// Whether there are no series yet.
    ///
    /// ```
    /// use instrument_core::{Labels, Registry};
    ///
    /// #[derive(Labels)]
    /// struct Language<'a> {
    ///     lang: &'a str,
    /// }
    ///
    /// let registry = Registry::new();
    /// let served = registry.counter("quotes_served", "Quotations served.").labels::<Language>().register()?;
    /// assert!(served.is_empty());
    /// served.with(&Language { lang: "fr" });
    /// assert!(!served.is_empty());
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<L, M: Metric> Clone for Family<L, M> {
    fn clone(&self) -> Self {
        Self {
            core: Arc::clone(&self.core),
            numbered: self.numbered,
            first_lent: self.first_lent,
            labels: PhantomData,
        }
    }
}

impl<L, M: Metric> fmt::Debug for Family<L, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Family").field("name", &self.core.description().name).finish_non_exhaustive()
    }
}
