use super::storage::Storage;
use crate::cells::{self, CellId, Cells, Handled, Here, Owner, Paired, Reading, Shared};
use crate::collect::Sample;
use crate::description::MetricKind;
use crate::exemplar::Drops;
use crate::{Buckets, Metric};

/// A number that is added to and taken from: requests in flight, items in a queue.
///
/// A clone is another handle on the same number. Adding costs what a [`Counter`](crate::Counter)'s increment does, and may happen
/// on another thread than taking away. A reader never sees something taken away that it did not see added. Use a
/// [`Gauge`](crate::Gauge) for a number that is set.
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
///
/// // What no guard can stand for is counted by hand.
/// open.inc();
/// open.add(3);
/// open.dec();
/// assert_eq!(open.get(), 3);
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct UpDownCounter {
    /// The downs; the ups are the next one.
    downs: CellId<Paired>,
    cells: Shared<Cells<Paired>>,
}

impl UpDownCounter {
    /// Adds 1.
    #[inline]
    pub fn inc(&self) {
        self.inc_here(cells::here());
    }

    /// Takes 1 away.
    #[inline]
    pub fn dec(&self) {
        self.dec_here(cells::here());
    }

    /// The same for who has found the thread's cells already.
    #[inline(always)]
    pub(crate) fn inc_here(&self, here: Here) {
        here.add(self.downs.nth(1), 1);
    }

    #[inline(always)]
    pub(crate) fn dec_here(&self, here: Here) {
        here.add(self.downs, 1);
    }

    /// Takes 1 away if that needs no call, and says whether it did.
    #[inline(always)]
    pub(crate) fn dec_at_once(&self, here: Here) -> bool {
        here.near(self.downs).map(|cells| cells.add(0, 1)).is_some()
    }

    /// Adds `n`, which may be negative.
    #[inline]
    pub fn add(&self, n: i64) {
        self.add_here(cells::here(), n);
    }

    #[inline(always)]
    pub(crate) fn add_here(&self, here: Here, n: i64) {
        let cell = if n < 0 { self.downs } else { self.downs.nth(1) };
        here.add(cell, n.unsigned_abs());
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
        // In this order: see `Paired`.
        let downs = cells::sum(self.downs);
        difference(downs, cells::sum(self.downs.nth(1)))
    }
}

fn difference(downs: u64, ups: u64) -> i64 {
    ups.wrapping_sub(downs).cast_signed()
}

impl Metric for UpDownCounter {}

impl Storage for UpDownCounter {
    type Settings = ();
    const KIND: MetricKind = MetricKind::UpDownCounter;

    fn settings(_: Option<Buckets>) -> Result<(), String> {
        Ok(())
    }

    fn allocate(_: &(), _: &Drops) -> Option<(Self, Owner)> {
        let cells = Cells::allocate(2)?;
        let downs = cells.first();
        let (cells, owner) = Shared::new(cells)?;
        Some((Self { downs, cells }, owner))
    }

    #[inline(always)]
    fn handle(&self, here: Here) -> Self {
        Self { downs: self.downs, cells: self.cells.handle(here) }
    }

    fn shared(&self) -> &dyn Handled {
        &self.cells
    }

    fn read(&self, reading: &mut Reading, read: &mut dyn FnMut(Sample<'_>)) {
        if let [downs, ups] = *reading.range(&self.cells) {
            read(Sample::UpDownCounter(difference(downs, ups)));
        }
    }

    fn recorded(&self, reading: &mut Reading) -> Option<u64> {
        match *reading.range(&self.cells) {
            // What is up will go down, and must not have been forgotten.
            [downs, ups] if downs == ups => Some(ups),
            _ => None,
        }
    }
}

/// One of the things that an [`UpDownCounter`] counts, from [`track`](UpDownCounter::track) to drop.
///
/// ```
/// use instrument_core::{InFlight, Registry};
///
/// struct Connection {
///     _counted: InFlight,
/// }
///
/// let registry = Registry::new();
/// let open = registry.up_down_counter("connections", "Connections open.").register()?;
/// let connection = Connection { _counted: open.track() };
/// assert_eq!(open.get(), 1);
///
/// std::thread::spawn(move || drop(connection)).join().unwrap();
/// assert_eq!(open.get(), 0);
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug)]
pub struct InFlight {
    counter: UpDownCounter,
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.counter.dec();
    }
}
