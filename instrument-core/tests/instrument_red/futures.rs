//! A function that returns a future is timed as an `async fn`: from the first poll to the end.

use std::pin::Pin;

use async_trait::async_trait;
use instrument_core::instrument_red;

use crate::recorded::{Calls, block_on, calls, calls_in, poll_once_and_drop, yield_once};

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

fn check(n: u32) -> Result<u32, u32> {
    if n > 9 { Err(n) } else { Ok(n) }
}

/// Runs each of the ways that a future can end, and asserts what they have recorded.
fn assert_timed<F: Future<Output = Result<u32, u32>> + Send>(function: &str, make: impl Fn(u32) -> F) {
    drop(make(1));
    assert_eq!(calls(module_path!(), function), Calls::default(), "never polled");
    assert_eq!(block_on(make(1)), Ok(1));
    assert_eq!(block_on(make(10)), Err(10));
    poll_once_and_drop(make(2));
    assert_eq!(calls(module_path!(), function), Calls { ok: 1, error: 1, cancelled: 1, ..Calls::default() });
}

#[test]
fn an_async_block_at_the_end_of_the_body() {
    #[instrument_red]
    fn plain(n: u32) -> impl Future<Output = Result<u32, u32>> + Send {
        let doubled = n * 2;
        async move {
            yield_once().await;
            check(doubled / 2)
        }
    }

    #[expect(clippy::manual_async_fn, reason = "what is tested")]
    #[instrument_red]
    fn borrowing(n: &u32) -> impl Future<Output = Result<u32, u32>> {
        async {
            yield_once().await;
            check(*n)
        }
    }

    #[instrument_red]
    fn boxed<'a>(n: u32) -> Pin<Box<dyn Future<Output = Result<u32, u32>> + Send + 'a>> {
        Box::pin(async move {
            yield_once().await;
            let n = check(n)?;
            Ok(n)
        })
    }

    assert_timed("plain", plain);
    assert_timed("borrowing", |n| borrowing(Box::leak(Box::new(n))));
    assert_timed("boxed", boxed);
}

#[test]
fn a_future_from_elsewhere() {
    async fn later(n: u32) -> Result<u32, u32> {
        yield_once().await;
        check(n)
    }

    #[instrument_red]
    fn handed_on(n: u32) -> impl Future<Output = Result<u32, u32>> {
        later(n)
    }

    #[instrument_red]
    fn boxed_early(n: u32) -> Pin<Box<dyn Future<Output = Result<u32, u32>> + Send>> {
        if n > 1 {
            return Box::pin(later(n));
        }
        Box::pin(async move { later(n).await })
    }

    assert_timed("handed_on", handed_on);
    assert_timed("boxed_early", boxed_early);
}

#[test]
fn labels_and_conditions_are_those_of_the_future() {
    #[instrument_red(name = "labelled_future", labels(text = text), err_if = |n| *n == 0)]
    fn labelled(text: &str) -> Pin<Box<dyn Future<Output = usize> + '_>> {
        Box::pin(async move {
            yield_once().await;
            text.len()
        })
    }

    assert_eq!(block_on(async { labelled("").await + labelled("two").await }), 3);
    let snapshot = instrument_core::Registry::global().snapshot();
    let calls = |text| {
        let labels = [("function", "labelled"), ("module", module_path!()), ("text", text)];
        calls_in(&snapshot, "labelled_future", &labels)
    };
    assert_eq!(calls(""), Calls { error: 1, ..Calls::default() });
    assert_eq!(calls("two"), Calls { ok: 1, ..Calls::default() });
}

#[test]
fn another_type_that_holds_a_future_is_a_value() {
    #[instrument_red]
    fn aliased(n: u32) -> Boxed<'static, u32> {
        Box::pin(async move { n })
    }

    drop(aliased(1));
    assert_eq!(calls(module_path!(), "aliased"), Calls { ok: 1, ..Calls::default() });
}

#[async_trait]
trait Fetch: Sync {
    async fn below(&self, n: u32) -> Result<u32, u32>;

    #[instrument_red(labels(id = self.id()))]
    async fn by_default(&self, n: &u32) -> Result<u32, u32> {
        yield_once().await;
        self.below(*n).await
    }

    fn id(&self) -> u8;
}

struct Below;

#[async_trait]
impl Fetch for Below {
    #[instrument_red]
    async fn below(&self, mut n: u32) -> Result<u32, u32> {
        n += u32::from(self.id());
        yield_once().await;
        let n = check(n - 7)?;
        Ok(n)
    }

    fn id(&self) -> u8 {
        7
    }
}

#[test]
fn async_trait_boxes_what_is_timed() {
    assert_timed("below", |n| Below.below(n));

    assert_eq!(block_on(Below.by_default(&1)), Ok(1));
    let snapshot = instrument_core::Registry::global().snapshot();
    let labels = [("function", "by_default"), ("module", module_path!()), ("id", "7")];
    assert_eq!(calls_in(&snapshot, "function", &labels), Calls { ok: 1, ..Calls::default() });
}
