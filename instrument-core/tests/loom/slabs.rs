//! Additions, scrapes, and what is made, folded and freed meanwhile.

use loom::sync::Arc;

use crate::arena::{self, Arena, CellId, Unsigned};
use crate::{Writer, allocate, join, spawn};

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
