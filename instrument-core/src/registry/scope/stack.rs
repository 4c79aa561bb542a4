//! The scopes that a thread is in.

use std::any::Any;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::ScopeGuard;
use crate::Registry;

/// A registry that stands in for the global one, and what was made for it.
pub(crate) struct Scope {
    registry: Registry,
    kept: Mutex<HashMap<usize, Kept>>,
}

/// Something that would be in a `static`, were it not for the scope.
type Kept = Arc<dyn Any + Send + Sync>;

/// Whether any thread of the process has ever entered a scope.
static USED: AtomicBool = AtomicBool::new(false);

thread_local! {
    static STACK: RefCell<Stack> = const { RefCell::new(Stack { entered: 0, scopes: Vec::new() }) };
}

struct Stack {
    entered: u64,
    /// The innermost last. Each has the number of its guard: guards can be dropped in any order.
    scopes: Vec<(u64, Arc<Scope>)>,
}

/// Whether there can be a scope at all. False in all processes but tests.
#[inline]
pub(crate) fn is_used() -> bool {
    // Relaxed: a thread that is in a scope has set it itself.
    USED.load(Ordering::Relaxed)
}

/// The innermost scope of this thread.
pub(crate) fn current() -> Option<Arc<Scope>> {
    if is_used() { current_of_stack() } else { None }
}

#[cold]
fn current_of_stack() -> Option<Arc<Scope>> {
    // A thread that is being torn down has no scopes any more.
    STACK.try_with(|stack| stack.borrow().scopes.last().map(|(_, scope)| Arc::clone(scope))).ok().flatten()
}

/// Takes out the scope that was entered by this number. It is returned to be dropped when the stack is no longer borrowed: it
/// may hold the last handle on a registry.
pub(super) fn leave(number: u64) -> Option<Arc<Scope>> {
    let leave = |stack: &RefCell<Stack>| {
        let scopes = &mut stack.borrow_mut().scopes;
        let index = scopes.iter().rposition(|(entered, _)| *entered == number)?;
        Some(scopes.remove(index).1)
    };
    STACK.try_with(leave).ok().flatten()
}

impl Scope {
    /// A scope of the registry that this handle stands for now.
    pub(crate) fn of(registry: &Registry) -> Arc<Self> {
        Arc::new(Self { registry: registry.clone(), kept: Mutex::default() })
    }

    pub(crate) fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Makes it the innermost scope of this thread.
    pub(crate) fn enter(self: Arc<Self>) -> ScopeGuard {
        USED.store(true, Ordering::Relaxed);
        let enter = |stack: &RefCell<Stack>| {
            let mut stack = stack.borrow_mut();
            stack.entered += 1;
            let number = stack.entered;
            stack.scopes.push((number, self));
            number
        };
        ScopeGuard::new(STACK.try_with(enter).ok())
    }

    /// What stands in, while the scope lasts, for the static at an address: made at its first use.
    pub(crate) fn kept<T: Any + Send + Sync>(
        &self,
        address: usize,
        make: impl FnOnce() -> T,
    ) -> Option<Arc<T>> {
        let lock = || self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let found = lock().get(&address).map(Arc::clone);
        let kept = match found {
            Some(kept) => kept,
            None => {
                // Made without the lock: it may ask for others. Should two threads make one, the first stays.
                let made: Kept = Arc::new(make());
                Arc::clone(lock().entry(address).or_insert(made))
            }
        };
        kept.downcast().ok()
    }
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope").field("registry", &self.registry).finish_non_exhaustive()
    }
}
