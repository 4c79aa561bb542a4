//! The RED method: rate, errors and duration of whatever has a beginning and an end.

mod beside;
mod builder;
mod core;
mod failures;
mod family;
mod outcome;
mod outcomes;
mod span;

pub(crate) use self::beside::AskedBeside;
pub use self::builder::{RedBuilder, RedFamilyBuilder};
pub(crate) use self::core::{RedCore, RedRegistration};
pub use self::family::RedFamily;
pub use self::outcome::Outcome;
pub(crate) use self::outcomes::Outcomes;
pub use self::span::RedSpan;

use std::fmt;
use std::time::Duration;

use self::span::RedSeries;
use crate::cells::Shared;
use crate::{Error, LabelValue, Registry};

/// Rate, errors and duration of an operation.
///
/// `Red::register(&registry, "quote_lookup")` makes `quote_lookup_duration_seconds{outcome}`, a histogram, and `quote_lookup_in_flight`, an
/// up-down counter. The rate is that of `quote_lookup_duration_seconds_count`, and the errors are what has an outcome other than
/// `ok`. The series `ok` and `error` are there from the start, at zero, so that the first error is an increase.
///
/// ```
/// use instrument_core::{Red, Registry};
///
/// let registry = Registry::new();
/// let lookups = Red::register(&registry, "quote_lookup")?;
///
/// let span = lookups.start();
/// match "17".parse::<u32>() {
///     Ok(_) => span.ok(),
///     Err(_) => span.error(),
/// }
/// drop(lookups.start()); // given up on
///
/// let snapshot = registry.snapshot();
/// let count = |outcome| snapshot.histogram("quote_lookup_duration_seconds", &[("outcome", outcome)]).unwrap().count();
/// assert_eq!((count("ok"), count("error"), count("cancelled")), (1, 0, 1));
/// assert_eq!(snapshot.up_down_counter("quote_lookup_in_flight", &[]), Some(0));
/// # Ok::<(), instrument_core::Error>(())
/// ```
///
/// A span can [end](RedSpan::end) by an outcome of your own too, such as `timeout`, and [`RedFamily`] tells operations apart by labels.
///
/// A clone is another handle on the same series.
#[derive(Clone)]
pub struct Red {
    series: Shared<RedSeries>,
}

impl Red {
    /// Registers the two metrics of an operation, with the buckets of [`Buckets::function`](crate::Buckets::function).
    ///
    /// ```
    /// use instrument_core::{Red, Registry};
    ///
    /// let registry = Registry::new();
    /// let lookups = Red::register(&registry, "quote_lookup")?;
    /// lookups.start().ok();
    /// assert_eq!(registry.snapshot().families()[0].description().name, "quote_lookup_duration_seconds");
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// See [`Error`].
    #[track_caller]
    pub fn register(registry: &Registry, name: &str) -> Result<Self, Error> {
        Self::builder(name).register(registry)
    }

    /// Sets up a `Red` with buckets, a help text or outcomes of your own, or several that are told apart by labels.
    ///
    /// ```
    /// use instrument_core::{Buckets, Red, Registry};
    ///
    /// let registry = Registry::new();
    /// let lookups = Red::builder("quote_lookup").buckets(Buckets::latency()).register(&registry)?;
    /// lookups.start().ok();
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[track_caller]
    pub fn builder(name: &str) -> RedBuilder<'_> {
        RedBuilder::new(name)
    }

    /// Begins a span: it is in flight until it is ended or dropped, on whatever thread.
    #[inline]
    pub fn start(&self) -> RedSpan {
        RedSpan::start(&self.series)
    }

    /// The same for a handle that lives as long as the program, which saves counting the references to it.
    #[inline]
    pub(crate) fn start_static(&'static self) -> RedSpan {
        RedSpan::start_static(&self.series)
    }

    /// Records an operation that has ended already and was never in flight.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use instrument_core::{Red, Registry};
    ///
    /// let registry = Registry::new();
    /// let queries = Red::register(&registry, "query")?;
    /// // As the database has told.
    /// queries.record(Duration::from_millis(12), false);
    /// queries.record(Duration::from_secs(5), true);
    ///
    /// let snapshot = registry.snapshot();
    /// assert_eq!(snapshot.histogram("query_duration", &[("outcome", "error")]).unwrap().sum(), 5.0);
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn record(&self, duration: Duration, is_error: bool) {
        self.series.record(duration, is_error);
    }

    /// Records an operation that has ended already by an outcome of your own: see [`RedSpan::end`].
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use instrument_core::{Red, Registry};
    ///
    /// let registry = Registry::new();
    /// let queries = Red::builder("query").outcomes(["timeout"]).register(&registry)?;
    /// queries.record_as(Duration::from_secs(30), "timeout");
    ///
    /// let snapshot = registry.snapshot();
    /// assert_eq!(snapshot.histogram("query_duration", &[("outcome", "timeout")]).unwrap().count(), 1);
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn record_as(&self, duration: Duration, outcome: impl LabelValue) {
        let nanoseconds = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        outcome.with_text(|outcome| self.series.record_as(nanoseconds, outcome));
    }
}

impl fmt::Debug for Red {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Red").finish_non_exhaustive()
    }
}
