use super::{FIRST, Node, Slot, Slots, Table, free, nulls};
use crate::sync::{AtomicPtr, AtomicU64, MutexGuard, Ordering};

/// How much is kept in vain before a look is taken at whether it can be freed.
const LOOK_AT_LEAST: usize = 32;

/// What writers know beside the table itself.
pub(super) struct Bin<T> {
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

impl<T> Bin<T> {
    pub(super) fn new() -> Self {
        Self {
            used: 0,
            live: 0,
            vacant: Vec::new(),
            nodes: Vec::new(),
            slots: Vec::new(),
            look_at: LOOK_AT_LEAST,
        }
    }

    /// All that was taken out, to be dropped.
    pub(super) fn take(&mut self) -> Discarded<T> {
        Discarded { nodes: std::mem::take(&mut self.nodes), slots: std::mem::take(&mut self.slots) }
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

impl<'t, T> TableWriter<'t, T> {
    pub(super) fn new(table: &'t Table<T>, bin: MutexGuard<'t, Bin<T>>) -> Self {
        Self { table, bin }
    }

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

    /// Gives the entry that has a hash and `is` it a number, by which it is found from now on, and a mark if it `has_mark`.
    pub(crate) fn set_number(
        &mut self,
        number: usize,
        hash: u64,
        is: impl Fn(&T) -> bool,
        has_mark: impl FnOnce(&T) -> bool,
    ) {
        // SAFETY: `self` is the writers' lock.
        let node = unsafe { self.table.search(hash, is) };
        if let Some(node) = node
            && let (Some(place), Some(marked)) =
                (self.table.numbered.get(number), self.table.marked.get(number))
            && let Some(own) = self.table.place(node.place)
        {
            // Release: look-ups see the entry whole.
            place.store(own.load(Ordering::Relaxed), Ordering::Release);
            marked.store(has_mark(&node.entry), Ordering::Release);
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
            return bin.take();
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
