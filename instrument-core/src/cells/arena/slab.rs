//! All the chunks of one thread, and the directory that finds them.
//!
//! The first chunks have a place in the slab itself: most programs have no more, and an addition finds them by one load. The others are in
//! pages, so that a thread that counts little needs little memory. Pages and chunks are made when they are first touched.

use super::chunk::Chunk;
use super::ids::CellId;
use super::kind::Kind;
use crate::sync::{AtomicBool, AtomicPtr, AtomicUsize, Ordering, const_fn, null_pointers};

/// How many chunks have their place in the slab.
#[cfg(not(loom))]
const NEAR: usize = 1 << 9;
#[cfg(loom)]
const NEAR: usize = 2;

/// How many chunks a page of the directory has places for, and how many pages a slab has.
#[cfg(not(loom))]
const PAGE: usize = 1 << 8;
#[cfg(loom)]
const PAGE: usize = 2;

/// How many chunks a slab can have: 33.5 million cells.
pub(crate) const CHUNKS: usize = PAGE * PAGE;

/// The cells of one thread, or of many for the retired and the shared slab.
pub(crate) struct Slab {
    near: [AtomicPtr<Chunk>; NEAR],
    /// The directory of the others. The pages of those that are near stay empty.
    pages: [AtomicPtr<Page>; PAGE],
    /// How often the thread is within a look-up now: see [`Pin`](super::Pin).
    pins: AtomicUsize,
    /// Whether a thread has claimed it.
    claimed: AtomicBool,
    /// The next slab in the arena's list, set before the slab is put there.
    next: AtomicPtr<Slab>,
}

/// A part of the directory.
struct Page([AtomicPtr<Chunk>; PAGE]);

impl Slab {
    const_fn! {
        /// A slab without chunks that nobody has claimed, with so many pins.
        pub(super) const fn new(pins: usize) -> Self {
            Self {
                near: null_pointers(),
                pages: null_pointers(),
                pins: AtomicUsize::new(pins),
                claimed: AtomicBool::new(false),
                next: AtomicPtr::new(std::ptr::null_mut()),
            }
        }
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

    /// How often the slab's thread is within a look-up now, and maybe that all of them must be [slow](super::pin::SLOW).
    #[inline(always)]
    pub(super) fn pins(&self) -> &AtomicUsize {
        &self.pins
    }

    /// The chunk of an id, for the slab's one writer (invariant 1). Nothing when the thread has not touched it yet, or when it is
    /// [far](Self::far_writer).
    #[inline(always)]
    pub(crate) fn writer<K: Kind>(&self, id: CellId<K>) -> Option<Writer<'_>> {
        // Relaxed: the calling thread stored the pointers itself, or saw them when it claimed the slab.
        let chunk = self.near.get(id.chunk())?.load(Ordering::Relaxed);
        // SAFETY: null, or a chunk that stays while the slab does (invariant 2) and was whole when stored (invariant 3).
        unsafe { chunk.as_ref() }.map(Writer)
    }

    /// The same for a chunk that has its place in a page.
    #[inline(always)]
    pub(crate) fn far_writer<K: Kind>(&self, id: CellId<K>) -> Option<Writer<'_>> {
        let page = self.pages[id.chunk() / PAGE].load(Ordering::Relaxed);
        // SAFETY: as above, for a page.
        let chunk = unsafe { page.as_ref() }?.0[id.chunk() % PAGE].load(Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { chunk.as_ref() }.map(Writer)
    }

    /// Any chunk, allocated now if need be.
    pub(crate) fn writer_or_new<K: Kind>(&self, id: CellId<K>) -> Writer<'_> {
        Writer(self.chunk_or_new(id.chunk()))
    }

    /// Adds to a cell as one of many writers.
    pub(super) fn add_shared<K: Kind>(&self, id: CellId<K>, bits: u64) {
        self.chunk_or_new(id.chunk()).add_shared::<K>(id.offset(), bits);
    }

    /// The chunk, if the slab has it.
    pub(super) fn chunk(&self, index: usize) -> Option<&Chunk> {
        match self.near.get(index) {
            Some(place) => get(place),
            None => get(&get(&self.pages[index / PAGE])?.0[index % PAGE]),
        }
    }

    /// The chunk, allocated now if need be.
    #[cold]
    pub(super) fn chunk_or_new(&self, index: usize) -> &Chunk {
        let place = match self.near.get(index) {
            Some(place) => place,
            None => {
                let page = get_or_new(&self.pages[index / PAGE], || Box::new(Page(null_pointers())));
                &page.0[index % PAGE]
            }
        };
        get_or_new(place, Chunk::zeroed)
    }

    /// Moves every cell of a chunk into `retired` and leaves zeros.
    pub(super) fn fold_into<K: Kind>(&self, retired: &Self, index: usize) {
        if let Some(chunk) = self.chunk(index) {
            chunk.fold_into::<K>(retired.chunk_or_new(index));
        }
    }
}

/// A chunk in the hands of its one writer (invariant 1).
pub(crate) struct Writer<'s>(&'s Chunk);

impl Writer<'_> {
    /// Adds to a cell of the chunk.
    #[inline(always)]
    pub(crate) fn add<K: Kind>(&self, id: CellId<K>, bits: u64) {
        self.0.add::<K>(id.offset(), bits);
    }
}

/// What a place of the directory points to.
fn get<T>(place: &AtomicPtr<T>) -> Option<&T> {
    // Acquire: what the pointer leads to was written before it (invariant 3).
    let pointer = place.load(Ordering::Acquire);
    // SAFETY: null, or what stays while the slab does, of which the place is a part (invariants 2 and 3).
    unsafe { pointer.as_ref() }
}

/// The same, made now if need be. Of many that make it at once, one prevails.
fn get_or_new<T>(place: &AtomicPtr<T>, make: impl FnOnce() -> Box<T>) -> &T {
    if let Some(there) = get(place) {
        return there;
    }
    let new = Box::into_raw(make());
    // Release: readers see what was made (invariant 3). Acquire on failure: another thread's is seen whole.
    match place.compare_exchange(std::ptr::null_mut(), new, Ordering::Release, Ordering::Acquire) {
        // SAFETY: the slab owns it from here on, and keeps it (invariant 2).
        Ok(_) => unsafe { &*new },
        Err(others) => {
            // SAFETY: `new` came from `Box::into_raw` above and was shown to nobody.
            drop(unsafe { Box::from_raw(new) });
            // SAFETY: not null, or the exchange had succeeded; it stays while the slab does (invariants 2 and 3).
            unsafe { &*others }
        }
    }
}

impl Drop for Slab {
    fn drop(&mut self) {
        self.near.iter().for_each(free);
        self.pages.iter().for_each(free);
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.0.iter().for_each(free);
    }
}

/// Frees what a place points to. For drops alone: nobody else can reach it then.
fn free<T>(place: &AtomicPtr<T>) {
    let pointer = place.swap(std::ptr::null_mut(), Ordering::Relaxed);
    if !pointer.is_null() {
        // SAFETY: it came from `Box::into_raw`, and the caller has the slab to itself (invariant 2).
        drop(unsafe { Box::from_raw(pointer) });
    }
}
