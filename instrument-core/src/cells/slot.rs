//! A place for the last of something: any thread puts, without waiting; a reader copies what is there.

use std::fmt;

use crate::sync::{AtomicPtr, Mutex, MutexGuard, Ordering, const_fn};

/// Holds the `T` that was put last.
pub(crate) struct Slot<T> {
    /// Null, or a box that belongs to whoever takes it out (invariant 8).
    last: AtomicPtr<T>,
}

impl<T: Clone + Send> Slot<T> {
    const_fn! {
        /// A slot with nothing in it. It moves what is put from thread to thread, hence `Send`.
        pub(crate) const fn new() -> Self {
            Self { last: AtomicPtr::new(std::ptr::null_mut()) }
        }
    }

    /// Puts something in the place of what was there. It takes no lock and does not wait for readers.
    pub(crate) fn put(&self, value: T) {
        let new = Box::into_raw(Box::new(value));
        // Release: whoever takes it out sees it whole. Acquire: so does this thread, which drops what was there.
        free(self.last.swap(new, Ordering::AcqRel));
    }

    /// A copy of what was put last. Readers take turns, or one could find nothing where another is just copying.
    pub(crate) fn read(&self, _turn: &Turn<'_>) -> Option<T> {
        // Nobody can drop it while it is out. Acquire: it is seen whole.
        let out = self.last.swap(std::ptr::null_mut(), Ordering::Acquire);
        // SAFETY: null, or a box that this thread has taken out and nobody else can reach (invariant 8).
        let copy = unsafe { out.as_ref() }?.clone();
        // Release: what drops it comes after this thread has copied it. Relaxed on failure: what was put meanwhile is left alone.
        if self
            .last
            .compare_exchange(std::ptr::null_mut(), out, Ordering::Release, Ordering::Relaxed)
            .is_err()
        {
            free(out);
        }
        Some(copy)
    }
}

/// Drops what has been taken out of a slot.
fn free<T>(out: *mut T) {
    if !out.is_null() {
        // SAFETY: it came from `Box::into_raw`, and the caller has taken it out of its slot (invariant 8).
        drop(unsafe { Box::from_raw(out) });
    }
}

impl<T> Drop for Slot<T> {
    fn drop(&mut self) {
        // Relaxed: `&mut self` says that all that was done with the slot came before.
        free(self.last.swap(std::ptr::null_mut(), Ordering::Relaxed));
    }
}

impl<T> fmt::Debug for Slot<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot").finish_non_exhaustive()
    }
}

/// Whose turn it is to read slots.
pub(crate) struct Turns(Mutex<()>);

/// The right to read slots.
pub(crate) struct Turn<'a> {
    _guard: MutexGuard<'a, ()>,
}

impl Turns {
    const_fn! {
        pub(crate) const fn new() -> Self {
            Self(Mutex::new(()))
        }
    }

    /// Waits for the other readers.
    pub(crate) fn take(&self) -> Turn<'_> {
        Turn { _guard: self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) }
    }
}
