//! `stream`: a function that returns a stream is timed until the stream ends, and its items are counted.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use futures_core::Stream;
use instrument_core::{Registry, Snapshot, instrument_red};

use crate::recorded::{Calls, block_on, calls_in, yield_once};

/// What a stream gives at each poll.
pub(crate) enum Step<T> {
    Wait,
    Item(T),
    Panic,
}

/// Goes through steps and ends.
pub(crate) struct Steps<T>(VecDeque<Step<T>>);

impl<T> Steps<T> {
    fn new(steps: impl IntoIterator<Item = Step<T>>) -> Self {
        Self(steps.into_iter().collect())
    }

    pub(crate) fn items(items: impl IntoIterator<Item = T>) -> Self {
        Self::new(items.into_iter().map(Step::Item))
    }
}

impl<T: Unpin> Stream for Steps<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<T>> {
        match self.0.pop_front() {
            Some(Step::Wait) => Poll::Pending,
            Some(Step::Item(item)) => Poll::Ready(Some(item)),
            Some(Step::Panic) => panic!("as asked"),
            None => Poll::Ready(None),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.0.len()))
    }
}

/// Takes so many items of a stream, or all of them, and drops it.
fn take<S: Stream>(stream: S, most: usize) -> Vec<S::Item> {
    let mut stream = pin!(stream);
    let mut items = Vec::new();
    while items.len() < most {
        match stream.as_mut().poll_next(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Some(item)) => items.push(item),
            Poll::Ready(None) => break,
            Poll::Pending => {}
        }
    }
    items
}

pub(crate) fn collect<S: Stream>(stream: S) -> Vec<S::Item> {
    take(stream, usize::MAX)
}

fn recorded(snapshot: &Snapshot, function: &str, own: &[(&str, &str)]) -> (Calls, Option<u64>) {
    let labels = [&[("function", function), ("module", module_path!())], own].concat();
    (calls_in(snapshot, "function", &labels), snapshot.counter("function_items_total", &labels))
}

#[test]
fn a_stream_that_ends_is_ok_and_one_that_is_dropped_cancelled() {
    #[instrument_red(stream)]
    fn count(to: u8) -> impl Stream<Item = u8> + Send {
        Steps::new((0..to).flat_map(|n| [Step::Wait, Step::Item(n)]))
    }

    let registry = Registry::new();
    let _scope = registry.enter_scope();
    assert_eq!(count(3).size_hint(), (0, Some(6)));
    drop(count(3));
    assert_eq!(recorded(&registry.snapshot(), "count", &[]), (Calls::default(), Some(0)), "never polled");
    assert_eq!(collect(count(3)), [0, 1, 2]);
    assert_eq!(take(count(3), 1), [0]);
    let calls = Calls { ok: 1, cancelled: 1, ..Calls::default() };
    assert_eq!(recorded(&registry.snapshot(), "count", &[]), (calls, Some(4)));
}

#[test]
fn it_is_in_flight_from_the_first_poll_to_the_end() {
    #[instrument_red(stream)]
    fn look(registry: Registry) -> impl Stream<Item = i64> {
        struct Look(Registry);

        impl Stream for Look {
            type Item = i64;

            fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<i64>> {
                Poll::Ready(Some(recorded(&self.0.snapshot(), "look", &[]).0.in_flight))
            }
        }

        Look(registry)
    }

    let registry = Registry::new();
    let _scope = registry.enter_scope();
    let (first, _second) = (look(registry.clone()), look(registry.clone()));
    assert_eq!(take(first, 2), [1, 1]);
    assert_eq!(recorded(&registry.snapshot(), "look", &[]).0.in_flight, 0);
}

#[test]
fn an_item_that_is_an_error_makes_the_call_one_whether_or_not_the_rest_is_taken() {
    #[instrument_red(stream)]
    fn lines(fails: bool) -> impl Stream<Item = Result<u8, String>> {
        Steps::items([Ok(1), if fails { Err("broken".to_owned()) } else { Ok(2) }, Ok(3)])
    }

    #[instrument_red(stream, err_if = |n| *n > 2)]
    fn numbers() -> impl Stream<Item = u8> {
        Steps::items([1, 2, 3])
    }

    let registry = Registry::new();
    let _scope = registry.enter_scope();
    assert_eq!(collect(lines(false)).len(), 3);
    assert_eq!(collect(lines(true)).len(), 3);
    assert_eq!(take(lines(true), 2).len(), 2);
    assert_eq!(take(lines(true), 1).len(), 1);
    assert_eq!(take(numbers(), 3), [1, 2, 3]);
    let snapshot = registry.snapshot();
    let calls = Calls { ok: 1, error: 2, cancelled: 1, ..Calls::default() };
    assert_eq!(recorded(&snapshot, "lines", &[]), (calls, Some(9)));
    assert_eq!(recorded(&snapshot, "numbers", &[]), (Calls { error: 1, ..Calls::default() }, Some(3)));
}

#[test]
fn a_panic_in_a_poll_is_counted() {
    #[instrument_red(stream)]
    fn fail() -> impl Stream<Item = u8> {
        Steps::new([Step::Item(1), Step::Panic])
    }

    let registry = Registry::new();
    let _scope = registry.enter_scope();
    assert!(catch_unwind(AssertUnwindSafe(|| collect(fail()))).is_err());
    let calls = Calls { panic: 1, ..Calls::default() };
    assert_eq!(recorded(&registry.snapshot(), "fail", &[]), (calls, Some(1)));
}

struct Store {
    words: Vec<String>,
}

impl Store {
    #[instrument_red(stream, labels(prefix = prefix))]
    fn boxed<'s>(&'s self, prefix: &str) -> Pin<Box<dyn Stream<Item = &'s str> + Send + 's>> {
        if prefix.is_empty() {
            return Box::pin(Steps::items([]));
        }
        let words: Vec<&str> =
            self.words.iter().map(String::as_str).filter(|word| word.starts_with(prefix)).collect();
        Box::pin(Steps::items(words))
    }

    #[instrument_red(stream)]
    async fn later(&self) -> impl Stream<Item = usize> + use<> {
        yield_once().await;
        Steps::items([self.words.len()])
    }
}

#[test]
fn boxes_methods_labels_and_async_functions_work() {
    let store = Store { words: vec!["to".to_owned(), "be".to_owned(), "bee".to_owned()] };
    let registry = Registry::new();
    let _scope = registry.enter_scope();
    assert_eq!(collect(store.boxed("b")), ["be", "bee"]);
    assert!(collect(store.boxed("")).is_empty());
    assert_eq!(collect(block_on(store.later())), [3]);
    let snapshot = registry.snapshot();
    let ok = || Calls { ok: 1, ..Calls::default() };
    assert_eq!(recorded(&snapshot, "boxed", &[("prefix", "b")]), (ok(), Some(2)));
    assert_eq!(recorded(&snapshot, "boxed", &[]), (ok(), Some(0)));
    assert_eq!(recorded(&snapshot, "later", &[]), (ok(), Some(1)));
}

#[test]
fn on_a_block_it_is_for_the_functions_with_a_stream() {
    struct Quotes;

    #[instrument_red(stream)]
    impl Quotes {
        fn all() -> impl Stream<Item = u8> {
            Steps::items([1, 2])
        }

        fn first() -> u8 {
            1
        }
    }

    let _ = (collect(Quotes::all()), Quotes::first());
    let snapshot = Registry::global().snapshot();
    let ok = || Calls { ok: 1, ..Calls::default() };
    assert_eq!(recorded(&snapshot, "all", &[]), (ok(), Some(2)));
    assert_eq!(recorded(&snapshot, "first", &[]), (ok(), None));
}
