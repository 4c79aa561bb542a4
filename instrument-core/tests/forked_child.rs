//! Recording in a child of `fork`, which has one thread of its parent's and a copy of all its memory. Alone in its process, as nothing must
//! hold a lock when it forks.
#![cfg(all(target_os = "linux", feature = "macros"))]
#![expect(unsafe_code, reason = "that is how one forks")]

#[path = "hostile_places/everything.rs"]
mod everything;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use everything::Everything;

const RIGHT: i32 = 3;
const WRONG: i32 = 4;

#[test]
fn a_forked_child_goes_on_from_what_its_parent_has_counted_and_leaves_it_alone() {
    let everything = Everything::new();
    everything.record("parent");
    let busy = everything.registry().counter("busy", "").register().unwrap();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        // In the middle of whose additions it forks.
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                busy.inc();
            }
        });
        let mut statuses = (0..10).map(|_| {
            in_a_child(|| {
                let before = busy.get();
                everything.record("child");
                busy.inc_by(5);
                let spawned =
                    thread::scope(|scope| scope.spawn(|| everything.record("thread of the child")).join());
                spawned.unwrap();
                assert_eq!(busy.get(), before + 5, "the parent's thread does not run here");
                everything.assert_recorded(&["parent", "child", "thread of the child"], "cancelled");
            })
        });
        let wrong =
            statuses.find(|status| !(libc::WIFEXITED(*status) && libc::WEXITSTATUS(*status) == RIGHT));
        done.store(true, Ordering::Relaxed);
        assert_eq!(wrong, None, "what `waitpid` says of a child");
    });
    everything.record("parent, later");
    everything.assert_recorded(&["parent", "parent, later"], "cancelled");
}

/// Runs it in a child process, and gives the status that the child ends with.
fn in_a_child(run: impl FnOnce()) -> i32 {
    // SAFETY: the child has no other thread. What the others held when it was forked is not waited for: they only add to counters, and the
    // allocator of glibc and musl can be used after a fork.
    let child = unsafe { libc::fork() };
    if child == 0 {
        // SAFETY: it takes no pointer. A child that hangs is killed.
        unsafe { libc::alarm(60) };
        let is_right = catch_unwind(AssertUnwindSafe(run)).is_ok();
        // SAFETY: nothing of this process is needed any more, and what its parent has on the stack must not be dropped twice.
        unsafe { libc::_exit(if is_right { RIGHT } else { WRONG }) };
    }
    assert!(child > 0, "there is no child: {}", std::io::Error::last_os_error());
    let mut status = 0;
    // SAFETY: `status` lives as long as the call.
    assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
    status
}
