use super::storage::Storage;
use crate::cells::{self, CellId, Cells, Owner, Reading, Shared, Unsigned};
use crate::collect::Sample;
use crate::description::MetricKind;
use crate::{Buckets, Metric};

/// A number that only grows: requests, bytes, failures.
///
/// A clone is another handle on the same counter. An increment is a load and a store in the calling thread's own memory: it
/// takes no lock, never allocates once the thread has touched the counter's page, and costs the same however many threads
/// count. A counter that has reached `u64::MAX` stays there.
///
/// ```
/// use instrument_core::Registry;
///
/// let registry = Registry::new();
/// let sent = registry.counter("sent", "Bytes sent.").unit("bytes").register()?;
/// sent.inc();
/// sent.inc_by(41);
/// assert_eq!(sent.get(), 42);
/// assert_eq!(registry.snapshot().counter("sent_bytes_total", &[]), Some(42));
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Counter {
    cell: CellId<Unsigned>,
    cells: Shared<Cells<Unsigned>>,
}

impl Counter {
    /// Adds 1.
    #[inline]
    pub fn inc(&self) {
        self.inc_by(1);
    }

    /// Adds `n`.
    #[inline]
    pub fn inc_by(&self, n: u64) {
        cells::add(self.cell, n);
    }

    /// The sum over all threads. Reads every thread's memory under the scrape's lock: for tests and decisions, not for hot
    /// paths.
    #[must_use]
    pub fn get(&self) -> u64 {
        cells::sum(self.cell)
    }
}

impl Metric for Counter {}

impl Storage for Counter {
    type Settings = ();
    const KIND: MetricKind = MetricKind::Counter;

    fn settings(_: Option<Buckets>) -> Result<(), String> {
        Ok(())
    }

    fn allocate(_: &()) -> Option<(Self, Owner)> {
        let cells = Cells::allocate(1)?;
        let cell = cells.first();
        let (cells, owner) = Shared::new(cells)?;
        Some((Self { cell, cells }, owner))
    }

    fn read(&self, reading: &mut Reading, read: &mut dyn FnMut(Sample<'_>)) {
        read(Sample::Counter(reading.one(&self.cells)));
    }
}
