use std::ops::{Deref, DerefMut};

use crate::{InFlight, UpDownCounter};

/// A part of a resource in use, from [`Use::busy`](crate::Use::busy) to drop, on whatever thread.
///
/// ```
/// use instrument_core::{Busy, Registry, Use};
///
/// struct Connection {
///     _busy: Busy,
/// }
///
/// let pool = Use::register(&Registry::new(), "db_pool", 4)?;
/// let connection = Connection { _busy: pool.busy() };
/// assert_eq!(pool.utilization(), 0.25);
///
/// drop(connection);
/// assert_eq!(pool.utilization(), 0.0);
/// # Ok::<(), instrument_core::Error>(())
/// ```
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
///
/// ```
/// use instrument_core::{Queued, Registry, Use};
///
/// let pool = Use::register(&Registry::new(), "db_pool", 4)?;
/// let queued: Queued = pool.queued();
/// assert_eq!(pool.saturation(), 1);
///
/// drop(queued);
/// assert_eq!(pool.saturation(), 0);
/// # Ok::<(), instrument_core::Error>(())
/// ```
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
///
/// ```
/// use instrument_core::{InUse, Registry, Use};
///
/// let pool = Use::register(&Registry::new(), "buffers", 4)?;
/// let mut buffer: InUse<Vec<u8>> = pool.hold(Vec::new());
/// buffer.push(17);
/// assert_eq!(pool.utilization(), 0.25);
///
/// drop(buffer);
/// assert_eq!(pool.utilization(), 0.0);
/// # Ok::<(), instrument_core::Error>(())
/// ```
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
    ///
    /// ```
    /// use instrument_core::{Registry, Use};
    ///
    /// let pool = Use::register(&Registry::new(), "buffers", 4)?;
    /// let kept: Vec<u8> = pool.hold(vec![17]).into_inner();
    /// assert_eq!((kept[0], pool.utilization()), (17, 0.0));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
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
