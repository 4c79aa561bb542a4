use std::fmt;

use super::utilization::Utilization;
use super::{Busy, InUse, Queued, UseBuilder};
use crate::{Counter, Error, Registry, UpDownCounter};

/// Utilization, saturation and errors of a resource: a pool, a semaphore, a queue of bounded length.
///
/// `Use::register(&registry, "db_pool", 10)` makes `db_pool_utilization_ratio`, a gauge from 0 to 1 that is computed when it is read,
/// `db_pool_saturation`, an up-down counter of those who wait, and `db_pool_errors_total`.
///
/// ```
/// use instrument_core::{Registry, Use};
///
/// let registry = Registry::new();
/// let pool = Use::register(&registry, "db_pool", 4)?;
///
/// let queued = pool.queued();
/// // ... wait for a connection ...
/// drop(queued);
/// let busy = pool.busy();
/// assert_eq!((pool.capacity(), pool.utilization(), pool.saturation()), (4, 0.25, 0));
///
/// let snapshot = registry.snapshot();
/// assert_eq!(snapshot.gauge("db_pool_utilization_ratio", &[]), Some(0.25));
/// assert_eq!(snapshot.up_down_counter("db_pool_saturation", &[]), Some(0));
/// assert_eq!(snapshot.counter("db_pool_errors_total", &[]), Some(0));
///
/// drop(busy);
/// assert_eq!(registry.snapshot().gauge("db_pool_utilization_ratio", &[]), Some(0.0));
/// # Ok::<(), instrument_core::Error>(())
/// ```
///
/// [`acquire`](Self::acquire) does all of that around the future of any pool. With the feature `tokio` there are a semaphore and a channel that do it
/// by themselves.
///
/// A clone is another handle on the same resource. The guards cost what those of an [`UpDownCounter`] do: no lock, and no
/// memory that threads share.
///
/// # Method
///
/// The method is Brendan Gregg's, <https://www.brendangregg.com/usemethod.html>: for every resource, look at the share of it that is busy, at the
/// work that has to wait for it, and at its errors.
#[derive(Clone)]
pub struct Use {
    utilization: Utilization,
    saturation: UpDownCounter,
    errors: Counter,
}

impl Use {
    /// Registers the three metrics of a resource, or gives those that have the same names and shapes. The capacity is in whatever is counted:
    /// connections, permits, places of a queue.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    #[track_caller]
    pub fn register(registry: &Registry, name: &str, capacity: usize) -> Result<Self, Error> {
        Self::builder(name).register(registry, capacity)
    }

    /// Sets up a `Use` with a help text of your own, or several that are told apart by labels.
    ///
    /// ```
    /// use instrument_core::{Registry, Use};
    ///
    /// let registry = Registry::new();
    /// let pool = Use::builder("db_pool").help("Connections to the database.").register(&registry, 10)?;
    /// assert_eq!(pool.capacity(), 10);
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[track_caller]
    pub fn builder(name: &str) -> UseBuilder<'_> {
        UseBuilder::new(name)
    }

    pub(super) fn new(utilization: Utilization, saturation: UpDownCounter, errors: Counter) -> Self {
        Self { utilization, saturation, errors }
    }

    /// Takes one of the resource into use until the guard is dropped.
    #[inline]
    pub fn busy(&self) -> Busy {
        self.busy_many(1)
    }

    /// Takes several of the resource into use until the guard is dropped.
    ///
    /// ```
    /// use instrument_core::{Registry, Use};
    ///
    /// let memory = Use::register(&Registry::new(), "cache_memory", 1_000)?;
    /// let _block = memory.busy_many(250);
    /// assert_eq!(memory.utilization(), 0.25);
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[inline]
    pub fn busy_many(&self, units: usize) -> Busy {
        Busy::new(self.utilization.busy(), units)
    }

    /// Counts one that waits for the resource until the guard is dropped.
    #[inline]
    pub fn queued(&self) -> Queued {
        Queued::new(&self.saturation)
    }

    /// Counts an error of the resource.
    ///
    /// ```
    /// use instrument_core::{Registry, Use};
    ///
    /// let registry = Registry::new();
    /// let pool = Use::register(&registry, "db_pool", 4)?;
    /// pool.error(); // a connection that could not be opened, say
    /// assert_eq!(registry.snapshot().counter("db_pool_errors_total", &[]), Some(1));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[inline]
    pub fn error(&self) {
        self.errors.inc();
    }

    /// Takes one of the resource into use for as long as a value lives.
    ///
    /// ```
    /// use instrument_core::{Registry, Use};
    ///
    /// let pool = Use::register(&Registry::new(), "buffers", 2)?;
    /// let buffer = pool.hold(vec![0_u8; 1024]);
    /// assert_eq!((buffer.len(), pool.utilization()), (1024, 0.5));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[inline]
    pub fn hold<T>(&self, value: T) -> InUse<T> {
        InUse::new(value, self.busy())
    }

    /// Says how much of the resource there is from now on.
    ///
    /// Where there is less than is in use, or none at all, utilization is 1 until what is too much is given back.
    ///
    /// ```
    /// use instrument_core::{Registry, Use};
    ///
    /// let pool = Use::register(&Registry::new(), "db_pool", 2)?;
    /// let _busy = pool.busy();
    /// pool.set_capacity(10);
    /// assert_eq!((pool.capacity(), pool.utilization()), (10, 0.1));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn set_capacity(&self, capacity: usize) {
        self.utilization.set_capacity(capacity);
    }

    /// How much of the resource there is.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.utilization.capacity()
    }

    /// The share of the resource that is in use, from 0 to 1. As [`UpDownCounter::get`], for tests and decisions, not for hot paths.
    #[must_use]
    pub fn utilization(&self) -> f64 {
        self.utilization.get()
    }

    /// How many wait for the resource. As [`UpDownCounter::get`], for tests and decisions, not for hot paths.
    #[must_use]
    pub fn saturation(&self) -> i64 {
        self.saturation.get()
    }

    #[cfg(feature = "tokio")]
    pub(super) fn resized(&self) -> &Utilization {
        &self.utilization
    }
}

impl fmt::Debug for Use {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Use").field("capacity", &self.capacity()).finish_non_exhaustive()
    }
}
