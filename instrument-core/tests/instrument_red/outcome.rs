//! `Err` is an error, a panic is a panic, whatever else is returned is a success; and nothing stays in flight.

use std::num::ParseIntError;
use std::ops::ControlFlow;
use std::panic::catch_unwind;
use std::task::Poll;

use instrument_core::{HistogramSnapshot, Outcome, Registry, instrument_red};

use crate::recorded::{Calls, calls};

#[test]
fn a_value_is_a_success() {
    #[instrument_red]
    fn double(n: u32) -> u32 {
        n * 2
    }

    assert_eq!((double(1), double(2)), (2, 4));
    assert_eq!(calls(module_path!(), "double"), Calls { ok: 2, ..Calls::default() });
}

#[test]
fn nothing_returned_is_a_success() {
    #[instrument_red]
    fn push(to: &mut Vec<u32>) {
        if to.is_empty() {
            return;
        }
        to.push(1);
    }

    push(&mut vec![]);
    push(&mut vec![0]);
    assert_eq!(calls(module_path!(), "push"), Calls { ok: 2, ..Calls::default() });
}

#[test]
fn ok_is_a_success_and_err_an_error() {
    #[instrument_red]
    fn check(n: u32) -> Result<u32, String> {
        if n > 9 { Err(format!("{n} is more than 9")) } else { Ok(n) }
    }

    assert_eq!(check(1), Ok(1));
    assert_eq!(check(10).unwrap_err(), "10 is more than 9");
    assert!(check(11).is_err());
    assert_eq!(calls(module_path!(), "check"), Calls { ok: 1, error: 2, ..Calls::default() });
}

#[test]
fn a_question_mark_that_returns_is_an_error() {
    #[instrument_red]
    fn sum(a: &str, b: &str) -> Result<u32, ParseIntError> {
        let a: u32 = a.parse()?;
        Ok(a + b.parse::<u32>()?)
    }

    assert_eq!(sum("1", "2"), Ok(3));
    assert!(sum("x", "2").is_err());
    assert!(sum("1", "x").is_err());
    assert_eq!(calls(module_path!(), "sum"), Calls { ok: 1, error: 2, ..Calls::default() });
}

#[test]
fn a_panic_goes_on_and_is_counted() {
    #[instrument_red]
    fn divide(n: u32, by: u32) -> Result<u32, String> {
        Ok(n / by)
    }

    let panic = catch_unwind(|| divide(1, 0)).unwrap_err();
    assert!(panic.downcast_ref::<&str>().unwrap().contains("divide by zero"));
    assert_eq!(calls(module_path!(), "divide"), Calls { panic: 1, ..Calls::default() });
}

#[test]
fn a_function_that_never_returns_ends_by_its_panic() {
    #[instrument_red]
    fn fail(why: &str) -> ! {
        panic!("{why}")
    }

    let panic = catch_unwind(|| fail("because")).unwrap_err();
    assert_eq!(panic.downcast_ref::<String>().unwrap(), "because");
    assert_eq!(calls(module_path!(), "fail"), Calls { panic: 1, ..Calls::default() });
}

#[test]
fn a_type_of_the_users_says_itself_what_it_is() {
    enum Answer {
        Found,
        Failed,
    }

    impl Outcome for Answer {
        fn is_error(&self) -> bool {
            matches!(self, Self::Failed)
        }
    }

    #[instrument_red]
    fn answer(fails: bool) -> Answer {
        if fails { Answer::Failed } else { Answer::Found }
    }

    for fails in [true, false, true] {
        answer(fails);
    }
    assert_eq!(calls(module_path!(), "answer"), Calls { ok: 1, error: 2, ..Calls::default() });
}

#[test]
fn what_is_within_a_value_counts_where_it_has_an_outcome() {
    #[instrument_red]
    fn next(line: Option<&str>) -> Option<Result<u32, ParseIntError>> {
        line.map(str::parse)
    }

    #[instrument_red]
    fn poll(line: &str) -> Poll<Result<u32, ParseIntError>> {
        if line.is_empty() { Poll::Pending } else { Poll::Ready(line.parse()) }
    }

    #[instrument_red]
    fn nested(line: &str) -> Result<Option<Result<u32, ParseIntError>>, ()> {
        if line == "err" { Err(()) } else { Ok(Some(line.parse())) }
    }

    for line in ["1", "x"] {
        assert_eq!(next(Some(line)).unwrap().is_ok(), matches!(poll(line), Poll::Ready(Ok(_))));
        assert!(nested(line).is_ok());
    }
    assert_eq!((next(None), poll("")), (None, Poll::Pending));
    assert!(nested("err").is_err());
    assert_eq!(calls(module_path!(), "next"), Calls { ok: 2, error: 1, ..Calls::default() });
    assert_eq!(calls(module_path!(), "poll"), Calls { ok: 2, error: 1, ..Calls::default() });
    assert_eq!(calls(module_path!(), "nested"), Calls { ok: 1, error: 2, ..Calls::default() });
}

#[test]
fn to_break_is_no_failure_unless_what_it_breaks_with_is_one() {
    #[instrument_red]
    fn find(n: u32) -> ControlFlow<u32> {
        if n > 1 { ControlFlow::Break(n) } else { ControlFlow::Continue(()) }
    }

    #[instrument_red]
    fn walk(n: u32) -> ControlFlow<Result<u32, u32>> {
        if n > 1 { ControlFlow::Break(Err(n)) } else { ControlFlow::Break(Ok(n)) }
    }

    #[instrument_red(err_if = ControlFlow::is_break)]
    fn stop(n: u32) -> ControlFlow<u32> {
        if n > 1 { ControlFlow::Break(n) } else { ControlFlow::Continue(()) }
    }

    for n in [1, 2] {
        assert!(walk(n).is_break());
        assert_eq!(stop(n), find(n));
    }
    assert_eq!(calls(module_path!(), "find"), Calls { ok: 2, ..Calls::default() });
    for function in ["walk", "stop"] {
        assert_eq!(calls(module_path!(), function), Calls { ok: 1, error: 1, ..Calls::default() });
    }
}

#[test]
fn a_call_is_in_flight_while_it_runs() {
    #[instrument_red]
    fn look() -> i64 {
        calls(module_path!(), "look").in_flight
    }

    #[instrument_red]
    fn nest(depth: u32) -> i64 {
        if depth == 0 { calls(module_path!(), "nest").in_flight } else { nest(depth - 1) }
    }

    assert_eq!(look(), 1);
    assert_eq!(nest(2), 3);
    assert_eq!(calls(module_path!(), "nest"), Calls { ok: 3, ..Calls::default() });
}

#[test]
fn the_series_of_success_and_error_are_there_from_the_first_call() {
    #[instrument_red]
    fn once() {}

    once();
    let snapshot = Registry::global().snapshot();
    let series = |outcome| {
        let labels = [("function", "once"), ("module", module_path!()), ("outcome", outcome)];
        snapshot.histogram("function_duration_seconds", &labels).map(HistogramSnapshot::count)
    };
    assert_eq!((series("ok"), series("error")), (Some(1), Some(0)));
    assert_eq!((series("panic"), series("cancelled")), (None, None));
}
