use super::{HistogramSnapshot, StateSetSnapshot};

/// What a series in a [`Snapshot`](crate::Snapshot) holds.
///
/// ```
/// use instrument_core::{Registry, Value};
///
/// let registry = Registry::new();
/// registry.counter("jobs", "Jobs run.").register()?.inc();
///
/// let snapshot = registry.snapshot();
/// let Some(Value::Counter(jobs)) = snapshot.value("jobs", &[]) else { panic!("it is a counter") };
/// assert_eq!(*jobs, 1);
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Value {
    /// Of a [`Counter`](crate::Counter).
    Counter(u64),
    /// Of a counter with fractions, as a [`Collector`](crate::Collector) can emit it.
    FloatCounter(#[cfg_attr(feature = "serde", serde(with = "super::stored::number"))] f64),
    /// Of a [`Gauge`](crate::Gauge).
    Gauge(#[cfg_attr(feature = "serde", serde(with = "super::stored::number"))] f64),
    /// Of an [`UpDownCounter`](crate::UpDownCounter).
    UpDownCounter(i64),
    /// Of a [`Histogram`](crate::Histogram).
    Histogram(HistogramSnapshot),
    /// Of an [`Info`](crate::Info): its labels say it all.
    Info,
    /// Of a [`StateSet`](crate::StateSet).
    StateSet(StateSetSnapshot),
}
