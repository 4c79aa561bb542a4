//! A counter with one writer per thread: a thread-local pointer to a slab of cells, a load and a store.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

/// Cells in a slab: 4 KiB.
pub const CELLS: usize = 512;

type Slab = [AtomicU64; CELLS];

thread_local! {
    // Without a destructor, so that no access pays for the question whether it has run already.
    static SLAB: Cell<Option<&'static Slab>> = const { Cell::new(None) };
}

/// Adds to this thread's cell. Ids go round beyond [`CELLS`], so that no bounds check is needed.
#[inline(always)]
pub fn add(cell: usize, n: u64) {
    update(cell, |value| value.wrapping_add(n));
}

/// Subtracts from this thread's cell.
#[inline(always)]
pub fn sub(cell: usize, n: u64) {
    update(cell, |value| value.wrapping_sub(n));
}

/// This thread's cell.
pub fn get(cell: usize) -> u64 {
    slab()[cell % CELLS].load(Ordering::Relaxed)
}

#[inline(always)]
fn update(cell: usize, change: impl FnOnce(u64) -> u64) {
    let cell = &slab()[cell % CELLS];
    // Not a read-modify-write instruction: no other thread writes here, so nothing can come in between.
    cell.store(change(cell.load(Ordering::Relaxed)), Ordering::Relaxed);
}

#[inline(always)]
fn slab() -> &'static Slab {
    match SLAB.get() {
        Some(slab) => slab,
        None => first_touch(),
    }
}

/// Leaks the slab: a floor has no reader that could keep it, and a benchmark starts some hundred threads at most.
#[cold]
fn first_touch() -> &'static Slab {
    let slab: &'static Slab = Box::leak(Box::new([const { AtomicU64::new(0) }; CELLS]));
    SLAB.set(Some(slab));
    slab
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn a_cell_counts_up_and_down_for_its_own_thread_only() {
        add(7, 3);
        sub(7, 1);
        assert_eq!(get(7), 2);
        assert_eq!(thread::spawn(|| get(7)).join().ok(), Some(0));
    }
}
