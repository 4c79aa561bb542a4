use std::pin::pin;
use std::task::{Context, Poll, Waker};

use instrument_core::{HistogramSnapshot, Registry, Snapshot};

/// The calls of a function by outcome, and how many of them are in flight.
#[derive(Debug, PartialEq, Default)]
pub(crate) struct Calls {
    pub(crate) ok: u64,
    pub(crate) error: u64,
    pub(crate) panic: u64,
    pub(crate) cancelled: u64,
    pub(crate) in_flight: i64,
}

/// The calls of a function in the default family of the global registry.
///
/// Tests run side by side, so each has functions of its own.
pub(crate) fn calls(module: &str, function: &str) -> Calls {
    calls_in(&Registry::global().snapshot(), "function", &[("module", module), ("function", function)])
}

/// The calls with these labels.
pub(crate) fn calls_in(snapshot: &Snapshot, family: &str, labels: &[(&str, &str)]) -> Calls {
    let count = |outcome| {
        let labels: Vec<_> = labels.iter().copied().chain([("outcome", outcome)]).collect();
        snapshot.histogram(&format!("{family}_duration_seconds"), &labels).map_or(0, HistogramSnapshot::count)
    };
    Calls {
        ok: count("ok"),
        error: count("error"),
        panic: count("panic"),
        cancelled: count("cancelled"),
        in_flight: snapshot.up_down_counter(&format!("{family}_in_flight"), labels).unwrap_or(0),
    }
}

/// Polls a future that is never woken, but when it is polled: enough for futures that wait for nothing but a few polls.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return output;
        }
    }
}

/// Is pending when it is polled first.
pub(crate) async fn yield_once() {
    let mut yielded = false;
    std::future::poll_fn(
        |_| if std::mem::replace(&mut yielded, true) { Poll::Ready(()) } else { Poll::Pending },
    )
    .await;
}

/// Polls a future once, which must not finish it, and drops it.
pub(crate) fn poll_once_and_drop(future: impl Future) {
    let mut future = pin!(future);
    let poll = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    assert!(poll.is_pending(), "the future has ended at its first poll");
}
