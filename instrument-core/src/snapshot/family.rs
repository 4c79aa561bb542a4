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

/// A series in a [`Snapshot`](crate::Snapshot).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SeriesSnapshot {
    /// Sorted by name.
    #[cfg_attr(feature = "serde", serde(with = "super::stored::labels"))]
    pub(super) labels: Vec<(String, String)>,
    pub(super) value: Value,
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub(super) exemplars: Vec<RecordedExemplar>,
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
