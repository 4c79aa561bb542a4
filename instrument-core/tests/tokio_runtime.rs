//! What a tokio runtime says of itself, and how long polls take.
#![cfg(all(feature = "tokio", not(loom)))]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::{Context, Waker};
use std::thread;
use std::time::{Duration, Instant};

use instrument_core::Registry;
use instrument_core::collector::{PollTimes, TokioRuntime};
use tokio::runtime::{Builder, Runtime};

fn two_workers() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).build().unwrap()
}

#[test]
fn workers_and_tasks_are_those_of_the_runtime() {
    let runtime = two_workers();
    let registry = Registry::builder().prefix("app").build().unwrap();
    registry.register_collector(TokioRuntime::new(runtime.handle()));
    let gauge = |name| registry.snapshot().gauge(name, &[]).unwrap();
    assert_eq!(gauge("tokio_workers"), 2.0);
    assert_eq!(gauge("tokio_alive_tasks"), 0.0);
    assert_eq!(gauge("tokio_global_queue_depth"), 0.0);
    let tasks: Vec<_> = (0..3).map(|_| runtime.spawn(std::future::pending::<()>())).collect();
    assert_eq!(gauge("tokio_alive_tasks"), 3.0);
    runtime.block_on(async {
        for task in tasks {
            task.abort();
            assert!(task.await.unwrap_err().is_cancelled());
        }
    });
    // Who awaits a task may hear of its end a moment before it is counted.
    while gauge("tokio_alive_tasks") > 0.0 {
        thread::yield_now();
    }
}

#[test]
fn a_worker_is_busy_while_a_task_runs_and_parks_when_there_is_none() {
    let runtime = two_workers();
    let registry = Registry::new();
    registry.register_collector(TokioRuntime::new(runtime.handle()));
    let sum = |name: &str| -> f64 {
        let snapshot = registry.snapshot();
        ["0", "1"].map(|worker| snapshot.float_counter(name, &[("worker", worker)]).unwrap()).iter().sum()
    };
    let work = || async {
        let start = Instant::now();
        while start.elapsed() < Duration::from_millis(1) {
            std::hint::spin_loop();
        }
    };
    // A worker says how long it was busy when it parks.
    while sum("tokio_worker_busy_seconds_total") < 0.001 || sum("tokio_worker_parks_total") < 1.0 {
        runtime.block_on(async { runtime.spawn(work()).await }).unwrap();
    }
}

#[test]
fn runtimes_are_told_apart_by_their_names() {
    let runtimes = [("front", two_workers()), ("back", Builder::new_current_thread().build().unwrap())];
    let registry = Registry::new();
    for (name, runtime) in &runtimes {
        registry.register_collector(TokioRuntime::new(runtime.handle()).named(*name));
    }
    let snapshot = registry.snapshot();
    assert_eq!(snapshot.gauge("tokio_workers", &[("runtime", "front")]), Some(2.0));
    assert_eq!(snapshot.gauge("tokio_workers", &[("runtime", "back")]), Some(1.0));
    let parks = snapshot.family("tokio_worker_parks_total").unwrap().series();
    assert_eq!(parks.len(), 3);
    assert!(snapshot.family("instrument_collector_skipped_total").is_none());
}

fn polls(registry: &Registry, task: &str) -> Option<u64> {
    Some(registry.snapshot().histogram("task_poll_duration_seconds", &[("task", task)])?.count())
}

#[test]
fn each_poll_is_measured_without_the_time_in_between() {
    let registry = Registry::new();
    let poll_times = PollTimes::register(&registry).unwrap();
    let mut future = Box::pin(poll_times.timed("three", async {
        tokio::task::yield_now().await;
        tokio::task::yield_now().await;
        "done"
    }));
    let mut context = Context::from_waker(Waker::noop());
    assert!(future.as_mut().poll(&mut context).is_pending());
    assert!(future.as_mut().poll(&mut context).is_pending());
    assert!(future.as_mut().poll(&mut context).is_ready());
    assert_eq!(polls(&registry, "three"), Some(3));
    drop(poll_times.timed("never", async {}));
    assert_eq!(polls(&registry, "never"), Some(0));
}

#[test]
fn a_poll_that_panics_is_measured() {
    let registry = Registry::new();
    let poll_times = PollTimes::register(&registry).unwrap();
    let mut future = Box::pin(poll_times.timed("broken", async { panic!("on purpose") }));
    let mut context = Context::from_waker(Waker::noop());
    let poll = || future.as_mut().poll(&mut context).map(|()| ());
    assert!(catch_unwind(AssertUnwindSafe(poll)).is_err());
    assert_eq!(polls(&registry, "broken"), Some(1));
}

#[test]
fn tasks_share_one_histogram_by_name() {
    let registry = Registry::new();
    for _ in 0..2 {
        let poll_times = PollTimes::register(&registry).unwrap();
        let runtime = two_workers();
        runtime.block_on(async { tokio::spawn(poll_times.timed("job", async {})).await }).unwrap();
    }
    assert_eq!(polls(&registry, "job"), Some(2));
    let other = Registry::new();
    other.counter("task_poll_duration_seconds", "").unit("seconds").register().unwrap();
    assert!(PollTimes::register(&other).is_err());
}

#[cfg(tokio_unstable)]
#[test]
fn a_program_built_for_it_has_the_unstable_numbers_too() {
    let runtime =
        Builder::new_multi_thread().worker_threads(2).enable_metrics_poll_time_histogram().build().unwrap();
    let registry = Registry::new();
    registry.register_collector(TokioRuntime::new(runtime.handle()).named("io"));
    runtime.block_on(async { tokio::spawn(async {}).await.unwrap() });
    runtime.block_on(async { tokio::task::spawn_blocking(|| ()).await.unwrap() });
    let io = ("runtime", "io");
    // A worker says what it has done when it parks.
    let polled = || registry.snapshot().histogram("tokio_poll_seconds", &[io]).unwrap().count();
    while polled() == 0 {
        thread::yield_now();
    }
    let snapshot = registry.snapshot();
    assert!(snapshot.histogram("tokio_poll_seconds", &[io]).unwrap().sum() > 0.0);
    assert!(snapshot.counter("tokio_spawned_tasks_total", &[io]) >= Some(1));
    for gauge in ["tokio_blocking_threads", "tokio_idle_blocking_threads", "tokio_blocking_queue_depth"] {
        assert!(snapshot.gauge(gauge, &[io]).is_some(), "{gauge}");
    }
    assert!(snapshot.gauge("tokio_worker_local_queue_depth", &[io, ("worker", "1")]).is_some());
    for counter in ["tokio_worker_polls_total", "tokio_worker_steals_total"] {
        assert!(snapshot.counter(counter, &[io, ("worker", "1")]).is_some(), "{counter}");
    }
    assert!(snapshot.family("instrument_collector_skipped_total").is_none(), "{snapshot}");
}
