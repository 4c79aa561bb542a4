use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::time::Duration;

use crate::clock::{ProcessClock, Ticks};
use crate::{Histogram, RedSpan};

/// The time that a call has spent inside polls. It is recorded when the call ends or is given up.
pub struct PollTime {
    clock: ProcessClock,
    nanoseconds: u64,
    durations: Option<Histogram<Duration>>,
}

impl PollTime {
    /// Of the call that the span stands for.
    #[must_use]
    pub fn of(span: &RedSpan) -> Self {
        Self { clock: ProcessClock::get(), nanoseconds: 0, durations: span.poll_time() }
    }

    /// Runs the body of the call.
    pub async fn run<F: Future>(mut self, body: F) -> F::Output {
        let mut body = pin!(body);
        poll_fn(|context| {
            let _poll = Poll { start: self.clock.now(), time: &mut self };
            body.as_mut().poll(context)
        })
        .await
    }
}

impl Drop for PollTime {
    fn drop(&mut self) {
        if let Some(durations) = &self.durations {
            durations.observe(Duration::from_nanos(self.nanoseconds));
        }
    }
}

impl fmt::Debug for PollTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PollTime").field("nanoseconds", &self.nanoseconds).finish_non_exhaustive()
    }
}

/// One poll, which counts when it ends, by a panic too.
struct Poll<'t> {
    start: Ticks,
    time: &'t mut PollTime,
}

impl Drop for Poll<'_> {
    fn drop(&mut self) {
        let nanoseconds = self.time.clock.nanoseconds_since(self.start);
        self.time.nanoseconds = self.time.nanoseconds.saturating_add(nanoseconds);
    }
}
