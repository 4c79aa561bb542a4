//! From a walk over a registry to a picture of it.

use std::ops::ControlFlow;

use super::{FamilySnapshot, HistogramSnapshot, SeriesSnapshot, Snapshot, StateSetSnapshot, Value};
use crate::Registry;
use crate::collect::{Sample, Series, Visitor};
use crate::description::Description;

impl Snapshot {
    pub(crate) fn take(registry: &Registry) -> Self {
        let mut snapshot = Self::default();
        registry.visit(&mut snapshot);
        for family in &mut snapshot.families {
            family.series.sort_by(|one, other| one.labels.cmp(&other.labels));
        }
        snapshot
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
            family.series.push(SeriesSnapshot {
                labels,
                created: series.created(),
                value: Value::from(sample),
                exemplars: series.exemplars(),
            });
        }
        ControlFlow::Continue(())
    }
}

impl From<&Sample<'_>> for Value {
    fn from(sample: &Sample<'_>) -> Self {
        match sample {
            Sample::Counter(value) => Self::Counter(*value),
            Sample::FloatCounter(value) => Self::FloatCounter(*value),
            Sample::Gauge(value) => Self::Gauge(*value),
            Sample::UpDownCounter(value) => Self::UpDownCounter(*value),
            Sample::Histogram(histogram) => Self::Histogram(HistogramSnapshot::from(histogram)),
            Sample::Info => Self::Info,
            Sample::StateSet(states) => Self::StateSet(StateSetSnapshot::from(states)),
        }
    }
}
