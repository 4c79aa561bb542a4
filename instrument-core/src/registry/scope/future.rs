use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::Scope;

/// A future in a scope wherever it is polled and dropped. See [`Registry::scope_future`](crate::Registry::scope_future).
///
/// ```
/// use instrument_core::{Registry, ScopedFuture};
///
/// async fn work() {
///     let jobs = Registry::global().counter("jobs", "Jobs run.").register();
///     jobs.expect("the name is good").inc();
/// }
///
/// let registry = Registry::new();
/// let scoped: ScopedFuture<_> = registry.scope_future(work());
/// # let mut scoped = Box::pin(scoped);
/// # assert!(scoped.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop())).is_ready());
/// // Once it was awaited:
/// assert_eq!(registry.snapshot().counter("jobs", &[]), Some(1));
/// ```
#[must_use = "a future does nothing unless it is awaited"]
pub struct ScopedFuture<F> {
    scope: Arc<Scope>,
    /// Boxed, so that pinning it takes no `unsafe`; an allocation more is nothing to a test. Nothing once it is dropped.
    future: Option<Pin<Box<F>>>,
}

impl<F: Future> ScopedFuture<F> {
    pub(super) fn new(scope: Arc<Scope>, future: F) -> Self {
        Self { scope, future: Some(Box::pin(future)) }
    }
}

impl<F: Future> Future for ScopedFuture<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let Self { scope, future } = self.get_mut();
        let _scope = Arc::clone(scope).enter();
        match future {
            Some(future) => future.as_mut().poll(context),
            None => Poll::Pending, // only `drop` takes it out
        }
    }
}

impl<F> Drop for ScopedFuture<F> {
    fn drop(&mut self) {
        let _scope = Arc::clone(&self.scope).enter();
        self.future = None;
    }
}

impl<F> fmt::Debug for ScopedFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScopedFuture").field("scope", &self.scope).finish_non_exhaustive()
    }
}
