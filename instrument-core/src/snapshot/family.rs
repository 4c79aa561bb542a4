use std::time::SystemTime;

use super::Value;
use crate::RecordedExemplar;
use crate::description::Description;

/// A family in a [`Snapshot`](crate::Snapshot).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FamilySnapshot {
    pub(super) description: Description,
    pub(super) series: Vec<SeriesSnapshot>,
}

/// A series in a [`Snapshot`](crate::Snapshot). Two are equal when their labels and what they hold are, whenever they were made.
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
