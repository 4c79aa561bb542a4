use instrument_core::{Registry, instrument_red};
use tokio::runtime::Builder;
use tokio::task;

use super::{calls, count_a_job, jobs};

#[instrument_red]
async fn work() {
    count_a_job();
    task::yield_now().await;
}

#[instrument_red]
fn blocking_work() {
    count_a_job();
}

/// All ways that a task of a runtime can do some of the above.
async fn work_everywhere() {
    work().await;
    let nested = tokio::spawn(async {
        work().await;
        tokio::spawn(work()).await.unwrap();
        task::spawn_blocking(blocking_work).await.unwrap();
    });
    nested.await.unwrap();
    task::spawn_blocking(blocking_work).await.unwrap();
}

fn works_everywhere(mut builder: Builder) {
    let registry = Registry::new();
    registry.scope_runtime(&mut builder, work_everywhere()).unwrap();
    let snapshot = registry.snapshot();
    assert_eq!(calls(&snapshot, module_path!(), "work"), Some(3));
    assert_eq!(calls(&snapshot, module_path!(), "blocking_work"), Some(2));
    assert_eq!(jobs(&registry), Some(5));
}

#[test]
fn a_runtime_of_many_threads_records_into_its_scope() {
    works_everywhere(Builder::new_multi_thread());
}

#[test]
fn a_runtime_of_one_thread_records_into_its_scope() {
    works_everywhere(Builder::new_current_thread());
}

#[test]
fn runtimes_side_by_side_record_into_their_own_scopes() {
    std::thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| works_everywhere(Builder::new_multi_thread()));
        }
    });
}

#[test]
fn a_task_that_ends_with_its_runtime_is_dropped_in_the_scope() {
    struct CountsItsEnd;

    impl Drop for CountsItsEnd {
        fn drop(&mut self) {
            count_a_job();
        }
    }

    for mut builder in [Builder::new_multi_thread(), Builder::new_current_thread()] {
        let registry = Registry::new();
        let spawn = async {
            let last = CountsItsEnd;
            tokio::spawn(async move {
                let _last = last;
                std::future::pending::<()>().await;
            });
        };
        registry.scope_runtime(&mut builder, spawn).unwrap();
        assert_eq!(jobs(&registry), Some(1));
    }
}

#[test]
fn the_builder_keeps_nothing_of_the_scope() {
    let mut builder = Builder::new_multi_thread();
    let registry = Registry::new();
    registry.scope_runtime(&mut builder, async {}).unwrap();
    let runtime = builder.build().unwrap();
    let count =
        async || Registry::global().counter("counted_by_the_next_runtime", "").register().unwrap().inc();
    runtime.block_on(async { tokio::spawn(count()).await.unwrap() });
    assert!(registry.snapshot().families().is_empty());
}

#[test]
fn a_hook_of_one_s_own_can_enter_the_scope() {
    let registry = Registry::new();
    let of_threads = registry.clone();
    let runtime =
        Builder::new_multi_thread().on_thread_start(move || of_threads.scope_thread()).build().unwrap();
    registry.scope(|| runtime.block_on(work_everywhere()));
    assert_eq!(jobs(&registry), Some(5));
}
