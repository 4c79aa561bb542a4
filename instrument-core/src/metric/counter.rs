use std::sync::atomic::{AtomicBool, Ordering};

use super::storage::Storage;
use crate::cells::{self, CellId, Cells, Handled, Here, Lent, Owner, Reading, Shared, Unsigned};
use crate::collect::Sample;
use crate::description::MetricKind;
use crate::exemplar::{Drops, Exemplar, LastExemplar, RecordedExemplar};
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
    parts: Shared<Parts>,
}

#[derive(Debug)]
struct Parts {
    /// Keeps the cell.
    _count: Count,
    exemplar: LastExemplar,
    drops: Drops,
}

#[derive(Debug)]
enum Count {
    Own(#[expect(dead_code, reason = "for its drop")] Cells<Unsigned>),
    Lent(#[expect(dead_code, reason = "for its drop")] Lent),
}

/// Whether any counter of the process was ever given an exemplar. Few programs do that, and in the others it would take a third of the time in which a
/// million counters are written out to look at each.
static ANY_EXEMPLAR: AtomicBool = AtomicBool::new(false);

impl Counter {
    fn at(cell: CellId<Unsigned>, count: Count, drops: &Drops) -> Option<(Self, Owner)> {
        let parts = Parts { _count: count, exemplar: LastExemplar::new(), drops: drops.clone() };
        let (parts, owner) = Shared::new(parts)?;
        Some((Self { cell, parts }, owner))
    }

    /// Adds 1.
    #[inline]
    pub fn inc(&self) {
        self.inc_by(1);
    }

    /// Adds `n`.
    #[inline]
    pub fn inc_by(&self, n: u64) {
        self.inc_by_here(cells::here(), n);
    }

    /// The same for who has found the thread's cells already.
    #[inline(always)]
    pub(crate) fn inc_by_here(&self, here: Here, n: u64) {
        here.add(self.cell, n);
    }

    /// Adds 1, and keeps the exemplar in the place of the one before.
    ///
    /// See [`inc_by_with`](Self::inc_by_with).
    pub fn inc_with(&self, exemplar: impl Into<Option<Exemplar>>) {
        self.inc_by_with(1, exemplar);
    }

    /// Adds `n`, and keeps the exemplar, if it is one, in the place of the one before.
    ///
    /// The exemplar costs a look at the clock and an allocation, and takes no lock. One that breaks a rule is [dropped](Exemplar#bounds).
    ///
    /// ```
    /// use instrument_core::{Exemplar, Registry};
    ///
    /// let registry = Registry::new();
    /// let failed = registry.counter("failed", "Requests that failed.").register()?;
    /// failed.inc_with(Exemplar::trace_id("4bf92f3577b34da6a3ce929d0e0e4736"));
    /// failed.inc_with(None);
    /// assert_eq!(failed.get(), 2);
    /// assert_eq!(registry.snapshot().exemplars("failed_total", &[]).len(), 1);
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn inc_by_with(&self, n: u64, exemplar: impl Into<Option<Exemplar>>) {
        self.inc_by(n);
        if let Some(exemplar) = exemplar.into() {
            ANY_EXEMPLAR.store(true, Ordering::Relaxed);
            self.parts.exemplar.put(exemplar, n as f64, None, &self.parts.drops);
        }
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

    fn allocate(_: &(), drops: &Drops) -> Option<(Self, Owner)> {
        let cells = Cells::allocate(1)?;
        Self::at(cells.first(), Count::Own(cells), drops)
    }

    const LENT: bool = true;

    fn allocate_lent(cell: Lent, _: &(), drops: &Drops) -> Option<(Self, Owner)> {
        Self::at(cell.cell(), Count::Lent(cell), drops)
    }

    fn is_at(&self, cell: CellId<Unsigned>) -> bool {
        self.cell.number() == cell.number()
    }

    #[inline(always)]
    fn handle(&self, here: Here) -> Self {
        Self { cell: self.cell, parts: self.parts.handle(here) }
    }

    fn shared(&self) -> &dyn Handled {
        &self.parts
    }

    fn read(&self, reading: &mut Reading, read: &mut dyn FnMut(Sample<'_>)) {
        read(Sample::Counter(reading.cell(self.cell)));
    }

    fn recorded(&self, reading: &mut Reading) -> Option<u64> {
        // At its end it does not change any more.
        Some(reading.cell(self.cell)).filter(|&count| count < u64::MAX)
    }

    fn exemplars(&self) -> Vec<RecordedExemplar> {
        if !ANY_EXEMPLAR.load(Ordering::Relaxed) {
            return Vec::new();
        }
        self.parts.exemplar.read().into_iter().collect()
    }
}
