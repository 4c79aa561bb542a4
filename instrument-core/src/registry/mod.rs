//! The registry: all metrics of a service, by name.

mod builder;
mod entries;
mod function;
mod info;
mod own;
mod register;
mod registered;
mod scope;
mod visit;
mod walk;

pub use self::builder::{FamilyBuilder, MetricBuilder, RegistryBuilder};
pub(crate) use self::entries::About;
pub use self::function::FunctionBuilder;
pub use self::info::InfoBuilder;
pub(crate) use self::register::{MAX_SERIES, Registration};
pub use self::registered::Registered;
pub(crate) use self::scope::{Scope, current as current_scope, is_used as is_scope_used};
pub use self::scope::{ScopeGuard, ScopedFuture};
pub use self::walk::Walk;

use std::fmt;
use std::sync::{Arc, LazyLock, RwLock};

use self::entries::Entries;
use crate::name::Characters;
use crate::series::Budget;
use crate::{
    Catalogue, Counter, Gauge, Histogram, HistogramValue, Info, LabelValue, Snapshot, StateSet, UpDownCounter,
};

/// All metrics of a service, by name.
///
/// A clone is another handle on the same registry. [`Registry::global`] is the one of the process, which `#[instrument_red]`
/// records into; tests make their own.
///
/// ```
/// use instrument_core::Registry;
///
/// let registry = Registry::new();
/// let requests = registry.counter("requests", "Requests answered.").register()?;
/// requests.inc();
///
/// // The same name and shape gives the same metric.
/// let again = registry.counter("requests", "Requests answered.").register()?;
/// again.inc();
/// assert_eq!(requests.get(), 2);
///
/// // A name that no exposition can carry is refused now, and not at the scrape.
/// assert!(registry.counter("requests per second", "").register().is_err());
/// # Ok::<(), instrument_core::Error>(())
/// ```
///
/// # Names
///
/// Names are given without suffix: `_total` of a counter, `_info` of an info and the unit are appended, and a name that ends in them already is taken as
/// if it did not. So `requests`, `requests_total` and, with the unit `bytes`, `sent` and `sent_bytes_total` are good spellings.
pub struct Registry {
    inner: Arc<Inner>,
    /// Whether it is what [`Registry::global`] gives, which stands for the registry of the scope that it is used in. No clone is.
    is_global: bool,
}

struct Inner {
    characters: Characters,
    prefix: Option<String>,
    constant_labels: Arc<[(String, String)]>,
    entries: RwLock<Entries>,
    /// For how many series there is room in all families together.
    budget: Option<Arc<Budget>>,
}

impl Registry {
    /// An empty registry.
    ///
    /// ```
    /// use instrument_core::Registry;
    ///
    /// assert!(Registry::new().snapshot().families().is_empty());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::with(Characters::Plain, None, Arc::default(), None)
    }

    /// The registry of the process, or within a [scope](Self::scope) the registry of the scope. It has no prefix and no constant labels: for these, build one and name it, as in
    /// `#[instrument_red(registry = ..)]`.
    ///
    /// ```
    /// use instrument_core::Registry;
    ///
    /// Registry::global().counter("jobs", "Jobs run.").register()?.inc();
    /// // Elsewhere:
    /// assert_eq!(Registry::global().snapshot().counter("jobs", &[]), Some(1));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[must_use]
    pub fn global() -> &'static Self {
        static GLOBAL: LazyLock<Registry> = LazyLock::new(|| Registry { is_global: true, ..Registry::new() });
        &GLOBAL
    }

    /// A registry with a prefix for all names, or labels for all series.
    ///
    /// ```
    /// use instrument_core::Registry;
    ///
    /// let registry = Registry::builder().prefix("quotes").build()?;
    /// registry.counter("served", "Quotations served.").register()?;
    /// assert_eq!(registry.snapshot().counter("quotes_served_total", &[]), Some(0));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn builder() -> RegistryBuilder {
        RegistryBuilder::default()
    }

    fn with(
        characters: Characters,
        prefix: Option<String>,
        constant_labels: Arc<[(String, String)]>,
        max_series: Option<usize>,
    ) -> Self {
        let budget = max_series.map(|max_series| Arc::new(Budget::new(max_series)));
        Self::from(Arc::new(Inner {
            characters,
            prefix,
            constant_labels,
            entries: RwLock::default(),
            budget,
        }))
    }

    /// What the handle stands for on this thread, now.
    fn inner(&self) -> Arc<Inner> {
        match self.is_global.then(scope::current).flatten() {
            Some(scope) => Arc::clone(&scope.registry().inner),
            None => Arc::clone(&self.inner),
        }
    }

    /// Whether two handles are on the same registry.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inner(), &other.inner())
    }

    /// A [`Counter`], to be registered: a number that only grows.
    ///
    /// ```
    /// use instrument_core::Registry;
    ///
    /// let registry = Registry::new();
    /// let requests = registry.counter("requests", "Requests answered.").register()?;
    /// requests.inc();
    /// assert_eq!(registry.snapshot().counter("requests_total", &[]), Some(1));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[track_caller]
    pub fn counter<'r>(&'r self, name: &'r str, help: &'r str) -> MetricBuilder<'r, Counter> {
        MetricBuilder::new(self, name, help)
    }

    /// A [`Gauge`], to be registered: a number that is set.
    ///
    /// ```
    /// use instrument_core::Registry;
    ///
    /// let registry = Registry::new();
    /// let temperature = registry.gauge("temperature", "Temperature outside.").unit("celsius").register()?;
    /// temperature.set(21.5);
    /// assert_eq!(registry.snapshot().gauge("temperature_celsius", &[]), Some(21.5));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[track_caller]
    pub fn gauge<'r>(&'r self, name: &'r str, help: &'r str) -> MetricBuilder<'r, Gauge> {
        MetricBuilder::new(self, name, help)
    }

    /// An [`UpDownCounter`], to be registered: a number that is added to and taken from.
    ///
    /// ```
    /// use instrument_core::Registry;
    ///
    /// let registry = Registry::new();
    /// let open = registry.up_down_counter("connections", "Connections open.").register()?;
    /// let _connection = open.track();
    /// assert_eq!(registry.snapshot().up_down_counter("connections", &[]), Some(1));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[track_caller]
    pub fn up_down_counter<'r>(&'r self, name: &'r str, help: &'r str) -> MetricBuilder<'r, UpDownCounter> {
        MetricBuilder::new(self, name, help)
    }

    /// A [`Histogram`] of `Duration`, `u64` or `f64`, to be registered: values counted by size.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use instrument_core::Registry;
    ///
    /// let registry = Registry::new();
    /// let lookup = registry.histogram::<Duration>("lookup", "Time to look up a quotation.").register()?;
    /// lookup.observe(Duration::from_millis(5));
    /// assert_eq!(registry.snapshot().histogram("lookup_seconds", &[]).unwrap().sum(), 0.005);
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[track_caller]
    pub fn histogram<'r, V: HistogramValue>(
        &'r self,
        name: &'r str,
        help: &'r str,
    ) -> MetricBuilder<'r, Histogram<V>> {
        MetricBuilder::new(self, name, help)
    }

    /// An [`Info`], to be registered: labels that describe something, such as a version.
    ///
    /// ```
    /// use instrument_core::Registry;
    ///
    /// let registry = Registry::new();
    /// registry.info("host", "Where it runs.").label("region", "eu").register()?;
    /// assert!(registry.snapshot().info("host_info", &[("region", "eu")]));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[track_caller]
    pub fn info<'r>(&'r self, name: &'r str, help: &'r str) -> MetricBuilder<'r, Info> {
        MetricBuilder::new(self, name, help)
    }

    /// A [`StateSet`] of the values of `S`, to be registered: which of some states are active.
    ///
    /// ```
    /// use instrument_core::Registry;
    ///
    /// let registry = Registry::new();
    /// let frozen = registry.state_set::<bool>("frozen", "Whether nothing moves.").register()?;
    /// frozen.set(&false);
    /// assert_eq!(registry.snapshot().state_set("frozen", &[]).unwrap().is_active("true"), Some(false));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[track_caller]
    pub fn state_set<'r, S: LabelValue + 'static>(
        &'r self,
        name: &'r str,
        help: &'r str,
    ) -> MetricBuilder<'r, StateSet<S>> {
        MetricBuilder::new(self, name, help)
    }

    /// A list of all metrics that are registered, and of those that collectors emit: what is to be known of each.
    ///
    /// It asks the collectors, as a read does.
    ///
    /// ```
    /// use instrument_core::Registry;
    ///
    /// let registry = Registry::new();
    /// registry.counter("jobs", "Jobs run.").register()?;
    /// assert_eq!(registry.catalogue().entries()[0].name, "jobs_total");
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[must_use]
    pub fn catalogue(&self) -> Catalogue {
        Catalogue::of(visit::described(&self.inner()))
    }

    /// A picture of all metrics as they stand, to be looked into: for tests, and for exporters that compare two of them.
    ///
    /// It copies every series; [`visit`](Self::visit) does not.
    ///
    /// ```
    /// use instrument_core::Registry;
    ///
    /// let registry = Registry::new();
    /// registry.counter("jobs", "Jobs run.").register()?.inc();
    ///
    /// let snapshot = registry.snapshot();
    /// assert_eq!(snapshot.counter("jobs", &[]), Some(1));
    /// println!("{snapshot}");
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::take(self)
    }
}

impl Clone for Registry {
    fn clone(&self) -> Self {
        Self::from(self.inner())
    }
}

impl From<Arc<Inner>> for Registry {
    fn from(inner: Arc<Inner>) -> Self {
        Self { inner, is_global: false }
    }
}

impl Default for Registry {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = self.inner();
        f.debug_struct("Registry")
            .field("prefix", &inner.prefix)
            .field("constant_labels", &inner.constant_labels)
            .finish_non_exhaustive()
    }
}
