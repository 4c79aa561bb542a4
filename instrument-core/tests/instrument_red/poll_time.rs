//! `poll_time`: the time inside polls, apart from the time between them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::time::Duration;

use instrument_core::{HistogramSnapshot, Registry, Snapshot, instrument_red};

use crate::recorded::{Calls, block_on, calls_in, poll_once_and_drop, yield_once};

fn poll_time<'s>(
    snapshot: &'s Snapshot,
    function: &str,
    own: &[(&str, &str)],
) -> Option<&'s HistogramSnapshot> {
    let labels = [&[("function", function), ("module", module_path!())], own].concat();
    snapshot.histogram("function_poll_time_seconds", &labels)
}

fn count(snapshot: &Snapshot, function: &str) -> Option<u64> {
    poll_time(snapshot, function, &[]).map(HistogramSnapshot::count)
}

#[test]
fn what_passes_between_polls_is_no_poll_time() {
    #[instrument_red(poll_time)]
    async fn wait() -> Result<u8, ()> {
        yield_once().await;
        Ok(1)
    }

    let registry = Registry::new();
    let _scope = registry.enter_scope();
    let between = Duration::from_millis(2);
    let result = block_on(async {
        let mut waiting = std::pin::pin!(wait());
        std::future::poll_fn(|context| {
            let poll = waiting.as_mut().poll(context);
            if poll.is_pending() {
                std::thread::sleep(between);
            }
            poll
        })
        .await
    });
    assert_eq!(result, Ok(1));
    let snapshot = registry.snapshot();
    let labels = [("function", "wait"), ("module", module_path!()), ("outcome", "ok")];
    let whole = snapshot.expect_histogram("function_duration_seconds", &labels).sum();
    let polled = poll_time(&snapshot, "wait", &[]).unwrap();
    assert_eq!(polled.count(), 1);
    assert!(polled.sum() > 0.0);
    // Half of it, since two clocks need not agree to the last bit.
    assert!(
        whole - polled.sum() >= between.as_secs_f64() / 2.0,
        "{whole} s, of which {} s in polls",
        polled.sum()
    );
}

#[test]
fn every_end_of_a_future_is_recorded_once_and_one_never_polled_not_at_all() {
    #[instrument_red(poll_time)]
    async fn work(fails: bool) -> Result<(), ()> {
        yield_once().await;
        assert!(!fails, "as asked");
        Err(())
    }

    let registry = Registry::new();
    let _scope = registry.enter_scope();
    drop(work(false));
    assert_eq!(count(&registry.snapshot(), "work"), None);
    assert_eq!(block_on(work(false)), Err(()));
    poll_once_and_drop(work(false));
    assert!(catch_unwind(AssertUnwindSafe(|| block_on(work(true)))).is_err());
    let snapshot = registry.snapshot();
    assert_eq!(count(&snapshot, "work"), Some(3));
    let calls = calls_in(&snapshot, "function", &[("function", "work"), ("module", module_path!())]);
    assert_eq!(calls, Calls { error: 1, cancelled: 1, panic: 1, ..Calls::default() });
}

#[test]
fn every_kind_of_future_has_it_and_labels_too() {
    #[expect(clippy::manual_async_fn, reason = "what is tested")]
    #[instrument_red(poll_time)]
    fn plain() -> impl Future<Output = u8> + Send {
        async { 1 }
    }

    #[instrument_red(poll_time)]
    fn elsewhere() -> Pin<Box<dyn Future<Output = u8> + Send>> {
        let future = async { 2 };
        Box::pin(future)
    }

    #[instrument_red(poll_time, labels(id = id))]
    async fn labelled(id: u8) -> impl std::fmt::Display {
        yield_once().await;
        id
    }

    fn assert_send<F: Future + Send>(future: F) -> F {
        future
    }

    let registry = Registry::new();
    let _scope = registry.enter_scope();
    assert_eq!(block_on(assert_send(plain())), 1);
    assert_eq!(block_on(assert_send(elsewhere())), 2);
    assert_eq!(block_on(assert_send(labelled(3))).to_string(), "3");
    let snapshot = registry.snapshot();
    assert_eq!(count(&snapshot, "plain"), Some(1));
    assert_eq!(count(&snapshot, "elsewhere"), Some(1));
    assert_eq!(poll_time(&snapshot, "labelled", &[("id", "3")]).map(HistogramSnapshot::count), Some(1));
}

#[test]
fn on_a_block_it_is_for_the_functions_with_a_future() {
    struct Quotes;

    #[instrument_red(poll_time)]
    impl Quotes {
        fn at_once() {}

        async fn later() {}
    }

    let registry = Registry::new();
    let _scope = registry.enter_scope();
    Quotes::at_once();
    block_on(Quotes::later());
    let snapshot = registry.snapshot();
    assert_eq!((count(&snapshot, "at_once"), count(&snapshot, "later")), (None, Some(1)));
}

#[test]
fn a_name_that_is_taken_is_counted_and_the_call_goes_on() {
    #[instrument_red(poll_time)]
    async fn taken() -> u8 {
        1
    }

    let registry = Registry::new();
    let _other = registry.gauge("function_poll_time_seconds", "Another.").register().unwrap();
    let _scope = registry.enter_scope();
    assert_eq!(block_on(taken()), 1);
    let labels = [("family", "function"), ("function", "taken"), ("module", module_path!())];
    assert_eq!(registry.snapshot().counter("instrument_registration_errors_total", &labels), Some(1));
}
