use std::thread;

use instrument_core::{Registry, instrument_red};
use tokio::task;

use super::{calls, count_a_job, jobs};

#[tokio::test]
async fn futures_side_by_side_on_one_thread_keep_to_their_own_scopes() {
    let (one, other) = (Registry::new(), Registry::new());
    let count = async |times: usize| {
        for _ in 0..times {
            count_a_job();
            task::yield_now().await;
        }
    };
    tokio::join!(one.scope_future(count(3)), other.scope_future(count(5)));
    assert_eq!((jobs(&one), jobs(&other)), (Some(3), Some(5)));
}

/// A future that is polled by each of four threads in turn.
#[test]
fn a_future_takes_its_scope_along_from_thread_to_thread() {
    #[instrument_red]
    async fn step() {
        task::yield_now().await;
    }

    let registry = Registry::new();
    let mut future = Box::pin(registry.scope_future(async {
        for _ in 0..3 {
            step().await;
        }
    }));
    for poll in 0..4 {
        future = thread::spawn(move || {
            let waker = std::task::Waker::noop();
            let polled = future.as_mut().poll(&mut std::task::Context::from_waker(waker));
            assert_eq!(polled.is_ready(), poll == 3);
            future
        })
        .join()
        .unwrap();
    }
    assert_eq!(calls(&registry.snapshot(), module_path!(), "step"), Some(3));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tasks_that_wander_between_workers_keep_to_their_own_scopes() {
    let tasks: Vec<_> = (1..=20)
        .map(|times| {
            let registry = Registry::new();
            let count = registry.scope_future(async move {
                for _ in 0..times {
                    count_a_job();
                    task::yield_now().await;
                }
            });
            (times, registry, tokio::spawn(count))
        })
        .collect();
    for (times, registry, task) in tasks {
        task.await.unwrap();
        assert_eq!(jobs(&registry), Some(times));
    }
}

#[test]
fn a_future_that_is_dropped_before_its_end_is_dropped_in_its_scope() {
    struct CountsItsEnd;

    impl Drop for CountsItsEnd {
        fn drop(&mut self) {
            count_a_job();
        }
    }

    let registry = Registry::new();
    let future = registry.scope_future({
        let last = CountsItsEnd;
        async move {
            let _last = last;
            std::future::pending::<()>().await;
        }
    });
    drop(future);
    assert_eq!(jobs(&registry), Some(1));
}

#[tokio::test]
async fn a_guard_covers_the_tasks_of_a_runtime_of_one_thread() {
    let registry = Registry::new();
    let _scope = registry.enter_scope();
    let tasks = [(); 3].map(|()| tokio::spawn(async { count_a_job() }));
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(jobs(Registry::global()), Some(3));
}

#[tokio::test]
async fn a_panic_in_a_future_ends_its_scope_on_that_thread() {
    let registry = Registry::new();
    let panicked = tokio::spawn(registry.scope_future(async {
        count_a_job();
        panic!("as planned");
    }));
    assert!(panicked.await.is_err());
    let other = Registry::new();
    tokio::spawn(other.scope_future(async { count_a_job() })).await.unwrap();
    Registry::global().counter("counted_after_a_panic", "").register().unwrap();
    assert_eq!((registry.snapshot().families().len(), other.snapshot().families().len()), (1, 1));
}
