//! A picture of all metrics: how it is taken, looked into, compared and printed.

mod delta;
mod display;
mod expect;
mod family;
mod histogram;
mod label_pairs;
mod look_up;
mod nearest;
mod no_such_series;
mod quantile;
mod state_set;
#[cfg(feature = "serde")]
mod stored;
mod take;
mod value;

pub use self::family::{FamilySnapshot, SeriesSnapshot};
pub use self::histogram::HistogramSnapshot;
pub use self::label_pairs::LabelPairs;
pub use self::no_such_series::NoSuchSeries;
pub use self::state_set::StateSetSnapshot;
#[cfg(feature = "serde")]
pub(crate) use self::stored::number;
pub use self::value::Value;

/// An immutable picture of all metrics of a [`Registry`](crate::Registry), as they stood when it was taken.
///
/// Families are in the order of their names, series in the order of their labels, so that two pictures of the same numbers are equal.
/// Look-ups take a family's name as given or as exposed, and labels in any order; they must be all the labels of the series,
/// constant ones among them, but for those with an empty value.
///
/// With the feature `serde` it is `Serialize` and `Deserialize`: what is read is equal to what was written, but for a `NaN`, which equals nothing.
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
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Snapshot {
    #[cfg_attr(feature = "serde", serde(deserialize_with = "stored::families"))]
    families: Vec<FamilySnapshot>,
}

impl Snapshot {
    /// All families, in the order of their names.
    ///
    /// ```
    /// use instrument_core::Registry;
    ///
    /// let registry = Registry::new();
    /// registry.gauge("load", "Load of the machine.").register()?;
    /// registry.counter("jobs", "Jobs run.").register()?;
    ///
    /// let snapshot = registry.snapshot();
    /// let names: Vec<String> =
    ///     snapshot.families().iter().map(|family| family.description().exposed_name()).collect();
    /// assert_eq!(names, ["jobs_total", "load"]);
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[must_use]
    pub fn families(&self) -> &[FamilySnapshot] {
        &self.families
    }
}
