use std::time::SystemTime;

use super::Value;
use crate::RecordedExemplar;
use crate::description::Description;

/// A family in a [`Snapshot`](crate::Snapshot).
///
/// ```
/// use instrument_core::{Labels, Registry, Value};
///
/// #[derive(Labels)]
/// struct Language<'a> {
///     lang: &'a str,
/// }
///
/// let registry = Registry::new();
/// let served = registry.counter("quotes_served", "Quotations served.").labels::<Language>().register()?;
/// served.with(&Language { lang: "fr" }).inc();
/// served.with(&Language { lang: "la" }).inc_by(2);
///
/// let snapshot = registry.snapshot();
/// let family = snapshot.family("quotes_served").unwrap();
/// assert_eq!(family.description().help, "Quotations served.");
/// assert_eq!(family.series().len(), 2);
/// assert_eq!(family.value(&[("lang", "la")]), Some(&Value::Counter(2)));
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FamilySnapshot {
    pub(super) description: Description,
    pub(super) series: Vec<SeriesSnapshot>,
}

/// A series in a [`Snapshot`](crate::Snapshot). Two are equal when their labels and what they hold are, whenever they were made.
///
/// ```
/// use instrument_core::{Exemplar, Registry, Value};
///
/// let registry = Registry::builder().constant_label("region", "eu").build()?;
/// registry.counter("jobs", "Jobs run.").register()?.inc_with(Exemplar::trace_id("4bf9"));
///
/// let snapshot = registry.snapshot();
/// let series = &snapshot.families()[0].series()[0];
/// assert!(series.labels().eq([("region", "eu")]));
/// assert_eq!(series.value(), &Value::Counter(1));
/// assert_eq!(series.exemplars().len(), 1);
/// assert!(series.created().is_some());
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug, Clone)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SeriesSnapshot {
    /// Sorted by name.
    #[cfg_attr(feature = "serde", serde(with = "super::stored::labels"))]
    pub(super) labels: Vec<(String, String)>,
    pub(super) created: Option<SystemTime>,
    pub(super) value: Value,
    pub(super) exemplars: Vec<RecordedExemplar>,
}

impl PartialEq for SeriesSnapshot {
    fn eq(&self, other: &Self) -> bool {
        self.labels == other.labels && self.value == other.value
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
}

impl SeriesSnapshot {
    /// The labels, sorted by name. Those with an empty value are left out.
    pub fn labels(&self) -> impl Iterator<Item = (&str, &str)> {
        self.labels.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// When the series was made: it has counted from zero since. One that was removed or has expired, and comes back, has a new one.
    /// Nothing for what functions compute and collectors emit.
    #[must_use]
    pub fn created(&self) -> Option<SystemTime> {
        self.created
    }

    /// What the series holds.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The exemplars that were kept with it, in the order of their values.
    #[must_use]
    pub fn exemplars(&self) -> &[RecordedExemplar] {
        &self.exemplars
    }
}
