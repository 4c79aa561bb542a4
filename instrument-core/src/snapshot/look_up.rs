//! Finding a family and a series by what they are called.

use super::{FamilySnapshot, HistogramSnapshot, SeriesSnapshot, Snapshot, StateSetSnapshot, Value};
use crate::RecordedExemplar;
use crate::description::MetricKind;

/// Look-ups that give nothing where there is nothing.
///
/// ```
/// use std::time::Duration;
///
/// use instrument_core::{Exemplar, Registry, Value};
///
/// let registry = Registry::new();
/// registry.counter("jobs", "Jobs run.").register()?.inc_by_with(3, Exemplar::trace_id("4bf9"));
/// registry.gauge("load", "Load of the machine.").register()?.set(0.7);
/// registry.up_down_counter("open", "Connections open.").register()?.add(2);
/// registry.histogram::<Duration>("lookup", "Look-ups.").register()?.observe(Duration::from_secs(1));
/// registry.info("host", "Where it runs.").label("region", "eu").register()?;
/// registry.state_set::<bool>("frozen", "Whether nothing moves.").register()?.set(&true);
///
/// let snapshot = registry.snapshot();
/// assert_eq!((snapshot.counter("jobs", &[]), snapshot.float_counter("jobs", &[])), (Some(3), Some(3.0)));
/// assert_eq!(snapshot.exemplars("jobs", &[]).len(), 1);
/// assert_eq!(snapshot.gauge("load", &[]), Some(0.7));
/// assert_eq!(snapshot.up_down_counter("open", &[]), Some(2));
/// assert_eq!(snapshot.histogram("lookup_seconds", &[]).unwrap().count(), 1);
/// assert!(snapshot.info("host", &[("region", "eu")]));
/// assert_eq!(snapshot.state_set("frozen", &[]).unwrap().is_active("true"), Some(true));
///
/// assert_eq!(snapshot.value("jobs", &[]), Some(&Value::Counter(3)));
/// assert_eq!(snapshot.family("jobs").unwrap().series().len(), 1);
/// assert_eq!(snapshot.counter("jobs", &[("kind", "nightly")]), None);
/// # Ok::<(), instrument_core::Error>(())
/// ```
impl Snapshot {
    /// The family of a name as exposed; if there is none, the first that was given this name.
    #[must_use]
    pub fn family(&self, name: &str) -> Option<&FamilySnapshot> {
        self.find(name, |_| true)
    }

    /// The same, among families that a look-up of this kind means.
    pub(super) fn family_of(&self, kind: MetricKind, name: &str) -> Option<&FamilySnapshot> {
        self.find(name, |own| match kind {
            MetricKind::Gauge => matches!(own, MetricKind::Gauge | MetricKind::UpDownCounter),
            _ => own == kind,
        })
    }

    /// The same, among some families: a counter `job` and a histogram `job` have different names once exposed.
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

    /// The number of a counter that counts in whole numbers.
    #[must_use]
    pub fn counter(&self, name: &str, labels: &[(&str, &str)]) -> Option<u64> {
        match self.family_of(MetricKind::Counter, name)?.value(labels)? {
            Value::Counter(value) => Some(*value),
            _ => None,
        }
    }

    /// The number of a counter, with its fraction if it has one, as those that measure time do.
    #[must_use]
    pub fn float_counter(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        match self.family_of(MetricKind::Counter, name)?.value(labels)? {
            Value::FloatCounter(value) => Some(*value),
            Value::Counter(value) => Some(*value as f64),
            _ => None,
        }
    }

    /// The number of a gauge, or of an up-down counter, which is exposed as a gauge.
    #[must_use]
    pub fn gauge(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        match self.family_of(MetricKind::Gauge, name)?.value(labels)? {
            Value::Gauge(value) => Some(*value),
            Value::UpDownCounter(value) => Some(*value as f64),
            _ => None,
        }
    }

    /// The number of an up-down counter.
    #[must_use]
    pub fn up_down_counter(&self, name: &str, labels: &[(&str, &str)]) -> Option<i64> {
        match self.family_of(MetricKind::UpDownCounter, name)?.value(labels)? {
            Value::UpDownCounter(value) => Some(*value),
            _ => None,
        }
    }

    /// The exemplars of a counter or a histogram, in the order of their values; none when there is no such series.
    #[must_use]
    pub fn exemplars(&self, name: &str, labels: &[(&str, &str)]) -> &[RecordedExemplar] {
        let is_kind = |kind| matches!(kind, MetricKind::Counter | MetricKind::Histogram);
        self.find(name, is_kind).and_then(|family| family.find(labels)).map_or(&[], SeriesSnapshot::exemplars)
    }

    /// The buckets and the sum of a histogram.
    #[must_use]
    pub fn histogram(&self, name: &str, labels: &[(&str, &str)]) -> Option<&HistogramSnapshot> {
        match self.family_of(MetricKind::Histogram, name)?.value(labels)? {
            Value::Histogram(histogram) => Some(histogram),
            _ => None,
        }
    }

    /// Whether there is an info with these labels.
    #[must_use]
    pub fn info(&self, name: &str, labels: &[(&str, &str)]) -> bool {
        let family = self.family_of(MetricKind::Info, name);
        matches!(family.and_then(|family| family.value(labels)), Some(Value::Info))
    }

    /// The states of a state set, by the labels that are not the states'.
    #[must_use]
    pub fn state_set(&self, name: &str, labels: &[(&str, &str)]) -> Option<&StateSetSnapshot> {
        match self.family_of(MetricKind::StateSet, name)?.value(labels)? {
            Value::StateSet(states) => Some(states),
            _ => None,
        }
    }
}

impl FamilySnapshot {
    /// What the series with these labels holds.
    #[must_use]
    pub fn value(&self, labels: &[(&str, &str)]) -> Option<&Value> {
        Some(&self.find(labels)?.value)
    }

    /// The series with these labels.
    fn find(&self, labels: &[(&str, &str)]) -> Option<&SeriesSnapshot> {
        let mut labels: Vec<(&str, &str)> =
            labels.iter().copied().filter(|(_, value)| !value.is_empty()).collect();
        labels.sort_unstable();
        let index =
            self.series.binary_search_by(|series| series.labels().cmp(labels.iter().copied())).ok()?;
        self.series.get(index)
    }
}
