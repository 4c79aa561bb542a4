mod histogram;

use std::fmt;
use std::ops::ControlFlow;

use crate::Registry;
use crate::collect::{Sample, Series, Visitor};
use crate::description::{Description, MetricKind};

pub use self::histogram::HistogramSnapshot;

/// An immutable picture of all metrics of a [`Registry`], as they stood when it was taken.
///
/// Families are in the order of their names, series in the order of their labels, so that two pictures of the same numbers are equal.
/// Look-ups take a family's name as given or as exposed, and labels in any order; they must be all the labels of the series,
/// constant ones among them, but for those with an empty value.
///
/// ```
/// use instrument_core::Registry;
///
/// let registry = Registry::new();
/// let jobs = registry.counter("jobs", "Jobs run.").register()?;
/// let before = registry.snapshot();
/// jobs.inc_by(3);
/// let after = registry.snapshot();
///
/// assert_eq!(after.counter("jobs_total", &[]), Some(3));
/// assert_eq!(after.counter("jobs", &[]), Some(3));
/// assert_eq!(after.delta(&before).counter("jobs", &[]), Some(3));
/// assert_eq!(after.counter("jobs", &[("kind", "nightly")]), None);
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Snapshot {
    families: Vec<FamilySnapshot>,
}

/// A family in a [`Snapshot`].
#[derive(Debug, Clone, PartialEq)]
pub struct FamilySnapshot {
    description: Description,
    series: Vec<SeriesSnapshot>,
}

/// A series in a [`Snapshot`].
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesSnapshot {
    /// Sorted by name.
    labels: Vec<(String, String)>,
    value: Value,
}

/// What a series in a [`Snapshot`] holds.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// Of a [`Counter`](crate::Counter).
    Counter(u64),
    /// Of a [`Gauge`](crate::Gauge).
    Gauge(f64),
    /// Of an [`UpDownCounter`](crate::UpDownCounter).
    UpDownCounter(i64),
    /// Of a [`Histogram`](crate::Histogram).
    Histogram(HistogramSnapshot),
}

impl Snapshot {
    pub(crate) fn take(registry: &Registry) -> Self {
        let mut snapshot = Self::default();
        registry.visit(&mut snapshot);
        for family in &mut snapshot.families {
            family.series.sort_by(|one, other| one.labels.cmp(&other.labels));
        }
        snapshot
    }

    /// All families, in the order of their names.
    #[must_use]
    pub fn families(&self) -> &[FamilySnapshot] {
        &self.families
    }

    /// The family of a name as exposed; if there is none, the first that was given this name.
    #[must_use]
    pub fn family(&self, name: &str) -> Option<&FamilySnapshot> {
        self.find(name, |_| true)
    }

    /// The same, among families of a kind: a counter `job` and a histogram `job` have different names once exposed.
    fn find(&self, name: &str, is_kind: impl Fn(MetricKind) -> bool) -> Option<&FamilySnapshot> {
        let kind = || self.families.iter().filter(|family| is_kind(family.description.kind));
        let exposed = kind().find(|family| family.description.is_exposed_as(name));
        exposed.or_else(|| kind().find(|family| family.description.is_given_as(name)))
    }

    /// What the series with these labels holds.
    #[must_use]
    pub fn value(&self, name: &str, labels: &[(&str, &str)]) -> Option<&Value> {
        self.family(name)?.value(labels)
    }

    /// The number of a counter.
    #[must_use]
    pub fn counter(&self, name: &str, labels: &[(&str, &str)]) -> Option<u64> {
        match self.find(name, |kind| kind == MetricKind::Counter)?.value(labels)? {
            Value::Counter(value) => Some(*value),
            _ => None,
        }
    }

    /// The number of a gauge, or of an up-down counter, which is exposed as a gauge.
    #[must_use]
    pub fn gauge(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        let is_kind = |kind| matches!(kind, MetricKind::Gauge | MetricKind::UpDownCounter);
        match self.find(name, is_kind)?.value(labels)? {
            Value::Gauge(value) => Some(*value),
            Value::UpDownCounter(value) => Some(*value as f64),
            _ => None,
        }
    }

    /// The number of an up-down counter.
    #[must_use]
    pub fn up_down_counter(&self, name: &str, labels: &[(&str, &str)]) -> Option<i64> {
        match self.find(name, |kind| kind == MetricKind::UpDownCounter)?.value(labels)? {
            Value::UpDownCounter(value) => Some(*value),
            _ => None,
        }
    }

    /// The buckets and the sum of a histogram.
    #[must_use]
    pub fn histogram(&self, name: &str, labels: &[(&str, &str)]) -> Option<&HistogramSnapshot> {
        match self.find(name, |kind| kind == MetricKind::Histogram)?.value(labels)? {
            Value::Histogram(histogram) => Some(histogram),
            _ => None,
        }
    }

    /// What has happened since an earlier picture of the same registry: counters and histograms less what they held then, gauges and
    /// up-down counters as they are. A series that was not there then, or was made anew since, counts from zero.
    #[must_use]
    pub fn delta(&self, earlier: &Self) -> Self {
        let mut delta = self.clone();
        for family in &mut delta.families {
            let name = &family.description.name;
            let then = earlier.families.binary_search_by(|other| other.description.name.cmp(name));
            let Some(then) = then.ok().and_then(|index| earlier.families.get(index)) else { continue };
            for series in &mut family.series {
                let then_index = then.series.binary_search_by(|other| other.labels.cmp(&series.labels));
                if let Some(then) = then_index.ok().and_then(|index| then.series.get(index)) {
                    series.value.subtract(&then.value);
                }
            }
        }
        delta
    }
}

impl Visitor for Snapshot {
    fn family(&mut self, family: &Description) -> ControlFlow<()> {
        self.families.push(FamilySnapshot { description: family.clone(), series: Vec::new() });
        ControlFlow::Continue(())
    }

    fn series(&mut self, _: &Description, series: &Series<'_>, sample: &Sample<'_>) -> ControlFlow<()> {
        if let Some(family) = self.families.last_mut() {
            let labels = series.labels().map(|(name, value)| (name.to_owned(), value.to_owned()));
            let mut labels: Vec<_> = labels.collect();
            labels.sort();
            let value = match sample {
                Sample::Counter(value) => Value::Counter(*value),
                Sample::Gauge(value) => Value::Gauge(*value),
                Sample::UpDownCounter(value) => Value::UpDownCounter(*value),
                Sample::Histogram(histogram) => Value::Histogram(HistogramSnapshot::from(histogram)),
            };
            family.series.push(SeriesSnapshot { labels, value });
        }
        ControlFlow::Continue(())
    }
}

impl FamilySnapshot {
    /// The family's name, kind, help and unit.
    #[must_use]
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// The series, in the order of their labels.
    #[must_use]
    pub fn series(&self) -> &[SeriesSnapshot] {
        &self.series
    }

    /// What the series with these labels holds.
    #[must_use]
    pub fn value(&self, labels: &[(&str, &str)]) -> Option<&Value> {
        let mut labels: Vec<(&str, &str)> =
            labels.iter().copied().filter(|(_, value)| !value.is_empty()).collect();
        labels.sort_unstable();
        let index =
            self.series.binary_search_by(|series| series.labels().cmp(labels.iter().copied())).ok()?;
        Some(&self.series[index].value)
    }
}

impl SeriesSnapshot {
    /// The labels, sorted by name. Those with an empty value are left out.
    pub fn labels(&self) -> impl Iterator<Item = (&str, &str)> {
        self.labels.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// What the series holds.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }
}

impl Value {
    /// Makes it what was added since an earlier value. A kind that has changed, or a number that has shrunk, was made anew.
    fn subtract(&mut self, earlier: &Self) {
        match (self, earlier) {
            (Self::Counter(now), Self::Counter(then)) => *now = now.checked_sub(*then).unwrap_or(*now),
            (Self::Histogram(now), Self::Histogram(then)) => now.subtract(then),
            _ => {}
        }
    }
}

impl fmt::Display for Snapshot {
    /// One series a line, for a look at it: name, labels, number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for family in &self.families {
            let name = family.description.exposed_name();
            for series in &family.series {
                let labels: Vec<String> =
                    series.labels().map(|(name, value)| format!("{name}={value:?}")).collect();
                write!(f, "{name}{{{}}} ", labels.join(","))?;
                match &series.value {
                    Value::Counter(value) => writeln!(f, "{value}")?,
                    Value::Gauge(value) => writeln!(f, "{value}")?,
                    Value::UpDownCounter(value) => writeln!(f, "{value}")?,
                    Value::Histogram(histogram) => {
                        writeln!(f, "count={} sum={}", histogram.count(), histogram.sum())?;
                    }
                }
            }
        }
        Ok(())
    }
}
