use std::fmt;
use std::task::{Context, Poll};

use tokio::sync::mpsc;
use tokio::sync::mpsc::error::{SendError, TryRecvError, TrySendError};

use crate::{InUse, Use};

/// A bounded channel of tokio's, with as many places as the resource has capacity.
///
/// It says how full it is, how many wait to send, and how often it was found closed. A capacity of 0 is taken for 1, and one above [`MAX_PERMITS`](tokio::sync::Semaphore::MAX_PERMITS) for that.
///
/// ```
/// use instrument_core::{Registry, Use, track};
///
/// let registry = Registry::new();
/// let (jobs, mut worker) = track::channel(Use::register(&registry, "jobs", 2)?);
/// jobs.try_send("resize")?;
/// assert_eq!(registry.snapshot().gauge("jobs_utilization_ratio", &[]), Some(0.5));
///
/// assert_eq!(worker.try_recv()?, "resize");
/// assert_eq!(registry.snapshot().gauge("jobs_utilization_ratio", &[]), Some(0.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn channel<T>(usage: Use) -> (Sender<T>, Receiver<T>) {
    let capacity = usage.capacity().clamp(1, tokio::sync::Semaphore::MAX_PERMITS);
    usage.set_capacity(capacity);
    let (sender, receiver) = mpsc::channel(capacity);
    (Sender { sender, usage: usage.clone() }, Receiver { receiver, usage })
}

/// Sends into a [`channel`]. A clone is another sender.
///
/// ```
/// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
/// # runtime.block_on(async {
/// use instrument_core::{Registry, Use, track};
///
/// let registry = Registry::new();
/// let (jobs, mut worker) = track::channel(Use::register(&registry, "jobs", 2)?);
///
/// jobs.send("resize").await?;
/// jobs.try_send("crop")?;
/// assert_eq!(jobs.try_send("rotate").unwrap_err().into_inner(), "rotate"); // it is full
/// assert_eq!(jobs.usage().utilization(), 1.0);
///
/// worker.close();
/// jobs.closed().await;
/// assert!(jobs.is_closed());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
pub struct Sender<T> {
    sender: mpsc::Sender<InUse<T>>,
    usage: Use,
}

impl<T> Sender<T> {
    /// Sends a value as soon as there is room: as tokio's [`send`](mpsc::Sender::send). A send that is given up leaves nobody queued.
    ///
    /// # Errors
    ///
    /// When the receiver is gone or has closed the channel, which counts as an error of the resource. It gives the value back.
    pub async fn send(&self, value: T) -> Result<(), SendError<T>> {
        match self.usage.wait(self.sender.reserve()).await {
            Ok(room) => {
                room.send(self.usage.hold(value));
                Ok(())
            }
            Err(SendError(())) => {
                self.usage.error();
                Err(SendError(value))
            }
        }
    }

    /// Sends a value if there is room now: as tokio's [`try_send`](mpsc::Sender::try_send).
    ///
    /// # Errors
    ///
    /// When there is no room, or when the channel is closed: only this counts as an error of the resource. It gives the value back.
    pub fn try_send(&self, value: T) -> Result<(), TrySendError<T>> {
        match self.sender.try_reserve() {
            Ok(room) => {
                room.send(self.usage.hold(value));
                Ok(())
            }
            Err(TrySendError::Full(())) => Err(TrySendError::Full(value)),
            Err(TrySendError::Closed(())) => {
                self.usage.error();
                Err(TrySendError::Closed(value))
            }
        }
    }

    /// Waits until the channel is closed.
    pub async fn closed(&self) {
        self.sender.closed().await;
    }

    /// Whether the channel is closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.sender.is_closed()
    }

    /// The metrics of the channel.
    #[must_use]
    pub fn usage(&self) -> &Use {
        &self.usage
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        Self { sender: self.sender.clone(), usage: self.usage.clone() }
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").field("usage", &self.usage).finish_non_exhaustive()
    }
}

/// Receives from a [`channel`]. Values that it never received are free again when it is dropped.
///
/// ```
/// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
/// # runtime.block_on(async {
/// use instrument_core::{Registry, Use, track};
///
/// let registry = Registry::new();
/// let (jobs, mut worker) = track::channel(Use::register(&registry, "jobs", 10)?);
/// for job in ["resize", "crop", "rotate"] {
///     jobs.send(job).await?;
/// }
///
/// assert_eq!((worker.len(), worker.usage().utilization()), (3, 0.3));
/// assert_eq!(worker.recv().await, Some("resize"));
/// assert_eq!(worker.try_recv(), Ok("crop"));
///
/// worker.close();
/// assert!(jobs.send("too late").await.is_err());
/// assert_eq!((worker.recv().await, worker.recv().await), (Some("rotate"), None));
/// assert!(worker.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
pub struct Receiver<T> {
    receiver: mpsc::Receiver<InUse<T>>,
    usage: Use,
}

impl<T> Receiver<T> {
    /// The next value, or nothing when all senders are gone: as tokio's [`recv`](mpsc::Receiver::recv).
    pub async fn recv(&mut self) -> Option<T> {
        self.receiver.recv().await.map(InUse::into_inner)
    }

    /// The next value if there is one now: as tokio's [`try_recv`](mpsc::Receiver::try_recv).
    ///
    /// # Errors
    ///
    /// When there is none, or when all senders are gone too.
    pub fn try_recv(&mut self) -> Result<T, TryRecvError> {
        self.receiver.try_recv().map(InUse::into_inner)
    }

    /// The next value, for a thread without a runtime: as tokio's [`blocking_recv`](mpsc::Receiver::blocking_recv).
    ///
    /// ```
    /// use instrument_core::{Registry, Use, track};
    ///
    /// let (jobs, mut worker) = track::channel(Use::register(&Registry::new(), "jobs", 10)?);
    /// let worker = std::thread::spawn(move || worker.blocking_recv());
    /// jobs.try_send("resize")?;
    /// assert_eq!(worker.join().unwrap(), Some("resize"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    ///
    /// Within a runtime's task, as tokio's does.
    pub fn blocking_recv(&mut self) -> Option<T> {
        self.receiver.blocking_recv().map(InUse::into_inner)
    }

    /// The next value, for a future written by hand: as tokio's [`poll_recv`](mpsc::Receiver::poll_recv).
    ///
    /// ```
    /// use std::task::{Context, Poll, Waker};
    ///
    /// use instrument_core::{Registry, Use, track};
    ///
    /// let (jobs, mut worker) = track::channel(Use::register(&Registry::new(), "jobs", 10)?);
    /// let mut context = Context::from_waker(Waker::noop());
    /// assert_eq!(worker.poll_recv(&mut context), Poll::Pending);
    /// jobs.try_send("resize")?;
    /// assert_eq!(worker.poll_recv(&mut context), Poll::Ready(Some("resize")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn poll_recv(&mut self, context: &mut Context<'_>) -> Poll<Option<T>> {
        self.receiver.poll_recv(context).map(|value| value.map(InUse::into_inner))
    }

    /// Closes the channel: nothing more can be sent, and what was sent can still be received.
    pub fn close(&mut self) {
        self.receiver.close();
    }

    /// How many values are there to be received.
    #[must_use]
    pub fn len(&self) -> usize {
        self.receiver.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.receiver.is_empty()
    }

    /// The metrics of the channel.
    #[must_use]
    pub fn usage(&self) -> &Use {
        &self.usage
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").field("usage", &self.usage).finish_non_exhaustive()
    }
}
