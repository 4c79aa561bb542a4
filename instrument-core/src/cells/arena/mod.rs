//! All slabs, and the rules between their writers and their readers.

mod chunk;
mod ids;
mod kind;
mod pin;
mod slab;

pub(crate) use self::chunk::CELLS;
pub use self::ids::CellId;
pub use self::kind::{Float, Handles, Kind, Number, Paired, Unsigned};
pub(crate) use self::pin::Pin;
pub(crate) use self::slab::{Slab, Writer};

use self::ids::Ids;
use self::pin::SLOW;
use crate::sync::{AtomicPtr, AtomicU64, AtomicUsize, Mutex, MutexGuard, Ordering, const_fn};

/// How many threads own a slab unless it is set otherwise.
const MAX_THREADS: usize = 256;

/// All slabs of a process.
pub(crate) struct Arena {
    /// What a thread has that owns no slab: never any chunk, so that the first addition takes the cold path, and the pins of all such threads.
    pub(crate) unclaimed: Slab,
    /// Where exited threads' cells are folded, and where a thread that is being torn down adds.
    retired: Slab,
    /// Where threads beyond the bound add.
    shared: Slab,
    /// The slabs that threads own or have owned: a list that only grows (invariant 2).
    slabs: AtomicPtr<Slab>,
    /// How many slabs are in the list.
    slab_count: AtomicUsize,
    max_threads: AtomicUsize,
    /// Slabs in the list that nobody claims.
    vacant: AtomicUsize,
    /// How often a range was zeroed: a reader that kept sums from before must read again.
    frees: AtomicU64,
    /// Invariant 4.
    fold: Mutex<()>,
    ids: Mutex<Ids>,
}

impl Arena {
    const_fn! {
        /// An arena without slabs.
        pub(crate) const fn new() -> Self {
            Self {
                unclaimed: Slab::new(SLOW),
                retired: Slab::new(0),
                shared: Slab::new(0),
                slabs: AtomicPtr::new(std::ptr::null_mut()),
                slab_count: AtomicUsize::new(0),
                max_threads: AtomicUsize::new(MAX_THREADS),
                vacant: AtomicUsize::new(0),
                frees: AtomicU64::new(0),
                fold: Mutex::new(()),
                ids: Mutex::new(Ids::new()),
            }
        }
    }

    /// Sets how many threads may own a slab. Slabs that exist already stay.
    pub(crate) fn set_max_threads(&self, threads: usize) {
        self.max_threads.store(threads, Ordering::Relaxed);
    }

    // ---- Writers: without locks.

    /// A slab for the calling thread to write alone, or nothing when as many as allowed are taken. Without `light_fences` its look-ups are slow.
    pub(crate) fn claim(&self, light_fences: bool) -> Option<&Slab> {
        if let Some(slab) = self.slabs().find(|slab| slab.claim()) {
            self.vacant.fetch_sub(1, Ordering::Relaxed);
            return Some(slab);
        }
        let max = self.max_threads.load(Ordering::Relaxed);
        // Relaxed: only the number matters, the slabs themselves are published by the list's head.
        self.slab_count
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |count| (count < max).then_some(count + 1))
            .ok()?;
        let slab = Box::new(Slab::new(if light_fences { 0 } else { SLOW }));
        slab.claim();
        Some(self.publish(slab))
    }

    /// Puts a slab into the list, for good.
    fn publish(&self, slab: Box<Slab>) -> &Slab {
        let slab = Box::into_raw(slab);
        // SAFETY: just made by `into_raw`, and never freed while the arena can be borrowed (invariant 2).
        let shared = unsafe { &*slab };
        let mut head = self.slabs.load(Ordering::Relaxed);
        loop {
            shared.next().store(head, Ordering::Relaxed);
            // Release: whoever finds the slab sees it, and its `next`, whole.
            match self.slabs.compare_exchange_weak(head, slab, Ordering::Release, Ordering::Relaxed) {
                Ok(_) => return shared,
                Err(newer) => head = newer,
            }
        }
    }

    /// The slabs of the list.
    fn slabs(&self) -> impl Iterator<Item = &Slab> {
        let mut next = &self.slabs;
        std::iter::from_fn(move || {
            // Acquire: pairs with the release of `publish`.
            let slab = next.load(Ordering::Acquire);
            // SAFETY: null, or a slab of the list, which stays while the arena is borrowed (invariant 2).
            let slab = unsafe { slab.as_ref() }?;
            next = slab.next();
            Some(slab)
        })
    }

    /// Whether a slab may have become free for a thread that had found none.
    pub(crate) fn has_vacancy(&self) -> bool {
        self.vacant.load(Ordering::Relaxed) > 0
    }

    /// Adds for a thread beyond the bound.
    pub(crate) fn add_shared<K: Kind>(&self, id: CellId<K>, bits: u64) {
        self.shared.add_shared(id, bits);
    }

    /// Adds for a thread that has given its slab back already.
    pub(crate) fn add_retired<K: Kind>(&self, id: CellId<K>, bits: u64) {
        self.retired.add_shared(id, bits);
    }

    // ---- Readers, folding and ids: under locks.

    fn folding(&self) -> MutexGuard<'_, ()> {
        self.fold.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn ids(&self) -> MutexGuard<'_, Ids> {
        self.ids.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Folds the calling thread's slab into the retired one, and gives it back.
    pub(crate) fn release(&self, slab: &Slab) {
        let folding = self.folding();
        for (chunk, kind) in self.ids().chunks() {
            match kind {
                Unsigned::INDEX => slab.fold_into::<Unsigned>(&self.retired, chunk),
                Paired::INDEX => slab.fold_into::<Paired>(&self.retired, chunk),
                Handles::INDEX => slab.fold_into::<Handles>(&self.retired, chunk),
                // Sums of floating-point numbers stay for the slab's next owner: added up in another order they could be less.
                _ => {}
            }
        }
        drop(folding);
        // Before the slab can be claimed, so that the number never runs below zero.
        self.vacant.fetch_add(1, Ordering::Relaxed);
        slab.vacate();
    }

    /// All slabs that can hold a part of a sum.
    fn parts(&self) -> impl Iterator<Item = &Slab> {
        [&self.retired, &self.shared].into_iter().chain(self.slabs())
    }

    /// The sum of one cell.
    pub(crate) fn sum<K: Kind>(&self, id: CellId<K>) -> K::Number {
        let _folding = self.folding();
        let chunks = self.parts().filter_map(|slab| slab.chunk(id.chunk()));
        K::Number::from_bits(chunks.map(|chunk| chunk.get::<K>(id.offset())).fold(0, K::combine))
    }

    /// How many handles that this cell counts are left at most, given that nobody makes one but from another handle (invariant 7). When it says
    /// 0, none is; when it says 1, and the caller has one, no other is.
    pub(crate) fn handles_left(&self, id: CellId<Handles>) -> u32 {
        let _folding = self.folding();
        let bits = || {
            self.parts()
                .filter_map(|slab| slab.chunk(id.chunk()))
                .map(|chunk| chunk.get::<Handles>(id.offset()))
        };
        // First all ends, then all beginnings. Whoever has seen a handle's end sees its beginning, and that of every handle made from
        // it. So when there are as many beginnings as ends were seen, no handle is left that could make another.
        let gone = bits().fold(0_u32, |gone, bits| gone.wrapping_add(Handles::gone(bits)));
        let made = bits().fold(0_u32, |made, bits| made.wrapping_add(Handles::made(bits)));
        made.wrapping_sub(gone)
    }

    /// The sums of all cells of a chunk.
    pub(crate) fn sum_chunk<K: Kind>(&self, index: usize, sums: &mut [u64; CELLS]) {
        let _folding = self.folding();
        let sum_into = |sums: &mut [u64; CELLS]| {
            sums.fill(0);
            for chunk in self.parts().filter_map(|slab| slab.chunk(index)) {
                chunk.sum_into::<K>(sums);
            }
        };
        sum_into(sums);
        if K::PAIRED {
            // Ranges of such a kind start at even places: the first of each pair stays as it was read, the second is read again.
            let mut later = [0; CELLS];
            sum_into(&mut later);
            for place in (1..CELLS).step_by(2) {
                sums[place] = later[place];
            }
        }
    }

    /// A range of `len` zeroed cells, or nothing when there is no room.
    pub(crate) fn allocate<K: Kind>(&self, len: u16) -> Option<CellId<K>> {
        self.ids().allocate(len)
    }

    /// Zeroes a range that has no writer any more (invariant 5).
    pub(crate) fn clear<K: Kind>(&self, id: CellId<K>, len: u16) {
        let folding = self.folding();
        for chunk in self.parts().filter_map(|slab| slab.chunk(id.chunk())) {
            chunk.clear(id.offset(), len);
        }
        drop(folding);
        // Before the range can be given out again, so that whoever learns of the new one learns of this too.
        self.frees.fetch_add(1, Ordering::Release);
    }

    /// Takes back a range that has no writer any more.
    pub(crate) fn free<K: Kind>(&self, id: CellId<K>, len: u16) {
        self.clear(id, len);
        self.ids().free(id, len);
    }

    /// How often a range has been zeroed.
    pub(crate) fn frees(&self) -> u64 {
        self.frees.load(Ordering::Acquire)
    }
}

impl Drop for Arena {
    fn drop(&mut self) {
        let mut next = self.slabs.load(Ordering::Relaxed);
        while !next.is_null() {
            // SAFETY: the list's slabs came from `Box::into_raw`, and `&mut self` says that nobody borrows them (invariant 2).
            let slab = unsafe { Box::from_raw(next) };
            next = slab.next().load(Ordering::Relaxed);
        }
    }
}
