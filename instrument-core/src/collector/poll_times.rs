use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use pin_project_lite::pin_project;

use crate::family::FamilyCore;
use crate::label::Texts;
use crate::registry::Registration;
use crate::{Buckets, Error, Histogram, Registry};

/// Measures how long each poll of a future takes. Needs the feature `tokio`, but no runtime in particular.
///
/// A poll that takes long blocks its thread, and with it all tasks that wait for the thread. The histogram
/// `task_poll_duration_seconds{task="…"}`, from 1 µs to 10 s, shows which tasks do that: its count is the number of polls, its sum the time that the
/// task has run. The time in which a future waits is not part of it.
///
/// ```
/// use instrument_core::Registry;
/// use instrument_core::collector::PollTimes;
///
/// let registry = Registry::new();
/// let polls = PollTimes::register(&registry)?;
/// let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
///
/// let answer = runtime.block_on(async {
///     tokio::spawn(polls.timed("compute", async {
///         tokio::task::yield_now().await;
///         42
///     }))
///     .await
/// });
///
/// assert_eq!(answer.unwrap(), 42);
/// let snapshot = registry.snapshot();
/// assert_eq!(snapshot.histogram("task_poll_duration_seconds", &[("task", "compute")]).unwrap().count(), 2);
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Clone)]
pub struct PollTimes {
    durations: Arc<FamilyCore<Histogram<Duration>>>,
}

impl PollTimes {
    /// Registers the histogram, or finds the one that there is.
    ///
    /// # Errors
    ///
    /// When another metric has the name.
    #[track_caller]
    pub fn register(registry: &Registry) -> Result<Self, Error> {
        let name = "task_poll_duration";
        let asked = Registration {
            labels: &["task"],
            buckets: Some(Buckets::function()),
            ..Registration::new(name, "How long polls of a task took.")
        };
        Ok(Self { durations: registry.register(asked)? })
    }

    /// A future that is measured each time it is polled, under the name of a task. Names are labels: few, and none from outside.
    pub fn timed<F: Future>(&self, task: &str, future: F) -> Timed<F> {
        Timed { future, durations: self.durations.with(&Texts(&[task])) }
    }
}

impl fmt::Debug for PollTimes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PollTimes").finish_non_exhaustive()
    }
}

pin_project! {
    /// A future whose polls are measured. Made by [`PollTimes::timed`].
    ///
    /// It takes no memory but a handle, and a poll reads the clock twice.
    ///
    /// ```
    /// use instrument_core::Registry;
    /// use instrument_core::collector::{PollTimes, Timed};
    ///
    /// let polls = PollTimes::register(&Registry::new())?;
    /// let ready: Timed<_> = polls.timed("greet", std::future::ready("Hello"));
    /// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    /// # let greeting = runtime.block_on(async {
    /// let greeting = ready.await;
    /// # greeting
    /// # });
    /// assert_eq!(greeting, "Hello");
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[derive(Debug)]
    #[must_use = "a future does nothing unless it is awaited"]
    pub struct Timed<F> {
        #[pin]
        future: F,
        durations: Histogram<Duration>,
    }
}

impl<F: Future> Future for Timed<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        // Observed when it is dropped, by a panic too.
        let _timer = this.durations.start();
        this.future.poll(context)
    }
}
