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

mod handles;
mod slabs;
mod slots;
mod tables;

#[path = "../../src/cells/arena/mod.rs"]
mod arena;
#[path = "../../src/cells/slot.rs"]
mod slot;
#[path = "../../src/cells/table/mod.rs"]
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

use arena::{Arena, CellId, Kind, Number, Slab};
use loom::sync::Arc;
use loom::thread;

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
            Some(slab) => match slab.writer(id).or_else(|| slab.far_writer(id)) {
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
