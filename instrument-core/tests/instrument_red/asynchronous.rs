//! An `async fn` is timed from its first poll to its end, or to where it is dropped.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use instrument_core::{Registry, instrument_red};

use crate::recorded::{Calls, block_on, calls, poll_once_and_drop, yield_once};

#[test]
fn success_and_error_are_told_apart() {
    #[instrument_red]
    async fn parse(text: &str) -> Result<u32, std::num::ParseIntError> {
        yield_once().await;
        let number = text.parse()?;
        Ok(number)
    }

    assert_eq!(block_on(parse("7")), Ok(7));
    assert!(block_on(parse("x")).is_err());
    assert!(block_on(parse("")).is_err());
    assert_eq!(calls(module_path!(), "parse"), Calls { ok: 1, error: 2, ..Calls::default() });
}

#[test]
fn a_dropped_future_is_cancelled() {
    #[instrument_red]
    async fn wait() {
        yield_once().await;
    }

    poll_once_and_drop(wait());
    assert_eq!(calls(module_path!(), "wait"), Calls { cancelled: 1, ..Calls::default() });
}

#[test]
fn a_future_that_is_never_polled_records_nothing() {
    #[instrument_red(name = "never_polled")]
    async fn never() {
        yield_once().await;
    }

    drop(never());
    assert!(Registry::global().snapshot().family("never_polled_in_flight").is_none());
    block_on(never());
    assert!(Registry::global().snapshot().family("never_polled_in_flight").is_some());
}

#[test]
fn a_panic_in_a_poll_is_counted() {
    #[instrument_red]
    async fn fail() -> u32 {
        yield_once().await;
        panic!("here")
    }

    assert!(catch_unwind(AssertUnwindSafe(|| block_on(fail()))).is_err());
    assert_eq!(calls(module_path!(), "fail"), Calls { panic: 1, ..Calls::default() });
}

#[test]
fn it_is_in_flight_between_polls() {
    #[instrument_red]
    async fn between() -> i64 {
        yield_once().await;
        calls(module_path!(), "between").in_flight
    }

    assert_eq!(block_on(async { between().await + between().await }), 2);
    assert_eq!(calls(module_path!(), "between"), Calls { ok: 2, ..Calls::default() });
}

#[test]
fn the_future_is_send_when_it_was() {
    fn assert_send<F: Future + Send>(future: F) -> F {
        future
    }

    #[instrument_red(labels(length = text.len()))]
    async fn length(text: &str) -> Result<usize, String> {
        yield_once().await;
        Ok(text.len())
    }

    // What is returned need not be `Send`: it does not live across an `await`.
    #[instrument_red(ok_if = |rc: &Rc<u32>| **rc > 0)]
    async fn counted() -> Rc<u32> {
        yield_once().await;
        Rc::new(1)
    }

    assert_eq!(block_on(assert_send(length("four"))), Ok(4));
    assert_eq!(*block_on(assert_send(counted())), 1);
}

#[test]
fn arguments_may_be_borrowed_and_moved() {
    struct Store {
        lines: Vec<String>,
    }

    impl Store {
        #[instrument_red]
        async fn add<'s>(&'s mut self, line: String, mut times: u32) -> &'s mut String {
            while times > 0 {
                yield_once().await;
                self.lines.push(line.clone());
                times -= 1;
            }
            self.lines.last_mut().unwrap()
        }
    }

    let mut store = Store { lines: vec![] };
    block_on(store.add("a".to_owned(), 2)).push('!');
    assert_eq!(store.lines, ["a", "a!"]);
    assert_eq!(calls(module_path!(), "add"), Calls { ok: 1, ..Calls::default() });
}

#[test]
fn the_declared_type_reaches_the_body() {
    type Read = Box<dyn Fn(u8) -> u8>;

    #[instrument_red]
    async fn reader() -> Result<Read, std::fmt::Error> {
        Ok(Box::new(|byte| byte.count_ones() as u8))
    }

    #[instrument_red]
    async fn nothing() -> Result<(), std::fmt::Error> {
        std::fmt::Write::write_str(&mut String::new(), "")?;
        Ok(())
    }

    assert_eq!(block_on(reader()).map(|read| read(1)), Ok(1));
    assert_eq!(block_on(nothing()), Ok(()));
}
