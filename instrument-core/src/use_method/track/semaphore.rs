use std::sync::Arc;

use tokio::sync::{AcquireError, OwnedSemaphorePermit, SemaphorePermit, TryAcquireError};

use crate::{Busy, Use};

/// A semaphore of tokio's that says how many of its permits are in use, how many wait for one, and how often it was found closed.
///
/// A clone is another handle on the same semaphore. An acquisition that is given up leaves nobody queued.
///
/// ```
/// use instrument_core::{Registry, Use, track};
///
/// let registry = Registry::new();
/// let uploads = track::Semaphore::new(Use::register(&registry, "uploads", 4)?);
///
/// let permit = uploads.try_acquire()?;
/// assert_eq!(registry.snapshot().gauge("uploads_utilization_ratio", &[]), Some(0.25));
/// drop(permit);
///
/// uploads.add_permits(4);
/// assert_eq!((uploads.available_permits(), uploads.usage().capacity()), (8, 8));
/// assert_eq!(uploads.forget_permits(2), 2);
/// assert_eq!(uploads.usage().capacity(), 6);
///
/// uploads.close();
/// assert!(uploads.is_closed() && uploads.try_acquire().is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Semaphore {
    semaphore: Arc<tokio::sync::Semaphore>,
    usage: Use,
}

impl Semaphore {
    /// A semaphore with as many permits as the resource has capacity; at most [`MAX_PERMITS`](tokio::sync::Semaphore::MAX_PERMITS).
    #[must_use]
    pub fn new(usage: Use) -> Self {
        let permits = usage.capacity().min(tokio::sync::Semaphore::MAX_PERMITS);
        Self::around(Arc::new(tokio::sync::Semaphore::new(permits)), usage)
    }

    /// Keeps the use of a semaphore that there is already. What is acquired past this handle does not count.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use instrument_core::{Registry, Use, track};
    ///
    /// let there_is = Arc::new(tokio::sync::Semaphore::new(4));
    /// let uploads = track::Semaphore::around(Arc::clone(&there_is), Use::register(&Registry::new(), "uploads", 4)?);
    /// let _permit = uploads.try_acquire()?;
    /// assert_eq!((there_is.available_permits(), uploads.usage().utilization()), (3, 0.25));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn around(semaphore: Arc<tokio::sync::Semaphore>, usage: Use) -> Self {
        Self { semaphore, usage }
    }

    /// Acquires a permit: as tokio's [`acquire`](tokio::sync::Semaphore::acquire).
    ///
    /// ```
    /// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    /// # runtime.block_on(async {
    /// use instrument_core::{Registry, Use, track};
    ///
    /// let uploads = track::Semaphore::new(Use::register(&Registry::new(), "uploads", 4)?);
    /// let permit = uploads.acquire().await?;
    /// assert_eq!((permit.num_permits(), uploads.usage().utilization()), (1, 0.25));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// When the semaphore is closed, which counts as an error of the resource.
    pub async fn acquire(&self) -> Result<Permit<'_>, AcquireError> {
        self.acquire_many(1).await
    }

    /// Acquires several permits at once: as tokio's [`acquire_many`](tokio::sync::Semaphore::acquire_many).
    ///
    /// ```
    /// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    /// # runtime.block_on(async {
    /// use instrument_core::{Registry, Use, track};
    ///
    /// let uploads = track::Semaphore::new(Use::register(&Registry::new(), "uploads", 4)?);
    /// let permits = uploads.acquire_many(2).await?;
    /// assert_eq!((permits.num_permits(), uploads.usage().utilization()), (2, 0.5));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`acquire`](Self::acquire).
    pub async fn acquire_many(&self, permits: u32) -> Result<Permit<'_>, AcquireError> {
        let acquired = self.usage.wait(self.semaphore.acquire_many(permits)).await;
        self.seen(acquired.is_err());
        Ok(Permit { permit: acquired?, _busy: self.usage.busy_many(permits as usize) })
    }

    /// Acquires a permit that can be kept: as tokio's [`acquire_owned`](tokio::sync::Semaphore::acquire_owned).
    ///
    /// ```
    /// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    /// # runtime.block_on(async {
    /// use instrument_core::{Registry, Use, track};
    ///
    /// let uploads = track::Semaphore::new(Use::register(&Registry::new(), "uploads", 4)?);
    /// let permit = uploads.acquire_owned().await?;
    /// let task = tokio::spawn(async move { permit.num_permits() });
    /// assert_eq!(task.await?, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`acquire`](Self::acquire).
    pub async fn acquire_owned(&self) -> Result<OwnedPermit, AcquireError> {
        self.acquire_many_owned(1).await
    }

    /// Acquires several permits that can be kept: as tokio's [`acquire_many_owned`](tokio::sync::Semaphore::acquire_many_owned).
    ///
    /// ```
    /// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    /// # runtime.block_on(async {
    /// use instrument_core::{Registry, Use, track};
    ///
    /// let uploads = track::Semaphore::new(Use::register(&Registry::new(), "uploads", 4)?);
    /// let permits = uploads.acquire_many_owned(3).await?;
    /// assert_eq!((permits.num_permits(), uploads.available_permits()), (3, 1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`acquire`](Self::acquire).
    pub async fn acquire_many_owned(&self, permits: u32) -> Result<OwnedPermit, AcquireError> {
        let semaphore = Arc::clone(&self.semaphore);
        let acquired = self.usage.wait(semaphore.acquire_many_owned(permits)).await;
        self.seen(acquired.is_err());
        Ok(OwnedPermit { permit: acquired?, _busy: self.usage.busy_many(permits as usize) })
    }

    /// Acquires a permit if there is one now: as tokio's [`try_acquire`](tokio::sync::Semaphore::try_acquire).
    ///
    /// # Errors
    ///
    /// When there is none, or when the semaphore is closed: only this counts as an error of the resource.
    pub fn try_acquire(&self) -> Result<Permit<'_>, TryAcquireError> {
        let acquired = self.semaphore.try_acquire();
        self.seen(matches!(acquired, Err(TryAcquireError::Closed)));
        Ok(Permit { permit: acquired?, _busy: self.usage.busy() })
    }

    /// Acquires a permit that can be kept if there is one now: as tokio's [`try_acquire_owned`](tokio::sync::Semaphore::try_acquire_owned).
    ///
    /// ```
    /// use instrument_core::{Registry, Use, track};
    ///
    /// let uploads = track::Semaphore::new(Use::register(&Registry::new(), "uploads", 1)?);
    /// let _permit = uploads.try_acquire_owned()?;
    /// assert!(uploads.try_acquire_owned().is_err()); // there is no other
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`try_acquire`](Self::try_acquire).
    pub fn try_acquire_owned(&self) -> Result<OwnedPermit, TryAcquireError> {
        let acquired = Arc::clone(&self.semaphore).try_acquire_owned();
        self.seen(matches!(acquired, Err(TryAcquireError::Closed)));
        Ok(OwnedPermit { permit: acquired?, _busy: self.usage.busy() })
    }

    fn seen(&self, is_closed: bool) {
        if is_closed {
            self.usage.error();
        }
    }

    /// Adds permits, and as much to the capacity: as tokio's [`add_permits`](tokio::sync::Semaphore::add_permits).
    ///
    /// It never adds more than make [`MAX_PERMITS`](tokio::sync::Semaphore::MAX_PERMITS) with those that there are.
    pub fn add_permits(&self, permits: usize) {
        let there_are = self.usage.capacity().max(self.available_permits());
        let permits = permits.min(tokio::sync::Semaphore::MAX_PERMITS.saturating_sub(there_are));
        self.usage.resized().grow(permits);
        self.semaphore.add_permits(permits);
    }

    /// Takes away up to so many free permits, and as much of the capacity; says how many.
    ///
    /// As tokio's [`forget_permits`](tokio::sync::Semaphore::forget_permits).
    pub fn forget_permits(&self, permits: usize) -> usize {
        let forgotten = self.semaphore.forget_permits(permits);
        self.usage.resized().shrink(forgotten);
        forgotten
    }

    /// How many permits are free.
    #[must_use]
    pub fn available_permits(&self) -> usize {
        self.semaphore.available_permits()
    }

    /// Closes the semaphore: nobody acquires a permit any more, and who waits gets an error.
    pub fn close(&self) {
        self.semaphore.close();
    }

    /// Whether the semaphore is closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.semaphore.is_closed()
    }

    /// The metrics of the semaphore.
    #[must_use]
    pub fn usage(&self) -> &Use {
        &self.usage
    }
}

/// One or more permits of a [`Semaphore`], in use until dropped.
///
/// ```
/// use instrument_core::{Registry, Use, track};
///
/// let uploads = track::Semaphore::new(Use::register(&Registry::new(), "uploads", 2)?);
/// {
///     let permit: track::Permit<'_> = uploads.try_acquire()?;
///     assert_eq!((permit.num_permits(), uploads.available_permits()), (1, 1));
/// }
/// assert_eq!(uploads.available_permits(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "the permit is given back when it is dropped"]
pub struct Permit<'a> {
    // The order matters: what is given back is not counted as free before it is.
    permit: SemaphorePermit<'a>,
    _busy: Busy,
}

impl Permit<'_> {
    /// How many permits it stands for.
    #[must_use]
    pub fn num_permits(&self) -> usize {
        self.permit.num_permits()
    }
}

/// One or more permits of a [`Semaphore`], in use until dropped, wherever that is.
///
/// ```
/// use instrument_core::{Registry, Use, track};
///
/// /// It is given back with the upload, wherever that ends.
/// struct Upload {
///     permit: track::OwnedPermit,
/// }
///
/// let uploads = track::Semaphore::new(Use::register(&Registry::new(), "uploads", 2)?);
/// let upload = Upload { permit: uploads.try_acquire_owned()? };
/// assert_eq!((upload.permit.num_permits(), uploads.usage().utilization()), (1, 0.5));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "the permit is given back when it is dropped"]
pub struct OwnedPermit {
    // The order matters: what is given back is not counted as free before it is.
    permit: OwnedSemaphorePermit,
    _busy: Busy,
}

impl OwnedPermit {
    /// How many permits it stands for.
    #[must_use]
    pub fn num_permits(&self) -> usize {
        self.permit.num_permits()
    }
}
