//! A hash table that is read without locks, whose entries are freed when no look-up can still be at them.
//!
//! Entries are in boxes of their own, which never move. An array of slots, each a hash and a pointer, says where they are; it is replaced by a
//! larger one when it fills. Each entry also has a place in an array that only grows, by which all of them are walked, and may
//! have numbers by which it is found without hashing. Readers hold a [`Pin`]. Writers take a lock among themselves; what they take
//! out they keep until no pin is left that could have been there before.

use std::sync::{OnceLock, PoisonError};

use super::arena::Pin;
use crate::sync::{AtomicBool, AtomicPtr, AtomicU64, AtomicUsize, Mutex, MutexGuard, Ordering};

/// Places of the first segment, and the least number of slots.
#[cfg(not(loom))]
const FIRST: usize = 16;
#[cfg(loom)]
const FIRST: usize = 2;

/// Segments, each twice as long as the one before: enough for 2^32 places.
const SEGMENTS: usize = 29;

/// How much is kept in vain before a look is taken at whether it can be freed.
const LOOK_AT_LEAST: usize = 32;

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

/// What writers know beside the table itself.
struct Bin<T> {
    /// Slots that are not free.
    used: usize,
    /// Entries that can be found.
    live: usize,
    /// Places that were left.
    vacant: Vec<usize>,
    /// Taken out, and maybe still read.
    nodes: Vec<*mut Node<T>>,
    slots: Vec<*mut Slots<T>>,
    /// How many nodes there may be before a look is taken.
    look_at: usize,
}

// SAFETY: a table owns its entries and hands out `&T` on any thread, and drops them on any thread (invariant 9).
unsafe impl<T: Send + Sync> Send for Table<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Sync for Table<T> {}

impl<T> Table<T> {
    /// A table without entries, in which they can have numbers below `numbers`.
    pub(crate) fn new(numbers: usize) -> Self {
        let bin = Bin {
            used: 0,
            live: 0,
            vacant: Vec::new(),
            nodes: Vec::new(),
            slots: Vec::new(),
            look_at: LOOK_AT_LEAST,
        };
        Self {
            slots: AtomicPtr::new(std::ptr::null_mut()),
            places: [const { OnceLock::new() }; SEGMENTS],
            place_count: AtomicUsize::new(0),
            numbered: nulls(numbers),
            marked: (0..numbers).map(|_| AtomicBool::new(false)).collect(),
            writer: Mutex::new(bin),
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
        TableWriter { table: self, bin: self.writer.lock().unwrap_or_else(PoisonError::into_inner) }
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

/// A table in the hands of its one writer.
pub(crate) struct TableWriter<'t, T> {
    table: &'t Table<T>,
    bin: MutexGuard<'t, Bin<T>>,
}

/// An entry that look-ups find no more, and those that began before may still be at. It is to be put back or discarded.
#[must_use]
pub(crate) struct Unlinked<T> {
    node: *mut Node<T>,
    slot: Option<usize>,
    /// With whether they have a mark.
    numbers: Vec<(usize, bool)>,
}

impl<T> Unlinked<T> {
    /// The entry.
    pub(crate) fn entry<'w>(&'w self, _: &'w TableWriter<'_, T>) -> &'w T {
        // SAFETY: nodes are freed by writers alone, and this one is not discarded yet (invariant 9).
        unsafe { &(*self.node).entry }
    }
}

impl<T> TableWriter<'_, T> {
    /// The entry with this hash that `is` it.
    pub(crate) fn find(&self, hash: u64, is: impl Fn(&T) -> bool) -> Option<&T> {
        // SAFETY: `self` is the writers' lock.
        unsafe { self.table.search(hash, is) }.map(|node| &node.entry)
    }

    /// The entry at a place.
    pub(crate) fn at(&self, place: usize) -> Option<&T> {
        // Relaxed: all that writers wrote was written under the lock.
        let node = self.table.place(place)?.load(Ordering::Relaxed);
        // SAFETY: null, or an entry that only a writer frees, and `self` is the writers' lock.
        unsafe { node.as_ref() }.map(|node| &node.entry)
    }

    /// How many entries there are.
    pub(crate) fn len(&self) -> usize {
        self.bin.live
    }

    /// Puts an entry in. Nothing when there is no place left.
    pub(crate) fn insert(&mut self, hash: u64, entry: T) -> Option<&T> {
        let hash = hash.max(1);
        let place = self.bin.vacant.pop().unwrap_or_else(|| self.table.place_count());
        let segment = ((place + FIRST).ilog2() - FIRST.ilog2()) as usize;
        self.table.places.get(segment)?.get_or_init(|| nulls(FIRST << segment));
        let node = Box::into_raw(Box::new(Node { hash, place, entry }));
        self.make_room();
        self.link(node);
        // SAFETY: just made, and only a writer frees it.
        Some(unsafe { &(*node).entry })
    }

    /// Gives the entry that has a hash and `is` it a number, by which it is found from now on, and a mark if it is to have one.
    pub(crate) fn set_number(&mut self, number: usize, mark: bool, hash: u64, is: impl Fn(&T) -> bool) {
        // SAFETY: `self` is the writers' lock.
        let node = unsafe { self.table.search(hash, is) };
        if let Some(node) = node
            && let (Some(place), Some(marked)) =
                (self.table.numbered.get(number), self.table.marked.get(number))
            && let Some(own) = self.table.place(node.place)
        {
            // Release: look-ups see the entry whole.
            place.store(own.load(Ordering::Relaxed), Ordering::Release);
            marked.store(mark, Ordering::Release);
        }
    }

    /// Hides the entry at a place from look-ups that begin from now on.
    pub(crate) fn unlink(&mut self, place: usize) -> Option<Unlinked<T>> {
        let own = self.table.place(place)?;
        let node = own.load(Ordering::Relaxed);
        // SAFETY: null, or an entry that only a writer frees, and `self` is the writers' lock.
        let hash = unsafe { node.as_ref() }?.hash;
        let null = std::ptr::null_mut();
        own.store(null, Ordering::Relaxed);
        let slot = self.slot_of(hash, node);
        if let (Some(slot), Some(slots)) = (slot, self.slots()) {
            slots[slot].node.store(null, Ordering::Relaxed);
        }
        let numbered = &self.table.numbered;
        let same = |place: &AtomicPtr<Node<T>>| std::ptr::eq(place.load(Ordering::Relaxed), node);
        let numbers = (0..numbered.len()).filter(|&number| same(&numbered[number]));
        let hide = |number: usize| {
            numbered[number].store(null, Ordering::Relaxed);
            let marked = &self.table.marked[number];
            let mark = marked.load(Ordering::Relaxed);
            marked.store(false, Ordering::Relaxed);
            (number, mark)
        };
        let numbers = numbers.map(hide).collect();
        self.bin.live -= 1;
        Some(Unlinked { node, slot, numbers })
    }

    /// Shows an entry again.
    pub(crate) fn put_back(&mut self, unlinked: Unlinked<T>) {
        let Unlinked { node, slot, numbers } = unlinked;
        // SAFETY: nodes are freed by writers alone, and this one was not discarded.
        let place = unsafe { (*node).place };
        if let (Some(slot), Some(slots)) = (slot, self.slots()) {
            slots[slot].node.store(node, Ordering::Release);
        }
        if let Some(own) = self.table.place(place) {
            own.store(node, Ordering::Release);
        }
        for (number, mark) in numbers {
            self.table.numbered[number].store(node, Ordering::Release);
            self.table.marked[number].store(mark, Ordering::Release);
        }
        self.bin.live += 1;
    }

    /// Gives an entry up: it is freed when no look-up can be at it any more.
    pub(crate) fn discard(&mut self, unlinked: Unlinked<T>) {
        // SAFETY: nodes are freed by writers alone, and this one was not discarded before.
        self.bin.vacant.push(unsafe { (*unlinked.node).place });
        self.bin.nodes.push(unlinked.node);
    }

    /// Whether so much was given up that it is time to [`empty`](Self::empty) the bin.
    pub(crate) fn is_bin_full(&self) -> bool {
        self.bin.nodes.len() >= self.bin.look_at || self.bin.slots.len() > 4
    }

    /// Takes out what was given up, to be dropped after the lock, if `is_quiet` says that no look-up is left that began before.
    pub(crate) fn empty(&mut self, is_quiet: impl FnOnce() -> bool) -> Discarded<T> {
        let bin = &mut *self.bin;
        if (!bin.nodes.is_empty() || !bin.slots.is_empty()) && is_quiet() {
            bin.look_at = LOOK_AT_LEAST;
            return Discarded {
                nodes: std::mem::take(&mut bin.nodes),
                slots: std::mem::take(&mut bin.slots),
            };
        }
        bin.look_at = LOOK_AT_LEAST.max(bin.nodes.len() * 2);
        Discarded { nodes: Vec::new(), slots: Vec::new() }
    }

    fn slots(&self) -> Option<&Slots<T>> {
        // SAFETY: null, or slots that only a writer frees, and `self` is the writers' lock.
        unsafe { self.table.slots.load(Ordering::Relaxed).as_ref() }
    }

    fn slot_of(&self, hash: u64, node: *mut Node<T>) -> Option<usize> {
        let slots = self.slots()?;
        let mask = slots.len() - 1;
        let from_hash = (0..slots.len()).map(|step| (hash as usize).wrapping_add(step) & mask);
        from_hash
            .take_while(|&index| slots[index].hash.load(Ordering::Relaxed) != 0)
            .find(|&index| std::ptr::eq(slots[index].node.load(Ordering::Relaxed), node))
    }

    /// Puts a node into the first slot without one from where its hash says, and into its place.
    fn link(&mut self, node: *mut Node<T>) {
        // SAFETY: the caller has just made it.
        let &Node { hash, place, .. } = unsafe { &*node };
        if let Some(slots) = self.slots() {
            self.bin.used += usize::from(fill(slots, hash, node));
        }
        if let Some(own) = self.table.place(place) {
            // Release, as everywhere that a node becomes visible: who sees it sees it whole.
            own.store(node, Ordering::Release);
        }
        self.bin.live += 1;
        let count = self.table.place_count();
        self.table.place_count.store(count.max(place + 1), Ordering::Relaxed);
    }

    /// Makes sure that one more slot can be taken: at most two thirds are.
    fn make_room(&mut self) {
        let len = self.slots().map_or(0, |slots| slots.len());
        if (self.bin.used + 1) * 3 > len * 2 {
            self.rebuild();
        }
    }

    /// Replaces the slots by others, of a length that fits the entries there are now.
    fn rebuild(&mut self) {
        let len = ((self.bin.live + 1) * 2).next_power_of_two().max(FIRST);
        let slots: Slots<T> = (0..len)
            .map(|_| Slot { hash: AtomicU64::new(0), node: AtomicPtr::new(std::ptr::null_mut()) })
            .collect();
        let mut used = 0;
        for place in 0..self.table.place_count() {
            let node =
                self.table.place(place).map_or(std::ptr::null_mut(), |own| own.load(Ordering::Relaxed));
            // SAFETY: null, or an entry that only a writer frees, and `self` is the writers' lock.
            if let Some(there) = unsafe { node.as_ref() } {
                used += usize::from(fill(&slots, there.hash, node));
            }
        }
        self.bin.used = used;
        // Release: who finds the slots sees them filled.
        let old = self.table.slots.swap(Box::into_raw(Box::new(slots)), Ordering::AcqRel);
        if !old.is_null() {
            self.bin.slots.push(old);
        }
    }
}

/// Puts a node where its hash says, and tells whether the slot was free: it may be one whose entry was taken out.
fn fill<T>(slots: &[Slot<T>], hash: u64, node: *mut Node<T>) -> bool {
    let mask = slots.len() - 1;
    let mut index = hash as usize & mask;
    while !slots[index].node.load(Ordering::Relaxed).is_null() {
        index = (index + 1) & mask;
    }
    let was_free = slots[index].hash.load(Ordering::Relaxed) == 0;
    // The node first: who sees its hash alone would go on and miss it, which only costs time.
    slots[index].node.store(node, Ordering::Release);
    slots[index].hash.store(hash, Ordering::Release);
    was_free
}

fn nulls<T>(len: usize) -> Box<[AtomicPtr<T>]> {
    (0..len).map(|_| AtomicPtr::new(std::ptr::null_mut())).collect()
}

/// What nobody can see any more.
#[must_use = "it is to be dropped outside the writers' lock"]
pub(crate) struct Discarded<T> {
    nodes: Vec<*mut Node<T>>,
    slots: Vec<*mut Slots<T>>,
}

impl<T> Drop for Discarded<T> {
    fn drop(&mut self) {
        self.nodes.drain(..).for_each(free);
        self.slots.drain(..).for_each(free);
    }
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
        let (nodes, slots) = (std::mem::take(&mut bin.nodes), std::mem::take(&mut bin.slots));
        drop(Discarded { nodes, slots });
    }
}
