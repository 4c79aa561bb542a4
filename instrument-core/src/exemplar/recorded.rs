use std::time::SystemTime;

use super::given::Labels;

/// An [`Exemplar`](crate::Exemplar) as it was recorded: with the value, the time and the bucket.
///
/// ```
/// use instrument_core::{Exemplar, Registry};
///
/// let registry = Registry::new();
/// let sent = registry.counter("sent", "Bytes sent.").unit("bytes").register()?;
/// sent.inc_by_with(2048, Exemplar::trace_id("4bf92f3577b34da6a3ce929d0e0e4736"));
///
/// let snapshot = registry.snapshot();
/// let exemplar = &snapshot.exemplars("sent_bytes_total", &[])[0];
/// assert_eq!(exemplar.value(), 2048.0);
/// assert!(exemplar.time() <= std::time::SystemTime::now());
/// assert_eq!(exemplar.bucket(), None); // a counter has none
/// assert!(exemplar.labels().eq([("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736")]));
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RecordedExemplar {
    pub(super) labels: Labels,
    #[cfg_attr(feature = "serde", serde(with = "crate::snapshot::number"))]
    pub(super) value: f64,
    pub(super) time: SystemTime,
    pub(super) bucket: Option<usize>,
}

impl RecordedExemplar {
    /// Names and values of the labels, in the order in which they were given.
    pub fn labels(&self) -> impl Iterator<Item = (&str, &str)> {
        self.labels.iter().map(|(name, value)| (&**name, &**value))
    }

    /// The value that was observed, in the unit of the family; of a counter, what was added.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.value
    }

    /// When it was recorded, by the system's clock.
    #[must_use]
    pub fn time(&self) -> SystemTime {
        self.time
    }

    /// The explicit bucket that the value is in, as an index into [`counts`](crate::HistogramSample::counts). Nothing for a
    /// counter, and where there are native buckets alone.
    #[must_use]
    pub fn bucket(&self) -> Option<usize> {
        self.bucket
    }
}
