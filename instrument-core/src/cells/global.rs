//! The arena of the process, and the calling thread's place in it.

use std::cell::Cell;
use std::marker::PhantomData;

use super::arena::{Arena, CELLS, CellId, Handles, Kind, Number, Pin, Slab, Writer};
use super::barrier;

static ARENA: Arena = Arena::new();

/// How the calling thread writes.
#[derive(Clone, Copy, PartialEq)]
enum Phase {
    /// It has not added anything yet.
    New,
    /// It owns a slab.
    Owner,
    /// All slabs were taken when it asked.
    Shared,
    /// It has given its slab back: other destructors of the thread may still add.
    Exited,
}

thread_local! {
    // Neither has a destructor, so both can be used for as long as the thread runs, and cost one load.
    static SLAB: Cell<*const Slab> = const { Cell::new(&raw const ARENA.unclaimed) };
    static PHASE: Cell<Phase> = const { Cell::new(Phase::New) };
    // Asked for once, when the thread claims its slab.
    static EXIT: Exit = const { Exit };
}

/// Gives the thread's slab back when the thread ends.
struct Exit;

impl Drop for Exit {
    fn drop(&mut self) {
        let slab = SLAB.replace(&raw const ARENA.unclaimed);
        if PHASE.replace(Phase::Exited) == Phase::Owner {
            // SAFETY: in this phase the pointer is of a slab that this thread claimed, and slabs stay (invariant 2).
            ARENA.release(unsafe { &*slab });
        }
    }
}

/// The calling thread's own cells, found once for several additions. It stays on its thread.
#[derive(Debug, Clone, Copy)]
pub struct Here {
    slab: *const Slab,
}

/// The calling thread's own cells.
#[inline(always)]
pub(crate) fn here() -> Here {
    Here { slab: SLAB.get() }
}

impl Here {
    /// Adds to a cell. A load and a store in the thread's own memory, once the thread has touched the cell's chunk.
    #[inline(always)]
    pub(crate) fn add<K: Kind>(self, id: CellId<K>, number: K::Number) {
        self.add_nth(id, 0, number);
    }

    /// Adds to a cell of a range, given by its place in it: the chunk does not wait for the place.
    #[inline(always)]
    pub(crate) fn add_nth<K: Kind>(self, first: CellId<K>, place: u32, number: K::Number) {
        match self.near(first) {
            Some(cells) => cells.add(place, number),
            None => add_far(first.nth(place), number.to_bits()),
        }
    }

    /// Adds to two cells of a range, the one at a place in it and its first, for one look-up of their chunk.
    #[inline(always)]
    pub(crate) fn add_two<K: Kind>(
        self,
        first: CellId<K>,
        (place, number): (u32, K::Number),
        to_first: K::Number,
    ) {
        match self.near(first) {
            Some(cells) => {
                cells.add(place, number);
                cells.add(0, to_first);
            }
            None => add_two_far(first, place, number, to_first),
        }
    }

    /// A range, if its chunk is [near](Slab::writer): for who does something else than an addition where it is not.
    #[inline(always)]
    pub(crate) fn near<K: Kind>(self, first: CellId<K>) -> Option<Near<K>> {
        // SAFETY: the pointer is of a static slab or of one in the list; both stay (invariant 2). If it is of one in the list,
        // this thread has claimed it (invariant 1); the static one has no chunks, so nothing is written there.
        let writer = unsafe { &*self.slab }.writer(first)?;
        Some(Near { writer, first, on_thread: PhantomData })
    }
}

/// A range whose chunk has been found, for the thread that found it: to be used at once and never kept, like what it was found by.
pub(crate) struct Near<K: Kind> {
    writer: Writer<'static>,
    first: CellId<K>,
    on_thread: PhantomData<*const ()>,
}

impl<K: Kind> Near<K> {
    /// Adds to the cell at a place in the range.
    #[inline(always)]
    pub(crate) fn add(&self, place: u32, number: K::Number) {
        self.writer.add(self.first.nth(place), number.to_bits());
    }
}

/// Adds to a cell.
#[inline(always)]
pub(crate) fn add<K: Kind>(id: CellId<K>, number: K::Number) {
    here().add(id, number);
}

/// The addition to a chunk that is not near. Out of line, and the last that its callers do: so these are short and save no registers for it.
#[inline(never)]
fn add_far<K: Kind>(id: CellId<K>, bits: u64) {
    // SAFETY: as for `Here::near`.
    match unsafe { &*SLAB.get() }.far_writer(id) {
        Some(writer) => writer.add(id, bits),
        None => add_first(id, bits),
    }
}

/// The same for [`Here::add_two`].
#[inline(never)]
fn add_two_far<K: Kind>(first: CellId<K>, place: u32, number: K::Number, to_first: K::Number) {
    // SAFETY: as for `Here::near`.
    match unsafe { &*SLAB.get() }.far_writer(first) {
        Some(writer) => {
            writer.add(first.nth(place), number.to_bits());
            writer.add(first, to_first.to_bits());
        }
        None => {
            add_first(first.nth(place), number.to_bits());
            add_first(first, to_first.to_bits());
        }
    }
}

/// The addition of a thread that has not touched the chunk yet, or has no slab.
#[cold]
fn add_first<K: Kind>(id: CellId<K>, bits: u64) {
    if matches!(PHASE.get(), Phase::New) || (PHASE.get() == Phase::Shared && ARENA.has_vacancy()) {
        enter();
    }
    match PHASE.get() {
        Phase::Owner => {
            // SAFETY: in this phase the pointer is of a slab that this thread claimed, and slabs stay (invariants 1 and 2).
            let slab = unsafe { &*SLAB.get() };
            slab.writer_or_new(id).add(id, bits);
        }
        Phase::New | Phase::Shared => ARENA.add_shared(id, bits),
        Phase::Exited => ARENA.add_retired(id, bits),
    }
}

/// Claims a slab for the calling thread.
fn enter() {
    // Registers the destructor. It fails when the thread is being torn down, past this destructor's turn.
    if EXIT.try_with(|_| ()).is_err() {
        PHASE.set(Phase::Exited);
        return;
    }
    match ARENA.claim(barrier::are_light_fences_enough()) {
        Some(slab) => {
            SLAB.set(slab);
            PHASE.set(Phase::Owner);
        }
        None => PHASE.set(Phase::Shared),
    }
}

/// Says that the calling thread begins a look-up.
#[inline(always)]
pub(crate) fn pin() -> Pin<'static> {
    // SAFETY: the pointer is of a slab that this thread claimed, or of the static one, which declines; slabs stay (invariants 1 and 2).
    match Pin::owned(unsafe { &*SLAB.get() }) {
        Some(pin) => pin,
        None => pin_slowly(),
    }
}

impl Pin<'_> {
    /// The cells of the thread that has the pin.
    #[inline(always)]
    pub(crate) fn here(&self) -> Here {
        Here { slab: self.slab() }
    }
}

/// The pin of a thread that is new, or has no slab, or is within another look-up.
#[cold]
#[inline(never)]
fn pin_slowly() -> Pin<'static> {
    if PHASE.get() == Phase::New {
        enter();
    }
    if PHASE.get() != Phase::Owner {
        return ARENA.pin_shared();
    }
    // SAFETY: in this phase the pointer is of a slab that this thread claimed, and slabs stay (invariants 1 and 2).
    Pin::owned_slowly(unsafe { &*SLAB.get() })
}

/// Whether every look-up that could have found what the caller has hidden before is over.
pub(crate) fn is_quiet() -> bool {
    ARENA.is_quiet()
}

/// Sets how many threads may have cells of their own; the others share one set, at the price of an atomic addition.
pub(crate) fn set_max_threads(threads: usize) {
    ARENA.set_max_threads(threads);
}

/// The sum of a cell over all threads.
pub(crate) fn sum<K: Kind>(id: CellId<K>) -> K::Number {
    ARENA.sum(id)
}

/// Zeroes a cell that has no writer any more (invariant 5).
pub(super) fn clear<K: Kind>(id: CellId<K>) {
    ARENA.clear(id, 1);
}

/// How many handles that a cell counts are left at most.
pub(super) fn handles_left(handles: CellId<Handles>) -> u32 {
    ARENA.handles_left(handles)
}

/// A range of cells, owned: dropping it gives the ids back.
#[derive(Debug)]
pub struct Cells<K: Kind> {
    first: CellId<K>,
    len: u16,
}

impl<K: Kind> Cells<K> {
    /// `len` cells at zero in one chunk, or nothing when there is no room.
    pub(crate) fn allocate(len: u16) -> Option<Self> {
        ARENA.allocate(len).map(|first| Self { first, len })
    }

    /// The first cell.
    #[inline(always)]
    pub(crate) fn first(&self) -> CellId<K> {
        self.first
    }
}

impl<K: Kind> Drop for Cells<K> {
    fn drop(&mut self) {
        ARENA.free(self.first, self.len);
    }
}

/// Spreads a number over all bits, each to another one.
pub(crate) fn spread(number: u64) -> u64 {
    // The golden ratio's bits: odd, so that no power of it is 0.
    number.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// How many chunks' sums a reading keeps: 1 MiB of them.
const KEPT_CHUNKS: usize = 256;

/// Sums read chunk by chunk: a chunk is summed once, when the first of its cells is asked for.
#[derive(Debug)]
pub struct Reading {
    kept: Vec<Option<Box<ChunkSums>>>,
}

#[derive(Debug)]
struct ChunkSums {
    chunk: usize,
    /// Sums from before a range was freed may be of a metric that is no more.
    frees: u64,
    sums: [u64; CELLS],
}

impl Reading {
    pub(crate) fn new() -> Self {
        Self { kept: Vec::new() }
    }

    /// The sums of a range, all taken in one moment: as bits of the kind.
    pub(crate) fn range<K: Kind>(&mut self, cells: &Cells<K>) -> &[u64] {
        self.row(cells.first, cells.len)
    }

    /// The sum of a cell.
    pub(crate) fn cell<K: Kind>(&mut self, id: CellId<K>) -> K::Number {
        K::Number::from_bits(self.row(id, 1).first().copied().unwrap_or(0))
    }

    fn row<K: Kind>(&mut self, first: CellId<K>, len: u16) -> &[u64] {
        let chunk = first.chunk();
        let place = chunk % KEPT_CHUNKS;
        if self.kept.len() <= place {
            self.kept.resize_with(place + 1, || None);
        }
        let kept = self.kept[place]
            .get_or_insert_with(|| Box::new(ChunkSums { chunk: usize::MAX, frees: 0, sums: [0; CELLS] }));
        let frees = ARENA.frees();
        if kept.chunk != chunk || kept.frees != frees {
            ARENA.sum_chunk::<K>(chunk, &mut kept.sums);
            kept.chunk = chunk;
            kept.frees = frees;
        }
        let start = usize::from(first.offset());
        &kept.sums[start..start + usize::from(len)]
    }

    /// A number made of the sums of a range. It is another one when they are others, but for a chance as good as none.
    pub(crate) fn mixed<K: Kind>(&mut self, cells: &Cells<K>) -> u64 {
        self.range(cells).iter().fold(0, |all: u64, sum| spread(all.wrapping_add(*sum)))
    }

    /// The sum of the only cell of a range.
    pub(crate) fn one<K: Kind>(&mut self, cells: &Cells<K>) -> K::Number {
        self.cell(cells.first)
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::thread;

    use super::super::Unsigned;
    use super::*;

    /// More than have their place in a slab.
    const CHUNKS: u64 = 600;

    /// In a process of its own: the chunks that it takes are near for no other test then.
    #[test]
    fn chunks_that_are_far_count_as_those_that_are_near() {
        let this = std::env::current_exe().unwrap();
        let name = "cells::global::tests::far_and_near";
        let run = Command::new(this).args([name, "--exact", "--ignored"]).output().unwrap();
        let said = String::from_utf8_lossy(&run.stdout);
        assert!(run.status.success() && said.contains("1 passed"), "{said}");
    }

    #[test]
    #[ignore = "run by the one above"]
    fn far_and_near() {
        let all: Vec<Cells<Unsigned>> =
            (0..CHUNKS).map(|_| Cells::allocate(CELLS as u16).expect("there is room")).collect();
        let count = || {
            for (number, cells) in (0..).zip(&all) {
                here().add_two(cells.first(), (1, 1), number);
                here().add_nth(cells.first(), 2, 2);
                add(cells.first().nth(CELLS as u32 - 1), number);
            }
        };
        // Of a chunk, the first time and the second; of threads that go and of one that stays.
        (0..2).for_each(|_| count());
        thread::scope(|scope| (0..3).for_each(|_| drop(scope.spawn(count))));
        for (number, cells) in (0..).zip(&all) {
            let sums = [0, 1, 2, CELLS as u32 - 1].map(|place| sum(cells.first().nth(place)));
            assert_eq!(sums, [5 * number, 5, 10, 5 * number], "{number}");
        }
    }
}
