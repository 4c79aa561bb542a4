//! All the chunks of one thread, and the directory that finds them.

use super::chunk::Chunk;
use super::ids::{CellId, Region};
use super::kind::Kind;
use crate::sync::{AtomicBool, AtomicPtr, Ordering, const_fn, null_pointers};

/// How many chunks a slab can have: 33.5 million cells.
#[cfg(not(loom))]
pub(crate) const CHUNKS: usize = 1 << 16;
#[cfg(loom)]
pub(crate) const CHUNKS: usize = 6;

/// The cells of one thread, or of many for the retired and the shared slab.
///
/// The directory has a place for every chunk there can be, so that finding a cell is two loads and no comparison but the one
/// with null. It is 512 KiB of address space, of which only the pages that are touched are ever backed by memory.
pub(crate) struct Slab {
    chunks: [AtomicPtr<Chunk>; CHUNKS],
    /// Whether a thread has claimed it.
    claimed: AtomicBool,
    /// The next slab in the arena's list, set before the slab is put there.
    next: AtomicPtr<Slab>,
}

impl Slab {
    const_fn! {
        /// A slab without chunks, claimed by its maker.
        pub(super) const fn new() -> Self {
            Self {
                chunks: null_pointers(),
                claimed: AtomicBool::new(true),
                next: AtomicPtr::new(std::ptr::null_mut()),
            }
        }
    }

    /// A slab on the heap, unclaimed, whose directory takes no memory yet.
    #[cfg(not(loom))]
    pub(super) fn boxed() -> Box<Self> {
        let layout = std::alloc::Layout::new::<Self>();
        // SAFETY: the layout is that of `Slab`, which is not empty.
        let memory = unsafe { std::alloc::alloc_zeroed(layout) }.cast::<Self>();
        if memory.is_null() {
            std::alloc::handle_alloc_error(layout);
        }
        // SAFETY: zeros are null pointers and a `false`: a valid `Slab`, allocated as `Box` allocates.
        unsafe { Box::from_raw(memory) }
    }

    #[cfg(loom)]
    pub(super) fn boxed() -> Box<Self> {
        let slab = Self::new();
        slab.claimed.store(false, Ordering::Relaxed);
        Box::new(slab)
    }

    /// Takes the slab for the calling thread, unless another has it.
    pub(super) fn claim(&self) -> bool {
        // Acquire: what the former owner left (zeros, and the chunks it allocated) is seen by the new one.
        !self.claimed.load(Ordering::Relaxed)
            && self.claimed.compare_exchange(false, true, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    /// Gives the slab back.
    pub(super) fn vacate(&self) {
        // Release: pairs with the acquire of `claim`.
        self.claimed.store(false, Ordering::Release);
    }

    /// The next slab of the list.
    pub(super) fn next(&self) -> &AtomicPtr<Slab> {
        &self.next
    }

    /// The chunk of an id, for the slab's one writer (invariant 1). Nothing when the thread has not touched it yet.
    #[inline]
    pub(crate) fn writer<K: Kind>(&self, id: CellId<K>) -> Option<Writer<'_>> {
        // Relaxed: the calling thread stored the pointer itself, or saw it when it claimed the slab.
        let chunk = self.chunks[id.chunk()].load(Ordering::Relaxed);
        // SAFETY: null, or a chunk that stays while the slab does (invariant 2) and was whole when stored (invariant 3).
        unsafe { chunk.as_ref() }.map(Writer)
    }

    /// The same, with the chunk allocated now if need be.
    pub(crate) fn writer_or_new<K: Kind>(&self, id: CellId<K>) -> Writer<'_> {
        Writer(self.chunk_or_new(id.chunk()))
    }

    /// Adds to a cell as one of many writers.
    pub(super) fn add_shared<K: Kind>(&self, id: CellId<K>, bits: u64) {
        self.chunk_or_new(id.chunk()).add_shared::<K>(id.offset(), bits);
    }

    /// The chunk, if the slab has it.
    pub(super) fn chunk(&self, index: usize) -> Option<&Chunk> {
        // Acquire: the zeros were written before the pointer (invariant 3).
        let chunk = self.chunks[index].load(Ordering::Acquire);
        // SAFETY: the pointer is null, or of a chunk that stays while the slab does (invariants 2 and 3).
        unsafe { chunk.as_ref() }
    }

    /// The chunk, allocated now if need be.
    #[cold]
    pub(super) fn chunk_or_new(&self, index: usize) -> &Chunk {
        if let Some(chunk) = self.chunk(index) {
            return chunk;
        }
        let new = Box::into_raw(Chunk::zeroed());
        // Release: readers see zeros (invariant 3). Acquire on failure: another thread's chunk is seen whole.
        match self.chunks[index].compare_exchange(
            std::ptr::null_mut(),
            new,
            Ordering::Release,
            Ordering::Acquire,
        ) {
            // SAFETY: the slab owns the chunk from here on, and keeps it (invariant 2).
            Ok(_) => unsafe { &*new },
            Err(others) => {
                // SAFETY: `new` came from `Box::into_raw` above and was shown to nobody.
                drop(unsafe { Box::from_raw(new) });
                // SAFETY: not null, or the exchange had succeeded; it stays while the slab does (invariants 2 and 3).
                unsafe { &*others }
            }
        }
    }

    /// Moves every cell of the regions into `retired` and leaves zeros.
    pub(super) fn fold_into(&self, retired: &Slab, regions: [Region; 3]) {
        fn fold<K: Kind>(slab: &Slab, retired: &Slab, region: Region) {
            for index in region {
                if let Some(chunk) = slab.chunk(index) {
                    chunk.fold_into::<K>(retired.chunk_or_new(index));
                }
            }
        }
        let [unsigned, signed, float] = regions;
        fold::<super::Unsigned>(self, retired, unsigned);
        fold::<super::Signed>(self, retired, signed);
        fold::<super::Float>(self, retired, float);
    }
}

/// A chunk in the hands of its one writer (invariant 1).
pub(crate) struct Writer<'s>(&'s Chunk);

impl Writer<'_> {
    /// Adds to a cell of the chunk.
    #[inline]
    pub(crate) fn add<K: Kind>(&self, id: CellId<K>, bits: u64) {
        self.0.add::<K>(id.offset(), bits);
    }
}

impl Drop for Slab {
    fn drop(&mut self) {
        for chunk in &self.chunks {
            let chunk = chunk.load(Ordering::Relaxed);
            if !chunk.is_null() {
                // SAFETY: the chunk came from `Box::into_raw`; `&mut self` says that nobody else can reach it (invariant 2).
                drop(unsafe { Box::from_raw(chunk) });
            }
        }
    }
}
