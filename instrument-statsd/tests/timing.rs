//! What the client measures itself.

mod server;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;

use instrument_statsd::StatsdClient;
use server::{Server, Totals};

fn timed(calls: impl FnOnce(&StatsdClient)) -> Totals {
    let server = Server::start();
    let client = StatsdClient::connect(server.address()).unwrap();
    calls(&client);
    assert!(client.flush());
    Totals::of(&server)
}

#[test]
fn a_call_is_measured_and_its_value_passed_on() {
    let totals = timed(|client| assert_eq!(client.time("call", || 17), 17));
    assert_eq!(totals.timers["call"].count, 1.0);
}

#[test]
fn a_call_that_panics_is_measured() {
    let totals = timed(|client| {
        catch_unwind(AssertUnwindSafe(|| client.time("call", || panic!("on purpose")))).unwrap_err();
    });
    assert_eq!(totals.timers["call"].count, 1.0);
}

#[test]
fn a_future_is_measured_from_its_first_poll_to_its_end_or_drop() {
    let totals = timed(|client| {
        drop(client.time_async("never_polled", std::future::pending::<()>()));
        let mut context = Context::from_waker(Waker::noop());
        {
            let mut dropped = pin!(client.time_async("dropped", std::future::pending::<()>()));
            assert!(dropped.as_mut().poll(&mut context).is_pending());
        }
        let mut ready = pin!(client.time_async("ready", async { 17 }));
        assert!(ready.as_mut().poll(&mut context).is_ready());
    });
    assert_eq!(totals.timers.keys().collect::<Vec<_>>(), ["dropped", "ready"]);
}

#[test]
fn a_guard_says_what_it_has_measured_unless_it_is_discarded() {
    let mut stopped = Duration::ZERO;
    let totals = timed(|client| {
        drop(client.start("dropped"));
        client.start("discarded").discard();
        stopped = client.start("stopped").stop();
    });
    assert_eq!(totals.timers.keys().collect::<Vec<_>>(), ["dropped", "stopped"]);
    let milliseconds = totals.timers["stopped"].values[0];
    assert!((milliseconds - stopped.as_secs_f64() * 1e3).abs() < 1e-6, "{milliseconds} {stopped:?}");
}
