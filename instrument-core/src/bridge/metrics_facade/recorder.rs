use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use metrics::{Key, KeyName, Metadata, SetRecorderError, SharedString, Unit};

use super::builder::{RecorderBuilder, Settings};
use super::described::Descriptions;
use super::handles::{CounterHandle, GaugeHandle, HistogramHandle};
use super::key::{self, Texts};
use crate::__private::count_registration_error;
use crate::registry::Registration;
use crate::series::SeriesTable;
use crate::{Counter, Error, Gauge, Histogram, Metric, Registry, label};

/// The most keys of a kind that are found without a lock.
const MAX_KEYS: usize = 100_000;

/// The most names.
const MAX_NAMES: usize = 10_000;

/// The most sets of label names that a name can have: a registry searches them one after the other.
const MAX_LABEL_NAMES: usize = 100;

/// Takes what goes through the facade into a registry. See the [module](super).
///
/// For one thread and a while, as in a test, there is `metrics::with_local_recorder`:
///
/// ```
/// use instrument_core::Registry;
/// use instrument_core::bridge::metrics_facade::Recorder;
///
/// let registry = Registry::new();
/// let recorder = Recorder::new(&registry);
/// metrics::with_local_recorder(&recorder, || {
///     metrics::describe_gauge!("queue.age", metrics::Unit::Seconds, "Age of the oldest job.");
///     metrics::gauge!("queue.age").set(1.5);
/// });
///
/// assert_eq!(registry.snapshot().gauge("queue_age_seconds", &[]), Some(1.5));
/// ```
///
/// # Cost
///
/// A metric that was seen before is found by one hash of its name and labels, without a lock; the macros of the facade look theirs up at
/// every use. A handle that is kept spares that.
///
/// A clone is another handle on the same recorder.
#[derive(Clone)]
pub struct Recorder {
    inner: Arc<Inner>,
}

struct Inner {
    registry: Registry,
    settings: Settings,
    descriptions: Descriptions,
    /// The sets of label names that each name has.
    label_names: Mutex<HashMap<String, HashSet<Vec<String>>>>,
    counters: SeriesTable<metrics::Counter>,
    gauges: SeriesTable<metrics::Gauge>,
    histograms: SeriesTable<metrics::Histogram>,
}

impl Recorder {
    /// A recorder into a registry, with default buckets.
    #[must_use]
    pub fn new(registry: &Registry) -> Self {
        Self::with(registry.clone(), Settings::default())
    }

    /// Sets up a recorder with buckets or bounds of your own.
    ///
    /// ```
    /// use instrument_core::bridge::metrics_facade::Recorder;
    /// use instrument_core::{Buckets, Registry};
    ///
    /// let recorder = Recorder::builder(&Registry::new()).buckets(Buckets::latency()).build()?;
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn builder(registry: &Registry) -> RecorderBuilder {
        RecorderBuilder::new(registry)
    }

    /// Makes it the recorder of the process, for good.
    ///
    /// ```
    /// use instrument_core::Registry;
    /// use instrument_core::bridge::metrics_facade::Recorder;
    ///
    /// let registry = Registry::new();
    /// Recorder::new(&registry).install()?;
    /// assert!(Recorder::new(&registry).install().is_err()); // there is one
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the process has one already. It gives the recorder back.
    pub fn install(self) -> Result<(), SetRecorderError<Self>> {
        metrics::set_global_recorder(self)
    }

    pub(super) fn with(registry: Registry, settings: Settings) -> Self {
        let inner = Inner {
            registry,
            settings,
            descriptions: Descriptions::default(),
            label_names: Mutex::default(),
            counters: SeriesTable::new(MAX_KEYS),
            gauges: SeriesTable::new(MAX_KEYS),
            histograms: SeriesTable::new(MAX_KEYS),
        };
        Self { inner: Arc::new(inner) }
    }
}

impl Inner {
    /// A handle that is new, of the metric of a key; and `noop` when there is no such metric.
    #[cold]
    fn make<M: Metric, H: Clone>(
        &self,
        handles: &SeriesTable<H>,
        key: &Key,
        handle: impl FnOnce(M) -> H,
        noop: H,
    ) -> H {
        let name = key::name(key.name());
        match self.metric(&name, key) {
            // Not to be kept: who has no room is counted at each look-up.
            Ok((metric, true)) => handle(metric),
            Ok((metric, false)) => {
                let handle = handle(metric);
                let make = |_: &_| Some((handle.clone(), None));
                let kept =
                    handles.find_or_make(&Texts(key), None, |_| false, make, |kept| kept.value.clone());
                handles.sweep(true);
                kept.unwrap_or(handle)
            }
            Err(_) => {
                count_registration_error(&self.registry, &name, "", "");
                noop
            }
        }
    }

    /// The metric of a key, and whether it is that of the overflow.
    fn metric<M: Metric>(&self, name: &str, key: &Key) -> Result<(M, bool), Error> {
        let mut labels = key::labels(key);
        let described = self.descriptions.of(name);
        loop {
            let names: Vec<&str> = labels.iter().map(|(name, _)| name.as_str()).collect();
            if !self.has_room_for(name, &names) {
                return Err(Error::Full { name: name.to_owned() });
            }
            let asked = Registration {
                unit: described.unit,
                buckets: self.settings.buckets(name).cloned(),
                labels: &names,
                max_series: self.settings.max_series,
                mixed: true,
                ..Registration::new(name, &described.help)
            };
            match self.registry.register::<M>(asked) {
                Ok(family) => {
                    let values: Vec<&str> = labels.iter().map(|(_, value)| *value).collect();
                    return Ok(match family.with_new(&label::Texts(&values), None) {
                        Some(metric) => (metric, false),
                        None => (family.overflow(), true),
                    });
                }
                Err(Error::InvalidLabel { label, .. }) if rename(&mut labels, &label) => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Whether there is room for a metric with these label names, which then are among those that there are.
    fn has_room_for(&self, name: &str, labels: &[&str]) -> bool {
        let labels: Vec<String> = labels.iter().map(|&label| label.to_owned()).collect();
        let mut names = self.label_names.lock().unwrap_or_else(PoisonError::into_inner);
        if names.len() >= MAX_NAMES && !names.contains_key(name) {
            return false;
        }
        let sets = names.entry(name.to_owned()).or_default();
        sets.contains(&labels) || (sets.len() < MAX_LABEL_NAMES && sets.insert(labels))
    }

    fn describe(&self, name: &KeyName, unit: Option<Unit>, help: &SharedString) {
        self.descriptions.set(key::name(name.as_str()), unit, help);
    }
}

/// Gives a label that was refused another name, once.
fn rename(labels: &mut [(String, &str)], refused: &str) -> bool {
    const PREFIX: &str = "exported_";
    let label = labels.iter_mut().find(|(name, _)| name == refused && !refused.starts_with(PREFIX));
    label.map(|(name, _)| name.insert_str(0, PREFIX)).is_some()
}

impl metrics::Recorder for Recorder {
    fn describe_counter(&self, key: KeyName, unit: Option<Unit>, description: SharedString) {
        self.inner.describe(&key, unit, &description);
    }

    fn describe_gauge(&self, key: KeyName, unit: Option<Unit>, description: SharedString) {
        self.inner.describe(&key, unit, &description);
    }

    fn describe_histogram(&self, key: KeyName, unit: Option<Unit>, description: SharedString) {
        self.inner.describe(&key, unit, &description);
    }

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> metrics::Counter {
        if let Some(kept) = self.inner.counters.find(&Texts(key), |kept| kept.value.clone()) {
            return kept;
        }
        let handle = |counter: Counter| metrics::Counter::from_arc(Arc::new(CounterHandle(counter)));
        self.inner.make(&self.inner.counters, key, handle, metrics::Counter::noop())
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> metrics::Gauge {
        if let Some(kept) = self.inner.gauges.find(&Texts(key), |kept| kept.value.clone()) {
            return kept;
        }
        let handle = |gauge: Gauge| metrics::Gauge::from_arc(Arc::new(GaugeHandle(gauge)));
        self.inner.make(&self.inner.gauges, key, handle, metrics::Gauge::noop())
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> metrics::Histogram {
        if let Some(kept) = self.inner.histograms.find(&Texts(key), |kept| kept.value.clone()) {
            return kept;
        }
        let handle =
            |histogram: Histogram<f64>| metrics::Histogram::from_arc(Arc::new(HistogramHandle(histogram)));
        self.inner.make(&self.inner.histograms, key, handle, metrics::Histogram::noop())
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").field("registry", &self.inner.registry).finish_non_exhaustive()
    }
}
