use std::fmt;
use std::marker::PhantomData;

use super::stack;

/// Ends a scope of this thread when it is dropped. See [`Registry::enter_scope`](crate::Registry::enter_scope).
///
/// Guards can be dropped in any order: each ends its own scope, and the innermost that is left holds.
///
/// ```
/// use instrument_core::{Registry, ScopeGuard};
///
/// /// What each test of a module begins with.
/// struct Fixture {
///     registry: Registry,
///     _scope: ScopeGuard,
/// }
///
/// let registry = Registry::new();
/// let fixture = Fixture { _scope: registry.enter_scope(), registry };
/// Registry::global().counter("jobs", "Jobs run.").register()?.inc();
/// assert_eq!(fixture.registry.snapshot().counter("jobs", &[]), Some(1));
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[must_use = "a scope ends when its guard is dropped"]
pub struct ScopeGuard {
    /// Nothing where there is no scope to leave.
    number: Option<u64>,
    /// It belongs to a thread.
    not_send: PhantomData<*const ()>,
}

impl ScopeGuard {
    pub(super) fn new(number: Option<u64>) -> Self {
        Self { number, not_send: PhantomData }
    }

    /// Leaves the scope to last as long as the thread.
    pub(super) fn keep(mut self) {
        self.number = None;
    }
}

impl Drop for ScopeGuard {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            drop(stack::leave(number));
        }
    }
}

impl fmt::Debug for ScopeGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScopeGuard").finish_non_exhaustive()
    }
}
