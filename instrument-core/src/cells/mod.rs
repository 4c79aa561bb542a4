//! Cells: 64-bit numbers that any thread adds to for the price of a plain addition, and a reader sums.
//!
//! `arena` is the protocol between writers and readers, `global` the one arena of the process and each thread's place in it, `shared`
//! what is kept alive by handles that cells count, `block` cells in a row that are lent one by one, `table` finds such things by hash without a lock, `slot` keeps the last of
//! something that threads put there.
//! This is the one module with `unsafe` code. A metric owns a range of cell ids; every thread owns a slab with a cell for
//! each id it has touched, in chunks of 512; a reader sums a cell over all slabs.
//!
//! # Invariants
//!
//! 1. **One writer.** A slab taken by `Arena::claim` is written by the claiming thread alone until `Arena::release`. So an
//!    addition is a load and a store, and neither needs more than relaxed ordering: every cell only has to be coherent with
//!    itself. The retired and the shared slab have many writers, who use read-modify-write operations.
//! 2. **Slabs and chunks stay.** A slab that is in the list, and a chunk that is in a slab, are freed only when the arena is
//!    dropped, which the global one never is. So a pointer to one, once seen, is good for as long as the arena is borrowed.
//! 3. **A chunk is whole when it can be seen.** It is zeroed before its pointer is stored (release) and read through a pointer
//!    that was loaded (acquire) or that the reading thread stored itself.
//! 4. **One reader or folder.** Sums are read, an exiting thread's cells are folded into the retired slab, and a dropped metric's
//!    cells are zeroed, under a lock that no writer takes. So no addition is missed or seen twice, and a sum of
//!    additions never steps back. Sums of floats, which regrouping could change, are not folded but left to the slab's next owner.
//! 5. **A free id has no writer.** A range is freed by the last owner of its handles, past 9: everything written through them, or by look-ups that
//!    write without one, happened before. It is zeroed in every slab before it is given out again.
//! 6. **A kind has chunks of its own.** Unsigned, signed and float cells never share a chunk, so a whole chunk is combined in
//!    one way.
//! 7. **A handle comes from a handle.** The handles on something shared are counted in a cell: made, and gone. A handle is made only
//!    from another that is not gone yet, but for the first; its end is the last that is done through it. So who has seen the end of a handle
//!    sees the making of all that were made from it; and when as many were made as are seen gone, none is left.
//! 8. **What is taken out of a slot has one owner.** A pointer in a slot is of a box. It is taken out by an exchange, and whoever took it out is the
//!    only one that reaches the box, until it puts it in again or drops it. In the slot nobody looks at it.
//! 9. **What a look-up can be at stays.** A look-up pins before it reads a pointer and unpins when it is done with what the pointer leads to. What
//!    a writer has hidden is freed only after the writer has seen, past a fence that comes between each look-up's two steps, that
//!    no look-up is pinned. So a look-up either does not find it, or is waited for.
//! 10. **A number is marked only while its cell is lent to its entry.** The mark is hidden with the entry. So who writes to the cell under a pin, having
//!     seen the mark, writes to what the entry owns, and the cell is zeroed and lent again after that, by 9.
//! 11. **System calls touch no memory.** The only one takes numbers and returns a number.
//!
//! The models in `tests/loom/` check 1 to 5 and 7 to 10 for: a thread that exits during a scrape, the first touch of a chunk during a
//! scrape, an id dropped and reused, the shared slab beyond the bound of threads, handles that move between threads, a slot that
//! two threads put into while it is read, entries taken out of a table, put back and freed during look-ups, and what those count meanwhile.

#![expect(unsafe_code, reason = "the invariants above are what it leans on")]

mod arena;
mod barrier;
mod block;
mod global;
mod shared;
mod slot;
mod table;

pub use self::arena::{CellId, Float, Paired, Unsigned};
pub use self::barrier::{are_light_fences_enough, full_fence, heavy_fence, light_fence};
pub use self::block::{Block, Lent};
pub use self::global::{Cells, Here, Reading};
pub(crate) use self::global::{Near, here, is_quiet, pin, set_max_threads, spread, sum};
pub(crate) use self::shared::Held;
pub use self::shared::{Handled, Owner, Shared};
pub(crate) use self::slot::{Slot, Turns};
pub(crate) use self::table::{Table, TableWriter};
