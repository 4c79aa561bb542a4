//! Models of the protocol between the writers and the readers of cells.
//!
//! loom runs each model under every interleaving of its threads, and every value that the memory model lets a load return. The
//! models are of the source files that ship: only `sync`, which names the atomics, is loom's here. Run them by
//!
//! ```sh
//! RUSTFLAGS="--cfg loom" cargo test -p instrument-core --test loom --release
//! ```
#![cfg(loom)]
#![allow(unsafe_code, dead_code, missing_docs, reason = "the module under test is included as it is")]

#[path = "../src/cells/arena/mod.rs"]
mod arena;
#[path = "../src/cells/slot.rs"]
mod slot;
#[path = "../src/cells/table.rs"]
mod table;

/// The counterparts of `src/sync.rs`.
mod sync {
    pub(crate) use loom::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, AtomicUsize, Ordering};
    pub(crate) use loom::sync::{Mutex, MutexGuard};

    /// The fence that the frequent side does not have is one here: what the system puts in its place is as strong.
    pub(crate) fn light_fence() {
        full_fence();
    }

    pub(crate) fn full_fence() {
        loom::sync::atomic::fence(Ordering::SeqCst);
    }

    pub(crate) fn heavy_fence() -> bool {
        loom::sync::atomic::fence(Ordering::SeqCst);
        true
    }

    /// loom's atomics register themselves when they are made, so no constructor is `const`.
    macro_rules! const_fn {
        ($(#[$meta:meta])* $visibility:vis const fn $($rest:tt)*) => { $(#[$meta])* $visibility fn $($rest)* };
    }
    pub(crate) use const_fn;

    pub(crate) fn null_pointers<T, const N: usize>() -> [AtomicPtr<T>; N] {
        std::array::from_fn(|_| AtomicPtr::new(std::ptr::null_mut()))
    }
}

use arena::{Arena, CellId, Handles, Kind, Number, Paired, Pin, Slab, Unsigned};
use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::sync::atomic::{AtomicBool, Ordering};
use loom::thread;
use slot::{Slot, Turns};
use table::Table;

/// What `cells::global` does for a thread: it claims a slab for its first addition.
struct Writer<'a> {
    arena: &'a Arena,
    slab: Option<&'a Slab>,
}

impl<'a> Writer<'a> {
    fn enter(arena: &'a Arena) -> Self {
        Self { arena, slab: arena.claim(true) }
    }

    fn add<K: Kind>(&self, id: CellId<K>, number: K::Number) {
        let bits = number.to_bits();
        match self.slab {
            Some(slab) => match slab.writer(id) {
                Some(writer) => writer.add(id, bits),
                None => slab.writer_or_new(id).add(id, bits),
            },
            None => self.arena.add_shared(id, bits),
        }
    }
}

/// What the thread-local destructor does.
impl Drop for Writer<'_> {
    fn drop(&mut self) {
        if let Some(slab) = self.slab {
            self.arena.release(slab);
        }
    }
}

fn allocate<K: Kind>(arena: &Arena) -> CellId<K> {
    arena.allocate(1).expect("there is room for a cell")
}

/// A thread of the model. The main thread does nothing but wait: loom considers other orders for a thread only once it has run, so
/// two threads that race must both be spawned.
fn spawn(arena: &Arc<Arena>, run: impl FnOnce(&Arena) + 'static) -> thread::JoinHandle<()> {
    let arena = Arc::clone(arena);
    thread::spawn(move || run(&arena))
}

fn join(threads: impl IntoIterator<Item = thread::JoinHandle<()>>) {
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn a_thread_that_exits_during_a_scrape_is_counted_once() {
    loom::model(|| {
        let arena = Arc::new(Arena::new());
        let id = allocate::<Unsigned>(&arena);
        let exits = spawn(&arena, move |arena| Writer::enter(arena).add(id, 1));
        let scrapes = spawn(&arena, move |arena| {
            let first = arena.sum(id);
            let second = arena.sum(id);
            assert!(first <= second && second <= 1, "{first} then {second}");
        });
        join([exits, scrapes]);
        assert_eq!(arena.sum(id), 1);
    });
}

#[test]
fn the_first_touch_of_a_chunk_during_a_scrape_is_seen_whole() {
    loom::model(|| {
        let arena = Arc::new(Arena::new());
        let id = allocate::<Unsigned>(&arena);
        let touches = spawn(&arena, move |arena| {
            let writer = Writer::enter(arena);
            writer.add(id, 3);
            // The thread is read while it lives.
            std::mem::forget(writer);
        });
        let scrapes = spawn(&arena, move |arena| {
            let mut sums = [u64::MAX; arena::CELLS];
            arena.sum_chunk::<Unsigned>(0, &mut sums);
            assert!([0, 3].contains(&sums[0]) && sums[1..].iter().all(|&sum| sum == 0), "{sums:?}");
        });
        join([touches, scrapes]);
        assert_eq!(arena.sum(id), 3);
    });
}

/// A metric with two owners: whoever lets go last frees its id, as `cells::Cells` does.
struct Handle {
    arena: Arc<Arena>,
    id: CellId<Unsigned>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.arena.free(self.id, 1);
    }
}

#[test]
fn an_id_that_is_dropped_and_reused_starts_at_zero() {
    loom::model(|| {
        let arena = Arc::new(Arena::new());
        let id = allocate(&arena);
        let handle = Arc::new(Handle { arena: Arc::clone(&arena), id });
        let other_handle = Arc::clone(&handle);
        let adds = spawn(&arena, move |arena| {
            let writer = Writer::enter(arena);
            writer.add(other_handle.id, 5);
            drop(other_handle);
            // The thread goes on, with the cell still in its slab.
            std::mem::forget(writer);
        });
        let adds_and_exits = spawn(&arena, move |arena| {
            Writer::enter(arena).add(handle.id, 1);
            drop(handle);
        });
        join([adds, adds_and_exits]);

        let again: CellId<Unsigned> = allocate(&arena);
        assert_eq!((again.chunk(), again.offset()), (id.chunk(), id.offset()));
        assert_eq!(arena.sum(again), 0);
        Writer::enter(&arena).add(again, 2);
        assert_eq!(arena.sum(again), 2);
    });
}

#[test]
fn an_id_is_freed_while_its_writer_exits() {
    loom::model(|| {
        let arena = Arc::new(Arena::new());
        let id = allocate(&arena);
        let writer_is_done = Arc::new(Handle { arena: Arc::clone(&arena), id });
        let handle = Arc::clone(&writer_is_done);
        let exits = spawn(&arena, move |arena| {
            let writer = Writer::enter(arena);
            writer.add(id, 5);
            drop(writer_is_done);
            // Folding meets freeing here.
            drop(writer);
        });
        let frees = spawn(&arena, move |_| drop(handle));
        join([exits, frees]);
        let again: CellId<Unsigned> = allocate(&arena);
        assert_eq!(arena.sum(again), 0);
    });
}

#[test]
fn threads_beyond_the_bound_lose_nothing_on_the_shared_slab() {
    loom::model(|| {
        let arena = Arc::new(Arena::new());
        arena.set_max_threads(0);
        let id = allocate::<Unsigned>(&arena);
        let add = |number| spawn(&arena, move |arena| Writer::enter(arena).add(id, number));
        join([add(4), add(1)]);
        assert_eq!(arena.sum(id), 5);
    });
}

#[test]
fn a_slab_that_is_given_back_is_claimed_with_what_it_held_counted() {
    loom::model(|| {
        let arena = Arc::new(Arena::new());
        arena.set_max_threads(1);
        let id = allocate::<Unsigned>(&arena);
        // The second finds the slab free, or shares; either way nothing is lost.
        let add = || spawn(&arena, move |arena| Writer::enter(arena).add(id, 1));
        join([add(), add()]);
        assert_eq!(arena.sum(id), 2);
    });
}

/// A model of three threads whose slabs and chunks are there already: all that is left to order are the additions.
fn model_of_three(model: impl Fn(&'static Arena) + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    // Orders with more switches than that are beyond the time there is.
    builder.preemption_bound = Some(3);
    // The arena is leaked, so that threads can be given what they need of it.
    builder.check(move || model(Box::leak(Box::new(Arena::new()))));
}

/// A thread's claim to a cell.
fn claim<K: Kind>(arena: &'static Arena, id: CellId<K>) -> impl Fn(u64) {
    let writer = arena.claim(true).expect("the bound is not reached").writer_or_new(id);
    move |bits| writer.add(id, bits)
}

#[test]
fn what_is_shared_is_freed_only_when_its_last_handle_is_gone() {
    model_of_three(|arena| {
        let id = allocate::<Handles>(arena);
        // loom fails the model when the value is read and freed (here: written) in no certain order.
        let value = Arc::new(UnsafeCell::new(1));
        let handed_on = Arc::new(AtomicBool::new(false));
        let (one, other) = (claim(arena, id), claim(arena, id));
        one(Handles::MADE);

        let clones = thread::spawn({
            let (value, handed_on) = (Arc::clone(&value), Arc::clone(&handed_on));
            move || {
                one(Handles::MADE);
                handed_on.store(true, Ordering::Release);
                value.with(|value| assert_eq!(unsafe { *value }, 1));
                one(Handles::GONE);
            }
        });
        // Takes the clone, if it is there yet.
        let takes = thread::spawn({
            let value = Arc::clone(&value);
            move || {
                if handed_on.load(Ordering::Acquire) {
                    value.with(|value| assert_eq!(unsafe { *value }, 1));
                    other(Handles::GONE);
                }
            }
        });
        let sweeps = thread::spawn(move || {
            if arena.handles_left(id) == 0 {
                value.with_mut(|value| unsafe { *value = 0 });
            }
        });
        join([clones, takes, sweeps]);
    });
}

#[test]
fn what_goes_down_on_another_thread_is_never_seen_without_its_up() {
    model_of_three(|arena| {
        let downs: CellId<Paired> = arena.allocate(2).expect("there is room for a pair");
        let handed_on = Arc::new(AtomicBool::new(false));
        // The slab that was claimed last is read first: here that of the up.
        let (go_down, go_up) = (claim(arena, downs), claim(arena, downs.nth(1)));
        let up = thread::spawn({
            let handed_on = Arc::clone(&handed_on);
            move || {
                go_up(1);
                handed_on.store(true, Ordering::Release);
            }
        });
        let down = thread::spawn(move || {
            if handed_on.load(Ordering::Acquire) {
                go_down(1);
            }
        });
        let scrapes = thread::spawn(move || {
            let mut sums = [0; arena::CELLS];
            arena.sum_chunk::<Paired>(downs.chunk(), &mut sums);
            assert!(sums[1] >= sums[0], "{sums:?}");
        });
        join([up, down, scrapes]);
    });
}

/// A value that loom sees being copied and dropped: it fails the model when that is in no certain order, or when one is never dropped.
struct Watched {
    number: UnsafeCell<u32>,
    _dropped: Arc<()>,
}

impl Watched {
    fn new(number: u32) -> Self {
        Self { number: UnsafeCell::new(number), _dropped: Arc::new(()) }
    }

    fn number(&self) -> u32 {
        self.number.with(|number| unsafe { *number })
    }
}

impl Clone for Watched {
    fn clone(&self) -> Self {
        Self::new(self.number())
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.number.with_mut(|number| unsafe { *number = 0 });
    }
}

#[test]
fn a_slot_that_is_put_into_while_it_is_read_holds_what_was_put_last() {
    loom::model(|| {
        let slot = Arc::new(Slot::new());
        let turns = Arc::new(Turns::new());
        slot.put(Watched::new(1));
        let puts = |numbers: &'static [u32]| {
            let slot = Arc::clone(&slot);
            thread::spawn(move || numbers.iter().for_each(|&number| slot.put(Watched::new(number))))
        };
        let reads = || {
            let (slot, turns) = (Arc::clone(&slot), Arc::clone(&turns));
            thread::spawn(move || {
                // There is one, and never one from before what this reader has seen.
                let read = || slot.read(&turns.take()).expect("the slot was never empty").number();
                let (first, second) = (read(), read());
                assert!([1, 2, 3].contains(&first) && first <= second, "{first} then {second}");
            })
        };
        join([puts(&[2, 3]), reads()]);
        assert_eq!(slot.read(&turns.take()).map(|last| last.number()), Some(3));
    });
}

#[test]
fn a_slot_that_two_put_into_and_two_read_is_never_empty_and_drops_each_once() {
    let mut builder = loom::model::Builder::new();
    // Orders with more switches than that are beyond the time there is.
    builder.preemption_bound = Some(2);
    builder.check(|| {
        let slot = Arc::new(Slot::new());
        let turns = Arc::new(Turns::new());
        slot.put(Watched::new(1));
        let put = |number| {
            let slot = Arc::clone(&slot);
            thread::spawn(move || slot.put(Watched::new(number)))
        };
        let (one, other) = (put(2), put(3));
        let read = {
            let (slot, turns) = (Arc::clone(&slot), Arc::clone(&turns));
            thread::spawn(move || assert!(slot.read(&turns.take()).is_some()))
        };
        assert!(slot.read(&turns.take()).is_some());
        join([one, other, read]);
        let last = slot.read(&turns.take()).map(|last| last.number());
        assert!([Some(2), Some(3)].contains(&last), "{last:?}");
    });
}

/// An entry of a table. loom fails a model in which it is read and freed (here: written) in no certain order.
struct Entry(UnsafeCell<u64>);

impl Entry {
    fn new(number: u64) -> Self {
        Self(UnsafeCell::new(number))
    }

    fn read(&self) -> u64 {
        self.0.with(|number| unsafe { *number })
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.0.with_mut(|number| unsafe { *number = 0 });
    }
}

/// A table with an entry 1 of the hash 1, at place 0.
fn table_of_one() -> Arc<Table<Entry>> {
    let table = Arc::new(Table::new(1));
    let mut writer = table.write();
    writer.insert(1, Entry::new(1));
    writer.set_number(0, 1, |_| true);
    drop(writer);
    table
}

/// Takes the entry at place 0 out for good.
fn remove(table: &Table<Entry>, arena: &Arena) {
    let mut writer = table.write();
    let unlinked = writer.unlink(0).expect("nobody else takes it out");
    writer.discard(unlinked);
    let discarded = writer.empty(|| arena.is_quiet());
    drop(writer);
    drop(discarded);
}

#[test]
fn what_a_look_up_is_at_is_not_freed() {
    model_of_three(|arena| {
        let table = table_of_one();
        let slab = arena.claim(true).expect("the bound is not reached");
        let looks_up = thread::spawn({
            let table = Arc::clone(&table);
            move || {
                let pin = Pin::owned(slab).expect("the thread is within no other look-up");
                let found = table.find(&pin, 1, |entry| entry.read() == 1);
                assert!(found.is_none_or(|entry| entry.read() == 1));
            }
        });
        let by_number = thread::spawn({
            let table = Arc::clone(&table);
            move || {
                let pin = arena.pin_shared();
                assert!(table.numbered(&pin, 0).is_none_or(|entry| entry.read() == 1));
            }
        });
        let removes = thread::spawn(move || remove(&table, arena));
        join([looks_up, by_number, removes]);
    });
}

#[test]
fn a_table_that_grows_is_searched_meanwhile() {
    model_of_three(|arena| {
        let table = table_of_one();
        let slab = arena.claim(true).expect("the bound is not reached");
        let looks_up = thread::spawn({
            let table = Arc::clone(&table);
            move || {
                let pin = Pin::owned(slab).expect("the thread is within no other look-up");
                let found = table.find(&pin, 1, |entry| entry.read() == 1);
                assert_eq!(found.map(Entry::read), Some(1), "it is in before and after");
                let walked = (0..table.place_count()).filter_map(|place| table.at(&pin, place));
                assert!((1..=2).contains(&walked.map(Entry::read).sum::<u64>().min(2)));
            }
        });
        let grows = thread::spawn(move || {
            let mut writer = table.write();
            writer.insert(3, Entry::new(1));
            let discarded = writer.empty(|| arena.is_quiet());
            drop(writer);
            drop(discarded);
        });
        join([looks_up, grows]);
    });
}

#[test]
fn a_handle_made_by_a_look_up_keeps_an_idle_entry() {
    model_of_three(|arena| {
        let handles = allocate::<Handles>(arena);
        let table = table_of_one();
        let slab = arena.claim(true).expect("the bound is not reached");
        let writer = slab.writer_or_new(handles);
        // The table's own.
        claim(arena, handles)(Handles::MADE);
        let looks_up = thread::spawn({
            let table = Arc::clone(&table);
            move || {
                let pin = Pin::owned(slab).expect("the thread is within no other look-up");
                let Some(entry) = table.numbered(&pin, 0) else { return };
                // What is found is kept beyond the pin by a handle, as a series is.
                writer.add(handles, Handles::MADE);
                let entry: *const Entry = entry;
                drop(pin);
                assert_eq!(unsafe { &*entry }.read(), 1);
                writer.add(handles, Handles::GONE);
            }
        });
        let expires = thread::spawn(move || {
            let mut writer = table.write();
            let stamp = arena.sum(handles);
            let unlinked = writer.unlink(0).expect("nobody else takes it out");
            if arena.is_quiet() && arena.sum(handles) == stamp && arena.handles_left(handles) == 1 {
                writer.discard(unlinked);
            } else {
                writer.put_back(unlinked);
            }
            let discarded = writer.empty(|| arena.is_quiet());
            drop(writer);
            drop(discarded);
        });
        join([looks_up, expires]);
    });
}
