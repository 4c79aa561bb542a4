use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Barrier;
use std::thread;

use instrument_core::Registry;

use super::{count_a_job, jobs};

#[test]
fn threads_side_by_side_see_their_own_registry() {
    let both = Barrier::new(2);
    let run = |times: u64| {
        let registry = Registry::new();
        registry.scope(|| {
            both.wait();
            (0..times).for_each(|_| count_a_job());
            both.wait();
            assert_eq!(jobs(Registry::global()), Some(times));
        });
        jobs(&registry)
    };
    thread::scope(|threads| {
        let other = threads.spawn(|| run(3));
        assert_eq!(run(5), Some(5));
        assert_eq!(other.join().unwrap(), Some(3));
    });
}

#[test]
fn the_registry_of_the_process_is_left_alone() {
    Registry::new().scope(|| {
        Registry::global().gauge("only_in_the_scope", "").register().unwrap().set(1.0);
        assert!(Registry::global().snapshot().family("only_in_the_scope").is_some());
    });
    assert!(Registry::global().snapshot().family("only_in_the_scope").is_none());
}

#[test]
fn the_scope_around_holds_again_when_one_ends() {
    let (outer, inner) = (Registry::new(), Registry::new());
    outer.scope(|| {
        count_a_job();
        inner.scope(count_a_job);
        inner.scope(count_a_job);
        count_a_job();
        count_a_job();
    });
    assert_eq!((jobs(&outer), jobs(&inner)), (Some(3), Some(2)));
}

#[test]
fn a_panic_ends_the_scopes_that_it_leaves() {
    let (outer, inner) = (Registry::new(), Registry::new());
    outer.scope(|| {
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            inner.scope(|| {
                count_a_job();
                panic!("as planned");
            })
        }));
        assert!(panicked.is_err());
        count_a_job();
    });
    assert_eq!((jobs(&outer), jobs(&inner)), (Some(1), Some(1)));
}

#[test]
fn a_scope_within_a_scope_can_be_that_of_the_process() {
    let process = Registry::global().clone();
    let registry = Registry::new();
    let name = "counted_in_the_scope_of_the_process";
    registry.scope(|| {
        process.scope(|| Registry::global().counter(name, "").register().unwrap().inc());
    });
    assert_eq!(process.snapshot().counter(name, &[]), Some(1));
    assert!(registry.snapshot().families().is_empty());
}

#[test]
fn guards_dropped_out_of_order_end_their_own_scopes() {
    let (first, second) = (Registry::new(), Registry::new());
    let of_first = first.enter_scope();
    let of_second = second.enter_scope();
    drop(of_first);
    count_a_job();
    drop(of_second);
    assert_eq!((jobs(&first), jobs(&second)), (None, Some(1)));

    Registry::global().counter("counted_behind_both_guards", "").register().unwrap();
    assert_eq!(second.snapshot().families().len(), 1);
}

#[test]
fn a_thread_started_within_a_scope_begins_outside() {
    let registry = Registry::new();
    let name = "counted_by_a_thread_of_its_own";
    let count = || Registry::global().counter(name, "").register().unwrap().inc();
    registry.scope(|| thread::spawn(count).join().unwrap());
    assert_eq!(registry.snapshot().counter(name, &[]), None);
    assert_eq!(Registry::global().snapshot().counter(name, &[]), Some(1));
}

/// As at the end of a program, when the thread's own variables go, the list of its scopes among them.
#[test]
fn a_thread_that_is_torn_down_within_a_scope_goes_on() {
    struct CountsAtTheEnd;

    impl Drop for CountsAtTheEnd {
        fn drop(&mut self) {
            let _scope = Registry::new().enter_scope();
            Registry::global().counter("counted_at_the_end", "").register().unwrap().inc();
        }
    }

    thread_local! {
        static LAST: CountsAtTheEnd = const { CountsAtTheEnd };
    }

    thread::spawn(|| {
        LAST.with(|_| ());
        Registry::new().scope_thread();
        count_a_job();
    })
    .join()
    .unwrap();
}
