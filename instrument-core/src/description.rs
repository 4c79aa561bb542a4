//! What a family is: its name, its kind, its labels.

use std::fmt;

use crate::buckets::NativeBuckets;

/// What kind of metric a family holds.
///
/// ```
/// use instrument_core::{MetricKind, Registry};
///
/// let registry = Registry::new();
/// registry.up_down_counter("in_flight", "Requests in flight.").register()?;
///
/// let kind = registry.snapshot().families()[0].description().kind;
/// assert_eq!(kind, MetricKind::UpDownCounter);
/// assert_eq!(kind.to_string(), "up-down counter");
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum MetricKind {
    /// A number that only grows: [`Counter`](crate::Counter).
    Counter,
    /// A number that is set: [`Gauge`](crate::Gauge).
    Gauge,
    /// A number that is added to and taken from: [`UpDownCounter`](crate::UpDownCounter).
    UpDownCounter,
    /// Values counted by size: [`Histogram`](crate::Histogram).
    Histogram,
    /// Labels that describe something: [`Info`](crate::Info).
    Info,
    /// Which of some states are active: [`StateSet`](crate::StateSet).
    StateSet,
}

impl MetricKind {
    /// What the name of every sample of this kind ends in, and the name of the family does not: without the underscore.
    pub(crate) fn suffix(self) -> Option<&'static str> {
        match self {
            Self::Counter => Some("total"),
            Self::Info => Some("info"),
            Self::Gauge | Self::UpDownCounter | Self::Histogram | Self::StateSet => None,
        }
    }

    /// A name without the suffix of the kind, if it ends in it.
    pub(crate) fn without_suffix(self, name: &str) -> &str {
        self.suffix().and_then(|suffix| name.strip_suffix(suffix)?.strip_suffix('_')).unwrap_or(name)
    }
}

impl fmt::Display for MetricKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::UpDownCounter => "up-down counter",
            Self::Histogram => "histogram",
            Self::Info => "info",
            Self::StateSet => "state set",
        })
    }
}

impl MetricKind {
    /// What stands before it in a sentence.
    pub(crate) fn article(self) -> &'static str {
        match self {
            Self::UpDownCounter | Self::Info => "an",
            _ => "a",
        }
    }
}

/// All that is the same for the series of a family.
///
/// ```
/// use instrument_core::{MetricKind, Registry};
///
/// let registry = Registry::builder().prefix("app").build()?;
/// registry.counter("sent", "Bytes sent.").unit("bytes").register()?;
///
/// let snapshot = registry.snapshot();
/// let family = snapshot.families()[0].description();
/// assert_eq!((family.given_name.as_str(), family.name.as_str()), ("sent", "app_sent_bytes"));
/// assert_eq!(family.exposed_name(), "app_sent_bytes_total");
/// assert_eq!((family.kind, family.unit.as_deref()), (MetricKind::Counter, Some("bytes")));
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Description {
    /// The name as it was given at registration.
    pub given_name: String,
    /// The family's name: with the registry's prefix and the unit, without `_total` and `_info`.
    pub name: String,
    /// What it says.
    pub help: String,
    /// The unit that the name ends in.
    pub unit: Option<String>,
    /// The kind of metric.
    pub kind: MetricKind,
}

impl Description {
    /// The name as the Prometheus text format shows it: [`name`](Self::name), with `_total` for a counter and `_info` for an info.
    #[must_use]
    pub fn exposed_name(&self) -> String {
        match self.kind.suffix() {
            Some(suffix) => format!("{}_{suffix}", self.name),
            None => self.name.clone(),
        }
    }

    /// Whether a name is that of the family, as an exposition shows it or without the suffix of its kind.
    pub(crate) fn is_exposed_as(&self, name: &str) -> bool {
        self.name == self.kind.without_suffix(name)
    }

    /// Whether a name is one that the family could have been registered by: without the registry's prefix, and with its suffixes or without.
    pub(crate) fn is_given_as(&self, name: &str) -> bool {
        self.without_suffixes(name) == self.without_suffixes(&self.given_name)
    }

    fn without_suffixes<'n>(&self, name: &'n str) -> &'n str {
        let name = self.kind.without_suffix(name);
        let unit = self.unit.as_deref().and_then(|unit| name.strip_suffix(unit)?.strip_suffix('_'));
        unit.unwrap_or(name)
    }
}

/// What two registrations of a name must agree on to share the metric.
///
/// ```
/// use instrument_core::{Error, MetricKind, Registry};
///
/// let registry = Registry::new();
/// registry.counter("jobs", "Jobs run.").register()?;
///
/// let error = registry.gauge("jobs", "Jobs waiting.").register().unwrap_err();
/// let Error::Conflict { existing, requested, .. } = error else { panic!("they differ") };
/// assert_eq!((existing.kind, requested.kind), (MetricKind::Counter, MetricKind::Gauge));
/// assert_eq!(existing.to_string(), "a counter without labels");
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Shape {
    /// The kind of metric.
    pub kind: MetricKind,
    /// The type of a histogram's values, `Duration`, `u64` or `f64`, or of the states of a state set.
    pub value_type: Option<&'static str>,
    /// The label names in their order.
    pub labels: Vec<String>,
    /// The upper bounds of a histogram's buckets, as exposed.
    pub bounds: Vec<f64>,
    /// The native buckets of a histogram that has some.
    pub native: Option<NativeBuckets>,
    /// Whether functions compute it when it is read.
    pub computed: bool,
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.article(), self.kind)?;
        if self.computed {
            f.write_str(" computed when read")?;
        }
        if let Some(value_type) = self.value_type {
            write!(f, " of `{value_type}`")?;
        }
        if self.labels.is_empty() {
            f.write_str(" without labels")?;
        } else {
            write!(f, " with the labels {{{}}}", self.labels.join(", "))?;
        }
        if self.kind == MetricKind::Histogram {
            match &self.native {
                None => write!(f, " and the bounds {:?}", self.bounds)?,
                Some(native) if self.bounds.is_empty() => write!(f, " and {native}")?,
                Some(native) => write!(f, ", the bounds {:?} and {native}", self.bounds)?,
            }
        }
        Ok(())
    }
}
