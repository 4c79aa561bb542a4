//! Cells in a row that are lent one by one.
//!
//! The cell of the `n`th borrower is known without a look at the borrower: to count for one takes no load that depends on which one it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::arena::{CELLS, CellId, Unsigned};
use super::global::{Cells, clear};

/// Cells in a row, each lent to one borrower at a time.
#[derive(Debug)]
pub struct Block {
    cells: Cells<Unsigned>,
    lent: Box<[AtomicBool]>,
}

/// A cell of a block, until it is dropped: then it is zeroed, and can be lent again. Whoever adds to it must have ended by then (invariant 5).
#[derive(Debug)]
pub struct Lent {
    block: Arc<Block>,
    place: u32,
}

impl Block {
    /// The most cells that a block can have.
    pub(crate) const MAX: usize = CELLS;

    /// As many cells at zero, or nothing when there is no room.
    pub(crate) fn allocate(cells: u16) -> Option<Arc<Self>> {
        let lent = (0..cells).map(|_| AtomicBool::new(false)).collect();
        Some(Arc::new(Self { cells: Cells::allocate(cells)?, lent }))
    }

    /// The cell that the others stand behind.
    pub(crate) fn first(&self) -> CellId<Unsigned> {
        self.cells.first()
    }

    /// The cell at a place, whoever has it.
    pub(crate) fn cell(&self, place: usize) -> Option<CellId<Unsigned>> {
        // There are no more of them than a `u32` can tell apart.
        self.lent.get(place).map(|_| self.first().nth(place as u32))
    }

    /// The same to keep, unless somebody has it.
    pub(crate) fn lend(self: &Arc<Self>, place: usize) -> Option<Lent> {
        let lent = self.lent.get(place)?;
        // Acquire: the next borrower comes after the zeroing.
        let is_free = lent.compare_exchange(false, true, Ordering::Acquire, Ordering::Relaxed).is_ok();
        is_free.then(|| Lent { block: Arc::clone(self), place: place as u32 })
    }
}

impl Lent {
    /// The cell.
    pub(crate) fn cell(&self) -> CellId<Unsigned> {
        self.block.first().nth(self.place)
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        clear(self.cell());
        if let Some(lent) = self.block.lent.get(self.place as usize) {
            // Release: pairs with the acquire of `lend`.
            lent.store(false, Ordering::Release);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::global::{add, sum};
    use super::*;

    #[test]
    fn a_cell_is_lent_to_one_at_a_time_and_always_at_zero() {
        let block = Block::allocate(2).unwrap();
        let (one, other) = (block.lend(0).unwrap(), block.lend(1).unwrap());
        assert!(block.lend(0).is_none() && block.lend(2).is_none());
        add(one.cell(), 3);
        add(other.cell(), 5);
        drop(one);
        let again = block.lend(0).unwrap();
        assert_eq!((sum(again.cell()), sum(other.cell())), (0, 5));
        assert_eq!(again.cell().number(), block.first().number());
    }
}
