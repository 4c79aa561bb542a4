//! Scopes: registries that stand in for the global one, on a thread for a while.
//!
//! A thread has a stack of scopes, and [`Registry::global`] stands for the innermost. Until the first scope of the process is
//! entered, all that is asked is one flag.

mod future;
mod guard;
#[cfg(feature = "tokio")]
mod runtime;
mod stack;

pub use self::future::ScopedFuture;
pub use self::guard::ScopeGuard;
pub(crate) use self::stack::{Scope, current, is_used};

use super::Registry;

/// Tests have a "global" registry of their own.
impl Registry {
    /// Runs a closure during which [`Registry::global`] is this registry, on this thread.
    ///
    /// All that asks for the global registry while the closure runs gets this one: registrations, snapshots, functions under
    /// [`#[instrument_red]`](macro@crate::instrument_red), however deep they are called. So tests that run side by side in one process see
    /// their own numbers alone, and may look at them exactly.
    ///
    /// ```
    /// use instrument_core::{Registry, instrument_red};
    ///
    /// #[instrument_red]
    /// fn parse(text: &str) -> Result<u32, std::num::ParseIntError> {
    ///     text.parse()
    /// }
    ///
    /// let registry = Registry::new();
    /// let parsed = registry.scope(|| parse("17"));
    ///
    /// assert_eq!(parsed, Ok(17));
    /// let labels = [("function", "parse"), ("module", module_path!()), ("outcome", "ok")];
    /// assert_eq!(registry.snapshot().histogram("function_duration_seconds", &labels).unwrap().count(), 1);
    /// assert!(Registry::global().snapshot().families().is_empty());
    /// ```
    ///
    /// Scopes nest: the innermost holds, and when it ends, also by a panic, the one around it holds again. For futures there is
    /// [`scope_future`](Self::scope_future).
    ///
    /// # What is decided when
    ///
    /// Each use of the reference that [`Registry::global`] gives looks for the scope anew. A clone of it is a handle on the registry that it
    /// stood for when it was cloned; a metric, a family, a span, a server or an exporter stays with the registry that it was made
    /// in. So metrics that a program keeps in a `static` are those of whoever came first: have a test make its own.
    ///
    /// A thread that is started within a scope begins outside of it. Hand it a clone of the registry, and let it enter a scope itself.
    ///
    /// # Cost
    ///
    /// A call of an instrumented function within a scope takes a lock and a look-up, which are for tests. In a process that has never entered one
    /// it is a flag that is read, and a branch that is never taken.
    pub fn scope<R>(&self, run: impl FnOnce() -> R) -> R {
        let _scope = self.enter_scope();
        run()
    }

    /// Begins a scope that lasts until the guard is dropped: [`scope`](Self::scope) without a closure.
    ///
    /// On a runtime of one thread it covers tasks as well, as they run on the thread that waits for the runtime: in a
    /// `#[tokio::test]`, say, which has such a runtime unless it asks for another.
    ///
    /// ```
    /// use instrument_core::Registry;
    ///
    /// let registry = Registry::new();
    /// let scope = registry.enter_scope();
    /// Registry::global().counter("jobs", "Jobs run.").register()?.inc();
    /// drop(scope);
    ///
    /// assert_eq!(registry.snapshot().counter("jobs_total", &[]), Some(1));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn enter_scope(&self) -> ScopeGuard {
        Scope::of(self).enter()
    }

    /// A future during whose polls, and whose drop, [`Registry::global`] is this registry, on whatever thread that is.
    ///
    /// What the future awaits is part of it; a task that it spawns is not, and can be given a scope in the same way.
    ///
    /// ```
    /// use instrument_core::{Registry, instrument_red};
    ///
    /// #[instrument_red]
    /// async fn greet() -> String {
    ///     "Hello".to_owned()
    /// }
    ///
    /// let registry = Registry::new();
    /// let mut greeting = Box::pin(registry.scope_future(greet()));
    /// # let waker = std::task::Waker::noop();
    /// # assert!(greeting.as_mut().poll(&mut std::task::Context::from_waker(waker)).is_ready());
    /// // Once it was awaited:
    /// let labels = [("function", "greet"), ("module", module_path!()), ("outcome", "ok")];
    /// assert_eq!(registry.snapshot().histogram("function_duration_seconds", &labels).unwrap().count(), 1);
    /// ```
    pub fn scope_future<F: Future>(&self, future: F) -> ScopedFuture<F> {
        ScopedFuture::new(Scope::of(self), future)
    }

    /// Has [`Registry::global`] be this registry on this thread until the thread ends.
    ///
    /// It is for threads that belong to a test as a whole, such as those of a pool, and is called from the hook that runs when one starts.
    ///
    /// ```
    /// use instrument_core::Registry;
    ///
    /// let registry = Registry::new();
    /// let worker = std::thread::spawn({
    ///     let registry = registry.clone();
    ///     move || {
    ///         registry.scope_thread();
    ///         Registry::global().counter("jobs", "Jobs run.").register().map(|jobs| jobs.inc())
    ///     }
    /// });
    ///
    /// worker.join().unwrap()?;
    /// assert_eq!(registry.snapshot().counter("jobs_total", &[]), Some(1));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn scope_thread(&self) {
        self.enter_scope().keep();
    }
}
