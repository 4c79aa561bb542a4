use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use super::{Registration, Registry};
use crate::error::Error;
use crate::name::Characters;
use crate::{Buckets, Family, Histogram, HistogramValue, Labels, Metric, name};

/// Sets up a [`Registry`].
///
/// ```
/// use instrument_core::Registry;
///
/// let registry = Registry::builder().prefix("quotes").constant_label("region", "eu").build()?;
/// registry.counter("served", "Quotations served.").register()?.inc();
/// assert_eq!(registry.snapshot().counter("quotes_served_total", &[("region", "eu")]), Some(1));
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug, Default)]
#[must_use = "a registry is made by `build`"]
pub struct RegistryBuilder {
    prefix: Option<String>,
    constant_labels: Vec<(String, String)>,
    max_series: Option<usize>,
    characters: Characters,
}

impl RegistryBuilder {
    /// Lets the names of metrics and of labels be any text, as those of OpenTelemetry with their dots are; the suffixes are the same.
    ///
    /// A scraper that asks for such names, as Prometheus does since its version 3, gets them as they are. For others, and so in the plain text format,
    /// each character but letters, digits and `_` is an underscore. Two names that are the same then are refused.
    ///
    /// ```
    /// use instrument_core::{Labels, Registry};
    ///
    /// #[derive(Labels)]
    /// #[labels(utf8_names)]
    /// struct Request<'a> {
    ///     #[labels(rename = "http.request.method")]
    ///     method: &'a str,
    /// }
    ///
    /// let registry = Registry::builder().utf8_names().build()?;
    /// let requests = registry.counter("http.requests", "Requests answered.").labels::<Request>().register()?;
    /// requests.inc(&Request { method: "GET" });
    /// assert_eq!(registry.snapshot().counter("http.requests_total", &[("http.request.method", "GET")]), Some(1));
    ///
    /// let error = registry.counter("http_requests", "").register().unwrap_err();
    /// assert!(error.to_string().contains("http.requests"), "{error}");
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn utf8_names(mut self) -> Self {
        self.characters = Characters::Utf8;
        self
    }

    /// Puts `prefix` and an underscore before every name. It follows the rules of names: letters, digits, `_` and `:`, or any with [`utf8_names`](Self::utf8_names).
    pub fn prefix(mut self, prefix: impl AsRef<str>) -> Self {
        self.prefix = Some(prefix.as_ref().trim_end_matches('_').to_owned());
        self
    }

    /// Gives every series a label.
    pub fn constant_label(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.constant_labels.push((name.into(), value.into()));
        self
    }

    /// Sets how many series with labels all families may have together: as many as each [may have](FamilyBuilder::max_series) without it.
    /// Records for label sets beyond go to the family's overflow series.
    ///
    /// ```
    /// use instrument_core::{Labels, Registry};
    ///
    /// #[derive(Labels)]
    /// struct User<'a> {
    ///     user: &'a str,
    /// }
    ///
    /// let registry = Registry::builder().max_series(1).build()?;
    /// let logins = registry.counter("logins", "Users who logged in.").labels::<User>().register()?;
    /// let errors = registry.counter("errors", "Users who could not.").labels::<User>().register()?;
    /// logins.with(&User { user: "ann" }).inc();
    /// errors.with(&User { user: "bob" }).inc();
    ///
    /// let snapshot = registry.snapshot();
    /// assert_eq!(snapshot.counter("logins", &[("user", "ann")]), Some(1));
    /// assert_eq!(snapshot.counter("errors", &[("user", "__overflow__")]), Some(1));
    /// assert_eq!(snapshot.counter("instrument_overflow", &[("family", "errors")]), Some(1));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn max_series(mut self, max_series: usize) -> Self {
        self.max_series = Some(max_series);
        self
    }

    /// Makes the registry.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidName`] for a prefix and [`Error::InvalidLabel`] for a label that no exposition can carry.
    pub fn build(self) -> Result<Registry, Error> {
        if let Some(prefix) = &self.prefix {
            name::check_metric_name(self.characters, prefix)
                .map_err(|rule| Error::InvalidName { name: prefix.clone(), rule })?;
        }
        let labels: Vec<&str> = self.constant_labels.iter().map(|(name, _)| name.as_str()).collect();
        name::check_labels(self.characters, None, &labels, &[])?;
        Ok(Registry::with(self.characters, self.prefix, Arc::from(self.constant_labels), self.max_series))
    }
}

/// A metric that is not registered yet.
///
/// ```
/// use std::time::Duration;
///
/// use instrument_core::{Buckets, Registry};
///
/// let registry = Registry::new();
/// let sent = registry.counter("sent", "Bytes sent.").unit("bytes").register()?;
/// let lookup = registry
///     .histogram::<Duration>("lookup", "Time to look up a quotation.")
///     .buckets(Buckets::function())
///     .register()?;
/// sent.inc_by(1500);
/// lookup.observe(Duration::from_micros(20));
///
/// let snapshot = registry.snapshot();
/// assert_eq!(snapshot.counter("sent_bytes_total", &[]), Some(1500));
/// assert_eq!(snapshot.histogram("lookup_seconds", &[]).unwrap().count(), 1);
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "a metric counts only once it is registered"]
pub struct MetricBuilder<'r, M> {
    registry: &'r Registry,
    asked: Registration<'r>,
    metric: PhantomData<fn() -> M>,
}

impl<'r, M: Metric> MetricBuilder<'r, M> {
    #[track_caller]
    pub(super) fn new(registry: &'r Registry, name: &'r str, help: &'r str) -> Self {
        Self { registry, asked: Registration::new(name, help), metric: PhantomData }
    }

    pub(super) fn into_parts(self) -> (&'r Registry, Registration<'r>) {
        (self.registry, self.asked)
    }

    /// Says what the numbers count: `seconds`, `bytes`, `ratio`. It is appended to the name. Durations are always `seconds`.
    pub fn unit(mut self, unit: &'r str) -> Self {
        self.asked.unit = Some(unit);
        self
    }

    /// Sets how many series the family may have that [`labels`](Self::labels) makes of it: see [`FamilyBuilder::max_series`].
    pub fn max_series(mut self, max_series: usize) -> Self {
        self.asked.max_series = Some(max_series);
        self
    }

    /// Makes it a [`Family`] of metrics, told apart by labels.
    ///
    /// ```
    /// use instrument_core::{Counter, Family, Labels, Registry};
    ///
    /// #[derive(Labels)]
    /// struct Language<'a> {
    ///     lang: &'a str,
    /// }
    ///
    /// let registry = Registry::new();
    /// let served: Family<Language, Counter> =
    ///     registry.counter("quotes_served", "Quotations served.").max_series(100).labels().register()?;
    /// served.with(&Language { lang: "fr" }).inc();
    /// assert_eq!(registry.snapshot().counter("quotes_served_total", &[("lang", "fr")]), Some(1));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn labels<L: Labels>(self) -> FamilyBuilder<'r, L, M> {
        FamilyBuilder { registry: self.registry, asked: self.asked, family: PhantomData }
    }

    /// Registers the metric, or gives the one that has the same name and shape. It is exposed from now on, at zero.
    ///
    /// # Errors
    ///
    /// See [`Error`]: each says which rule is broken, and what to do.
    pub fn register(self) -> Result<M, Error> {
        self.registry.register_metric(self.asked)
    }
}

impl<V: HistogramValue> MetricBuilder<'_, Histogram<V>> {
    /// Sets the buckets, in the unit of the exposition: seconds for durations.
    ///
    /// Without it they are [`Buckets::latency`] for `Duration` and `f64`, and 16 powers of 4 from 1 for `u64`.
    pub fn buckets(mut self, buckets: Buckets) -> Self {
        self.asked.buckets = Some(buckets);
        self
    }
}

/// A family that is not registered yet.
///
/// ```
/// use instrument_core::{Buckets, Labels, Registry};
///
/// #[derive(Labels)]
/// struct Language<'a> {
///     lang: &'a str,
/// }
///
/// let registry = Registry::new();
/// let sizes = registry
///     .histogram::<u64>("quote", "Size of quotations.")
///     .labels::<Language>()
///     .unit("bytes")
///     .buckets(Buckets::explicit([100.0, 1000.0]))
///     .max_series(50)
///     .register()?;
/// sizes.with(&Language { lang: "fr" }).observe(140);
///
/// let snapshot = registry.snapshot();
/// assert_eq!(snapshot.histogram("quote_bytes", &[("lang", "fr")]).unwrap().counts(), [0, 1, 0]);
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "a family counts only once it is registered"]
pub struct FamilyBuilder<'r, L, M> {
    registry: &'r Registry,
    asked: Registration<'r>,
    family: PhantomData<fn() -> (L, M)>,
}

impl<'r, L: Labels, M: Metric> FamilyBuilder<'r, L, M> {
    /// Says what the numbers count: see [`MetricBuilder::unit`].
    pub fn unit(mut self, unit: &'r str) -> Self {
        self.asked.unit = Some(unit);
        self
    }

    /// Sets how many series the family may have: 10,000 without it. See [`Family`] for what happens beyond.
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
    /// let served = registry.counter("served", "Quotations served.").labels::<Language>().max_series(2).register()?;
    /// for lang in ["fr", "la", "en", "eo"] {
    ///     served.with(&Language { lang }).inc();
    /// }
    ///
    /// let snapshot = registry.snapshot();
    /// assert_eq!(snapshot.counter("served", &[("lang", "fr")]), Some(1));
    /// assert_eq!(snapshot.counter("served", &[("lang", "__overflow__")]), Some(2));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn max_series(mut self, max_series: usize) -> Self {
        self.asked.max_series = Some(max_series);
        self
    }

    /// Sets after how long a series that nobody records into is taken out of the family. Without it series stay until they are
    /// [removed](Family::remove).
    ///
    /// Looked at whenever all of the registry has been read (by a [`visit`](Registry::visit), and so by each scrape and snapshot; one that is broken off is none): a series goes
    /// at the end of the first reading for which it has neither been looked up nor been held by a handle since an earlier reading at least this long ago. So all
    /// that it counted has been read, and a series with a handle kept on it never goes. Let the time be longer than the
    /// longest interval of all who read. It may stay for a reading more when a look-up is under way on a thread that is not running. A series that is looked up again starts at zero, with a new [`created`](crate::Series::created).
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use instrument_core::{Labels, Registry};
    ///
    /// #[derive(Labels)]
    /// struct User<'a> {
    ///     user: &'a str,
    /// }
    ///
    /// let registry = Registry::new();
    /// let logins = registry
    ///     .counter("logins", "Log-ins by user.")
    ///     .labels::<User>()
    ///     .idle_timeout(Duration::ZERO) // as soon as it has been read twice; an hour is more usual
    ///     .register()?;
    /// logins.with(&User { user: "ann" }).inc();
    /// let kept = logins.with(&User { user: "bob" });
    ///
    /// assert_eq!(registry.snapshot().counter("logins", &[("user", "ann")]), Some(1));
    /// assert!((0..1000).any(|_| registry.snapshot().counter("logins", &[("user", "ann")]).is_none()));
    /// kept.inc();
    /// assert_eq!(registry.snapshot().counter("logins", &[("user", "bob")]), Some(1));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.asked.idle_timeout = Some(timeout);
        self
    }

    /// Sets whether the series of a finite label set are made at registration, at zero.
    ///
    /// They are, unless this says `false`, where there are 4096 or fewer and no more than `max_series`.
    ///
    /// ```
    /// use instrument_core::{Labels, Registry};
    ///
    /// #[derive(Labels)]
    /// struct Lookup {
    ///     hit: bool,
    /// }
    ///
    /// let registry = Registry::new();
    /// let filled = registry.counter("lookups", "Look-ups.").labels::<Lookup>().register()?;
    /// let empty = registry.counter("stores", "Stores.").labels::<Lookup>().zero_fill(false).register()?;
    /// assert_eq!((filled.len(), empty.len()), (2, 0));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn zero_fill(mut self, zero_fill: bool) -> Self {
        self.asked.zero_fill = zero_fill;
        self
    }

    /// Registers the family, or gives the one that has the same name and shape.
    ///
    /// # Errors
    ///
    /// See [`Error`]: each says which rule is broken, and what to do.
    pub fn register(self) -> Result<Family<L, M>, Error> {
        self.registry.register_family(self.asked)
    }
}

impl<L, V: HistogramValue> FamilyBuilder<'_, L, Histogram<V>> {
    /// Sets the buckets: see [`MetricBuilder::buckets`].
    pub fn buckets(mut self, buckets: Buckets) -> Self {
        self.asked.buckets = Some(buckets);
        self
    }
}
