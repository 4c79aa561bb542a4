//! Running at a read what others wrote: it may panic, and it may read.

use std::cell::RefCell;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What became of it.
pub(crate) enum Ran<R> {
    Returned(R),
    Panicked,
    /// It was not run: something else that is run for the same registry, on this thread, has asked for it.
    Nested,
}

thread_local! {
    /// The registries for which something runs on this thread.
    static RUNNING: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// Runs something for the registry at an address. Without the address a function that reads its own registry would be asked for by its own
/// read, without end.
pub(crate) fn run<R>(registry: usize, run: impl FnOnce() -> R) -> Ran<R> {
    let Some(_running) = Running::enter(registry) else { return Ran::Nested };
    // What it leaves half done is its own: all that it is given of ours is the emitter, to which it can only append.
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(returned) => Ran::Returned(returned),
        Err(payload) => {
            // The payload is the other's as well, and may panic when it is dropped.
            if let Err(another) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
                mem::forget(another);
            }
            Ran::Panicked
        }
    }
}

/// Takes the registry off the list when it is dropped.
struct Running;

impl Running {
    fn enter(registry: usize) -> Option<Self> {
        let enter = |running: &RefCell<Vec<usize>>| {
            let mut running = running.borrow_mut();
            let nested = running.contains(&registry);
            if !nested {
                running.push(registry);
            }
            !nested
        };
        // A thread that is being torn down has no list any more: then nothing is run.
        RUNNING.try_with(enter).unwrap_or(false).then(|| Self)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = RUNNING.try_with(|running| running.borrow_mut().pop());
    }
}
