//! What is counted on one thread and again on another.

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::sync::atomic::{AtomicBool, Ordering};
use loom::thread;

use crate::arena::{self, CellId, Handles, Paired};
use crate::{allocate, claim, join, model_of_three};

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
