//! 512 cells of one thread.

use super::kind::Kind;
use crate::sync::{AtomicU64, Ordering};

/// How many cells a chunk has.
#[cfg(not(loom))]
pub(crate) const CELLS: usize = 512;
#[cfg(loom)]
pub(crate) const CELLS: usize = 2;

/// Cells of one thread, a page of them. Aligned so that no cache line is shared with anything else.
#[repr(align(64))]
pub(super) struct Chunk([AtomicU64; CELLS]);

impl Chunk {
    /// A chunk of zeros.
    pub(super) fn zeroed() -> Box<Self> {
        Box::new(Self(std::array::from_fn(|_| AtomicU64::new(0))))
    }

    /// The cell at an offset, which is taken modulo the number of cells.
    #[inline(always)]
    fn cell(&self, offset: u16) -> &AtomicU64 {
        &self.0[usize::from(offset) % CELLS]
    }

    /// Adds as the only writer (invariant 1): no locked instruction, no shared cache line.
    #[inline(always)]
    pub(super) fn add<K: Kind>(&self, offset: u16, bits: u64) {
        let cell = self.cell(offset);
        // Relaxed: nobody else writes this cell.
        cell.store(K::combine(cell.load(Ordering::Relaxed), bits), K::STORE);
    }

    /// Adds as one of many writers.
    pub(super) fn add_shared<K: Kind>(&self, offset: u16, bits: u64) {
        let cell = self.cell(offset);
        let mut seen = cell.load(Ordering::Relaxed);
        // Relaxed on failure: it brings the newer value along, and is tried again.
        while let Err(newer) =
            cell.compare_exchange_weak(seen, K::combine(seen, bits), K::STORE, Ordering::Relaxed)
        {
            seen = newer;
        }
    }

    /// What the cell at an offset holds.
    pub(super) fn get<K: Kind>(&self, offset: u16) -> u64 {
        self.cell(offset).load(K::LOAD)
    }

    /// Combines all cells into `sums`, one by one in memory order, so that the compiler makes vectors of it.
    pub(super) fn sum_into<K: Kind>(&self, sums: &mut [u64; CELLS]) {
        for (sum, cell) in sums.iter_mut().zip(&self.0) {
            *sum = K::combine(*sum, cell.load(K::LOAD));
        }
    }

    /// Moves all cells into another chunk, which has many writers, and leaves zeros.
    pub(super) fn fold_into<K: Kind>(&self, retired: &Self) {
        for (offset, cell) in (0..).zip(&self.0) {
            let bits = cell.load(Ordering::Relaxed);
            if bits != 0 {
                retired.add_shared::<K>(offset, bits);
                cell.store(0, Ordering::Relaxed);
            }
        }
    }

    /// Zeroes the cells of a range that nobody writes any more (invariant 5).
    pub(super) fn clear(&self, offset: u16, len: u16) {
        for offset in offset..offset.saturating_add(len) {
            self.cell(offset).store(0, Ordering::Relaxed);
        }
    }
}
