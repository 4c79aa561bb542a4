use std::ops::{Deref, DerefMut};

use crate::{InFlight, UpDownCounter};

/// A part of a resource in use, from [`Use::busy`](crate::Use::busy) to drop, on whatever thread.
#[derive(Debug)]
#[must_use = "the resource is free again when the guard is dropped"]
pub struct Busy {
    counter: UpDownCounter,
    units: i64,
}

impl Busy {
    #[inline]
    pub(super) fn new(counter: &UpDownCounter, units: usize) -> Self {
        let units = i64::try_from(units).unwrap_or(i64::MAX);
        counter.add(units);
        Self { counter: counter.clone(), units }
    }
}

impl Drop for Busy {
    #[inline]
    fn drop(&mut self) {
        self.counter.add(-self.units);
    }
}

/// One that waits for a resource, from [`Use::queued`](crate::Use::queued) to drop, on whatever thread.
#[derive(Debug)]
#[must_use = "the wait is over when the guard is dropped"]
pub struct Queued {
    _waiting: InFlight,
}

impl Queued {
    #[inline]
    pub(super) fn new(counter: &UpDownCounter) -> Self {
        Self { _waiting: counter.track() }
    }
}

/// A value that stands for a part of a resource, as a pooled connection or a permit does: that part is in use until it is dropped.
///
/// Made by [`Use::acquire`](crate::Use::acquire) and [`Use::hold`](crate::Use::hold). It dereferences to the value.
#[derive(Debug)]
#[must_use = "the resource is free again when the value is dropped"]
pub struct InUse<T> {
    /// Dropped first, so that what is given back is not counted as free before it is.
    value: T,
    _busy: Busy,
}

impl<T> InUse<T> {
    pub(super) fn new(value: T, busy: Busy) -> Self {
        Self { value, _busy: busy }
    }

    /// The value, which from now on no longer counts as in use.
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for InUse<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for InUse<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}
