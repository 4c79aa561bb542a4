use super::{HistogramSnapshot, StateSetSnapshot};

/// What a series in a [`Snapshot`](crate::Snapshot) holds.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// Of a [`Counter`](crate::Counter).
    Counter(u64),
    /// Of a counter with fractions, as a [`Collector`](crate::Collector) can emit it.
    FloatCounter(f64),
    /// Of a [`Gauge`](crate::Gauge).
    Gauge(f64),
    /// Of an [`UpDownCounter`](crate::UpDownCounter).
    UpDownCounter(i64),
    /// Of a [`Histogram`](crate::Histogram).
    Histogram(HistogramSnapshot),
    /// Of an [`Info`](crate::Info): its labels say it all.
    Info,
    /// Of a [`StateSet`](crate::StateSet).
    StateSet(StateSetSnapshot),
}
