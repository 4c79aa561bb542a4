//! A hash table that is read without locks, whose entries are freed when no look-up can still be at them.
//!
//! Entries are in boxes of their own, which never move. An array of slots, each a hash and a pointer, says where they are; it is replaced by a
//! larger one when it fills. Each entry also has a place in an array that only grows, by which all of them are walked, and may
//! have numbers by which it is found without hashing. Readers hold a [`Pin`]. Writers take a lock among themselves; what they take
//! out they keep until no pin is left that could have been there before. What they do is in `writer.rs`.

mod writer;

use std::sync::{OnceLock, PoisonError};

use self::writer::Bin;
pub(crate) use self::writer::TableWriter;
use super::arena::Pin;
use crate::sync::{AtomicBool, AtomicPtr, AtomicU64, AtomicUsize, Mutex, Ordering};

/// Places of the first segment, and the least number of slots.
#[cfg(not(loom))]
const FIRST: usize = 16;
#[cfg(loom)]
const FIRST: usize = 2;

/// Segments, each twice as long as the one before: enough for 2^32 places.
const SEGMENTS: usize = 29;

/// Entries by hash, by place and by number.
pub(crate) struct Table<T> {
    slots: AtomicPtr<Slots<T>>,
    places: [OnceLock<Pointers<T>>; SEGMENTS],
    /// How many places have ever been taken.
    place_count: AtomicUsize,
    numbered: Pointers<T>,
    /// Which of those that have numbers have a mark too.
    marked: Box<[AtomicBool]>,
    writer: Mutex<Bin<T>>,
}

/// Slots, a power of two of them, of which at least one is free.
type Slots<T> = Box<[Slot<T>]>;

/// Where entries are, or null.
type Pointers<T> = Box<[AtomicPtr<Node<T>>]>;

/// A hash of 0 marks a free slot. A slot whose entry was taken out keeps the hash and has no node.
struct Slot<T> {
    hash: AtomicU64,
    node: AtomicPtr<Node<T>>,
}

/// What look-ups need comes first, to be in one cache line.
#[repr(C)]
struct Node<T> {
    entry: T,
    hash: u64,
    place: usize,
}

// SAFETY: a table owns its entries and hands out `&T` on any thread, and drops them on any thread (invariant 9).
unsafe impl<T: Send + Sync> Send for Table<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Sync for Table<T> {}

impl<T> Table<T> {
    /// A table without entries, in which they can have numbers below `numbers`.
    pub(crate) fn new(numbers: usize) -> Self {
        Self {
            slots: AtomicPtr::new(std::ptr::null_mut()),
            places: [const { OnceLock::new() }; SEGMENTS],
            place_count: AtomicUsize::new(0),
            numbered: nulls(numbers),
            marked: (0..numbers).map(|_| AtomicBool::new(false)).collect(),
            writer: Mutex::new(Bin::new()),
        }
    }

    /// The entry with this hash that `is` it. One that is being put in or taken out at the moment may be missed.
    #[inline(always)]
    pub(crate) fn find<'p>(&'p self, _: &'p Pin<'_>, hash: u64, is: impl Fn(&T) -> bool) -> Option<&'p T> {
        // SAFETY: the pin keeps what is found (invariant 9).
        unsafe { self.search(hash, is) }.map(|node| &node.entry)
    }

    /// The same, with its place.
    pub(crate) fn find_place<'p>(
        &'p self,
        _: &'p Pin<'_>,
        hash: u64,
        is: impl Fn(&T) -> bool,
    ) -> Option<(usize, &'p T)> {
        // SAFETY: the pin keeps what is found (invariant 9).
        unsafe { self.search(hash, is) }.map(|node| (node.place, &node.entry))
    }

    /// The entry with a number.
    #[inline(always)]
    pub(crate) fn numbered<'p>(&'p self, _: &'p Pin<'_>, number: usize) -> Option<&'p T> {
        // Acquire: pairs with the release of whoever put the entry there.
        let node = self.numbered.get(number)?.load(Ordering::Acquire);
        // SAFETY: null, or an entry that the pin keeps (invariant 9).
        unsafe { node.as_ref() }.map(|node| &node.entry)
    }

    /// Whether there is an entry with a number and a mark. It stays while the pin does.
    #[inline(always)]
    pub(crate) fn is_marked(&self, _: &Pin<'_>, number: usize) -> bool {
        // Acquire: pairs with the release of whoever put the entry there.
        self.marked.get(number).is_some_and(|mark| mark.load(Ordering::Acquire))
    }

    /// The entry at a place.
    pub(crate) fn at<'p>(&'p self, _: &'p Pin<'_>, place: usize) -> Option<&'p T> {
        // Acquire: as in `numbered`.
        let node = self.place(place)?.load(Ordering::Acquire);
        // SAFETY: null, or an entry that the pin keeps (invariant 9).
        unsafe { node.as_ref() }.map(|node| &node.entry)
    }

    /// All numbers are below this.
    pub(crate) fn numbers(&self) -> usize {
        self.numbered.len()
    }

    /// All places that have ever been taken are below this.
    pub(crate) fn place_count(&self) -> usize {
        self.place_count.load(Ordering::Relaxed)
    }

    /// The table, for the caller alone to change.
    pub(crate) fn write(&self) -> TableWriter<'_, T> {
        TableWriter::new(self, self.writer.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// # Safety
    ///
    /// The caller has a pin or the writers' lock for as long as it uses what is returned.
    #[inline(always)]
    unsafe fn search(&self, hash: u64, is: impl Fn(&T) -> bool) -> Option<&Node<T>> {
        let hash = hash.max(1);
        // Acquire: pairs with the release of `rebuild`, which follows the filling of the slots.
        // SAFETY: null, or slots that the caller's pin or lock keeps (invariant 9).
        let slots = unsafe { self.slots.load(Ordering::Acquire).as_ref() }?;
        let mask = slots.len() - 1;
        let mut index = hash as usize & mask;
        loop {
            let slot = &slots[index];
            // Relaxed: what matters is the node.
            let there = slot.hash.load(Ordering::Relaxed);
            if there == hash {
                // Acquire: pairs with the release of `link`, which follows the making of the node.
                // SAFETY: null, or a node that the caller's pin or lock keeps (invariant 9).
                let node = unsafe { slot.node.load(Ordering::Acquire).as_ref() };
                if let Some(node) = node
                    && is(&node.entry)
                {
                    return Some(node);
                }
            } else if there == 0 {
                return None;
            }
            index = (index + 1) & mask;
        }
    }

    fn place(&self, place: usize) -> Option<&AtomicPtr<Node<T>>> {
        let shifted = place + FIRST;
        let segment = (shifted.ilog2() - FIRST.ilog2()) as usize;
        self.places.get(segment)?.get()?.get(shifted - (FIRST << segment))
    }
}

fn nulls<T>(len: usize) -> Box<[AtomicPtr<T>]> {
    (0..len).map(|_| AtomicPtr::new(std::ptr::null_mut())).collect()
}

/// Frees what came from `Box::into_raw` and is out of everybody's sight.
fn free<T>(pointer: *mut T) {
    // SAFETY: the callers have it from a bin after all look-ups that could be at it, or from a table that is being dropped (invariant 9).
    drop(unsafe { Box::from_raw(pointer) });
}

impl<T> Drop for Table<T> {
    fn drop(&mut self) {
        for place in self.places.iter().filter_map(OnceLock::get).flatten() {
            let node = place.load(Ordering::Relaxed);
            if !node.is_null() {
                free(node);
            }
        }
        let slots = self.slots.load(Ordering::Relaxed);
        if !slots.is_null() {
            free(slots);
        }
        // A poisoned lock keeps nobody from what it guards.
        let mut bin = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        drop(bin.take());
    }
}
