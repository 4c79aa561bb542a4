//! What a family is: its name, its kind, its labels.

use std::fmt;

/// What kind of metric a family holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
}

impl fmt::Display for MetricKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::UpDownCounter => "up-down counter",
            Self::Histogram => "histogram",
        })
    }
}

/// All that is the same for the series of a family.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Description {
    /// The name as it was given at registration.
    pub given_name: String,
    /// The family's name: with the registry's prefix and the unit, without `_total`.
    pub name: String,
    /// What it says.
    pub help: String,
    /// The unit that the name ends in.
    pub unit: Option<String>,
    /// The kind of metric.
    pub kind: MetricKind,
}

impl Description {
    /// The name as the Prometheus text format shows it: [`name`](Self::name), with `_total` for a counter.
    #[must_use]
    pub fn exposed_name(&self) -> String {
        match self.kind {
            MetricKind::Counter => format!("{}_total", self.name),
            _ => self.name.clone(),
        }
    }

    /// Whether a name is that of the family, as an exposition shows it or without `_total`.
    pub(crate) fn is_exposed_as(&self, name: &str) -> bool {
        let name = match self.kind {
            MetricKind::Counter => name.strip_suffix("_total").unwrap_or(name),
            _ => name,
        };
        self.name == name
    }

    /// Whether a name is one that the family could have been registered by: without the registry's prefix, and with its suffixes or without.
    pub(crate) fn is_given_as(&self, name: &str) -> bool {
        self.without_suffixes(name) == self.without_suffixes(&self.given_name)
    }

    fn without_suffixes<'n>(&self, name: &'n str) -> &'n str {
        let name = match self.kind {
            MetricKind::Counter => name.strip_suffix("_total").unwrap_or(name),
            _ => name,
        };
        let unit = self.unit.as_deref().and_then(|unit| name.strip_suffix(unit)?.strip_suffix('_'));
        unit.unwrap_or(name)
    }
}

/// What two registrations of a name must agree on to share the metric.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Shape {
    /// The kind of metric.
    pub kind: MetricKind,
    /// The type of a histogram's values: `Duration`, `u64` or `f64`.
    pub value_type: Option<&'static str>,
    /// The label names in their order.
    pub labels: Vec<String>,
    /// The upper bounds of a histogram's buckets, as exposed.
    pub bounds: Vec<f64>,
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let article = if self.kind == MetricKind::UpDownCounter { "an" } else { "a" };
        write!(f, "{article} {}", self.kind)?;
        if let Some(value_type) = self.value_type {
            write!(f, " of `{value_type}`")?;
        }
        if self.labels.is_empty() {
            f.write_str(" without labels")?;
        } else {
            write!(f, " with the labels {{{}}}", self.labels.join(", "))?;
        }
        if self.kind == MetricKind::Histogram {
            write!(f, " and the bounds {:?}", self.bounds)?;
        }
        Ok(())
    }
}
