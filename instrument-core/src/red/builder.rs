use std::marker::PhantomData;
use std::panic::Location;

use super::{AskedBeside, Outcomes, Red, RedCore, RedFamily, RedRegistration};
use crate::label::{KnownValues, Texts};
use crate::{Buckets, Error, LabelValue, Labels, Registry};

/// Sets up a [`Red`], or a family of them.
///
/// ```
/// use instrument_core::{Buckets, Red, Registry};
///
/// let registry = Registry::new();
/// let calls = Red::builder("backend_call")
///     .help("Calls of the backend.")
///     .buckets(Buckets::latency())
///     .outcomes(["timeout"])
///     .register(&registry)?;
/// calls.start().ok();
/// calls.start().end("timeout");
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "the metrics count only once they are registered"]
pub struct RedBuilder<'a> {
    name: &'a str,
    help: Option<&'a str>,
    buckets: Buckets,
    outcomes: Outcomes,
    defined_at: &'static Location<'static>,
}

impl<'a> RedBuilder<'a> {
    #[track_caller]
    pub(super) fn new(name: &'a str) -> Self {
        Self {
            name,
            help: None,
            buckets: Buckets::function(),
            outcomes: Outcomes::default(),
            defined_at: Location::caller(),
        }
    }

    /// Says what the operation is. Without it the help text has the operation's name.
    pub fn help(mut self, help: &'a str) -> Self {
        self.help = Some(help);
        self
    }

    /// Sets the buckets, in seconds.
    pub fn buckets(mut self, buckets: Buckets) -> Self {
        self.buckets = buckets;
        self
    }

    /// Says which outcomes there are beside `ok`, `error`, `cancelled` and `panic`: at most 64. Each has a series from the start, at zero.
    ///
    /// A span [ends](crate::RedSpan::end) by one of them, and one that ends by another counts as `_OTHER`.
    pub fn outcomes(mut self, outcomes: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        outcomes.into_iter().for_each(|outcome| self.outcomes.add(outcome.as_ref()));
        self
    }

    /// Says which outcomes there are by an enum: all its values, beside those that [`outcomes`](Self::outcomes) names.
    ///
    /// ```
    /// use instrument_core::{LabelValue, Red, Registry};
    ///
    /// #[derive(LabelValue)]
    /// enum Failure {
    ///     NotFound,
    ///     Timeout,
    /// }
    ///
    /// let registry = Registry::new();
    /// let fetch = Red::builder("fetch").outcomes_of::<Failure>().register(&registry)?;
    /// fetch.start().end(Failure::Timeout);
    ///
    /// let snapshot = registry.snapshot();
    /// let count = |outcome| snapshot.histogram("fetch_duration_seconds", &[("outcome", outcome)]).unwrap().count();
    /// assert_eq!((count("not_found"), count("timeout")), (0, 1));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    ///
    /// A type whose values are not known does not compile:
    ///
    /// ```compile_fail
    /// instrument_core::Red::builder("fetch").outcomes_of::<String>();
    /// ```
    pub fn outcomes_of<T: LabelValue>(mut self) -> Self {
        const { assert!(T::CARDINALITY.is_some(), "the values of this type are not known: name the outcomes") };
        self.outcomes.add_all::<T>();
        self
    }

    /// Makes it a [`RedFamily`]: several operations, told apart by labels.
    ///
    /// ```
    /// use instrument_core::{Labels, Red, Registry};
    ///
    /// #[derive(Labels)]
    /// struct Backend<'a> {
    ///     backend: &'a str,
    /// }
    ///
    /// let calls = Red::builder("backend_call").labels::<Backend>().register(&Registry::new())?;
    /// calls.with(&Backend { backend: "search" }).start().ok();
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn labels<L: Labels>(self) -> RedFamilyBuilder<'a, L> {
        RedFamilyBuilder { builder: self, max_series: None, zero_fill: true, labels: PhantomData }
    }

    /// Registers the two metrics, or gives those that have the same names and shapes.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub fn register(self, registry: &Registry) -> Result<Red, Error> {
        let name = self.name;
        let red = RedCore::register(registry, self.registration(Vec::new(), None))?.with(&Texts(&[]));
        red.ok_or_else(|| Error::Full { name: name.to_owned() })
    }

    fn registration(self, labels: Vec<&'static str>, max_series: Option<usize>) -> RedRegistration {
        RedRegistration {
            name: self.name.to_owned(),
            help: self.help.map_or_else(|| format!("Calls of `{}`.", self.name), str::to_owned),
            labels,
            known_values: None,
            buckets: self.buckets,
            outcomes: self.outcomes,
            max_series,
            error_kinds: false,
            beside: AskedBeside::default(),
            common_labels: None,
            defined_at: self.defined_at,
        }
    }
}

/// Sets up a [`RedFamily`].
///
/// ```
/// use instrument_core::{Buckets, LabelValue, Labels, Red, Registry};
///
/// #[derive(Labels)]
/// struct Backend {
///     is_replica: bool,
/// }
///
/// #[derive(LabelValue)]
/// enum Failure {
///     Timeout,
///     Refused,
/// }
///
/// let registry = Registry::new();
/// let calls = Red::builder("backend_call")
///     .labels::<Backend>()
///     .help("Calls of the backend.")
///     .buckets(Buckets::latency())
///     .outcomes_of::<Failure>()
///     .outcomes(["stale"])
///     .max_series(10)
///     .zero_fill(false)
///     .register(&registry)?;
/// calls.with(&Backend { is_replica: true }).start().end(Failure::Timeout);
///
/// let labels = [("is_replica", "true"), ("outcome", "timeout")];
/// assert_eq!(registry.snapshot().histogram("backend_call_duration", &labels).unwrap().count(), 1);
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "the metrics count only once they are registered"]
pub struct RedFamilyBuilder<'a, L> {
    builder: RedBuilder<'a>,
    max_series: Option<usize>,
    zero_fill: bool,
    labels: PhantomData<fn() -> L>,
}

impl<'a, L: Labels> RedFamilyBuilder<'a, L> {
    /// Says what the operations are: see [`RedBuilder::help`].
    pub fn help(mut self, help: &'a str) -> Self {
        self.builder = self.builder.help(help);
        self
    }

    /// Sets the buckets, in seconds: see [`RedBuilder::buckets`].
    pub fn buckets(mut self, buckets: Buckets) -> Self {
        self.builder = self.builder.buckets(buckets);
        self
    }

    /// Says which outcomes there are: see [`RedBuilder::outcomes`].
    pub fn outcomes(mut self, outcomes: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        self.builder = self.builder.outcomes(outcomes);
        self
    }

    /// Says which outcomes there are by an enum: see [`RedBuilder::outcomes_of`].
    pub fn outcomes_of<T: LabelValue>(mut self) -> Self {
        self.builder = self.builder.outcomes_of::<T>();
        self
    }

    /// Sets how many operations the family may have: 10,000 without it.
    pub fn max_series(mut self, max_series: usize) -> Self {
        self.max_series = Some(max_series);
        self
    }

    /// Sets whether the operations of a finite label set are there from the start: see
    /// [`FamilyBuilder::zero_fill`](crate::FamilyBuilder::zero_fill).
    pub fn zero_fill(mut self, zero_fill: bool) -> Self {
        self.zero_fill = zero_fill;
        self
    }

    /// Registers the two metrics, or gives those that have the same names and shapes.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub fn register(self, registry: &Registry) -> Result<RedFamily<L>, Error> {
        let asked = self.builder.registration(L::names(), self.max_series);
        let known_values = Some(L::known_values as KnownValues);
        RedFamily::register(registry, RedRegistration { known_values, ..asked }, self.zero_fill)
    }
}
