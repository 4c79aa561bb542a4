use std::sync::Arc;

use super::private::Storage;
use crate::cells::{self, CellId, Cells, Reading, Signed};
use crate::collect::Sample;
use crate::description::MetricKind;
use crate::{Buckets, Metric};

/// A number that is added to and taken from: requests in flight, items in a queue.
///
/// A clone is another handle on the same number. Adding costs what a [`Counter`](crate::Counter)'s increment does, and may happen
/// on another thread than taking away. Use a [`Gauge`](crate::Gauge) for a number that is set.
///
/// ```
/// use instrument_core::Registry;
///
/// let registry = Registry::new();
/// let open = registry.up_down_counter("connections", "Connections open.").register()?;
/// {
///     let _connection = open.track();
///     assert_eq!(open.get(), 1);
/// }
/// assert_eq!(open.get(), 0);
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct UpDownCounter {
    cell: CellId<Signed>,
    cells: Arc<Cells<Signed>>,
}

impl UpDownCounter {
    /// Adds 1.
    #[inline]
    pub fn inc(&self) {
        self.add(1);
    }

    /// Takes 1 away.
    #[inline]
    pub fn dec(&self) {
        self.add(-1);
    }

    /// Adds `n`, which may be negative.
    #[inline]
    pub fn add(&self, n: i64) {
        cells::add(self.cell, n);
    }

    /// Adds 1 until the guard is dropped, on whatever thread and for whatever reason.
    #[must_use = "the number goes down again when the guard is dropped"]
    pub fn track(&self) -> InFlight {
        self.inc();
        InFlight { counter: self.clone() }
    }

    /// The sum over all threads. Reads every thread's memory under the scrape's lock: for tests and decisions, not for hot
    /// paths.
    #[must_use]
    pub fn get(&self) -> i64 {
        cells::sum(self.cell)
    }
}

impl Metric for UpDownCounter {}

impl Storage for UpDownCounter {
    type Settings = ();
    const KIND: MetricKind = MetricKind::UpDownCounter;

    fn settings(_: Option<Buckets>) -> Result<(), String> {
        Ok(())
    }

    fn allocate(_: &()) -> Option<Self> {
        let cells = Cells::allocate(1)?;
        Some(Self { cell: cells.first(), cells: Arc::new(cells) })
    }

    fn read(&self, reading: &mut Reading, read: &mut dyn FnMut(Sample<'_>)) {
        read(Sample::UpDownCounter(reading.one(&self.cells)));
    }
}

/// One of the things that an [`UpDownCounter`] counts, from [`track`](UpDownCounter::track) to drop.
#[derive(Debug)]
pub struct InFlight {
    counter: UpDownCounter,
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.counter.dec();
    }
}
