use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::OnceLock;
use std::time::Duration;

use crate::cells::Shared;
use crate::clock::{self, Ticks};
use crate::{Histogram, UpDownCounter};

/// From an outcome to its series.
pub(super) type LookUp = Box<dyn Fn(&str) -> Histogram<Duration> + Send + Sync + UnwindSafe + RefUnwindSafe>;

/// The series of one operation.
pub(super) struct RedSeries {
    pub(super) in_flight: UpDownCounter,
    pub(super) ok: Histogram<Duration>,
    pub(super) error: Histogram<Duration>,
    pub(super) cancelled: OnceLock<Histogram<Duration>>,
    pub(super) panic: OnceLock<Histogram<Duration>>,
    /// Looks up the series of an outcome that is seldom seen.
    pub(super) look_up: LookUp,
}

impl RedSeries {
    pub(super) fn record(&self, duration: Duration, is_error: bool) {
        if is_error { self.error.observe(duration) } else { self.ok.observe(duration) }
    }

    #[inline]
    fn end(&self, outcome: Option<Ended>, start: Ticks) {
        let nanoseconds = clock::nanoseconds_since(start);
        let durations = match outcome {
            Some(Ended::Ok) => &self.ok,
            Some(Ended::Error) => &self.error,
            None => self.unfinished(),
        };
        durations.observe_measure(nanoseconds);
        self.in_flight.dec();
    }

    /// The series of a span that was dropped.
    #[cold]
    fn unfinished(&self) -> &Histogram<Duration> {
        if std::thread::panicking() {
            self.panic.get_or_init(|| (self.look_up)("panic"))
        } else {
            self.cancelled.get_or_init(|| (self.look_up)("cancelled"))
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Ended {
    Ok,
    Error,
}

/// One call of an operation, from [`Red::start`](crate::Red::start) until it is ended or dropped.
///
/// Dropped unfinished it counts as `cancelled`, as a future that nobody awaits any more; or as `panic` when the thread is unwinding.
/// It can be sent to another thread and ended there.
#[must_use = "a span that is dropped at once counts as cancelled"]
pub struct RedSpan {
    series: Held,
    start: Ticks,
    outcome: Option<Ended>,
}

enum Held {
    Static(&'static RedSeries),
    Handle(Shared<RedSeries>),
    /// For a function whose metrics could not be registered.
    Nowhere,
}

impl RedSpan {
    #[inline]
    pub(super) fn start(series: Shared<RedSeries>) -> Self {
        series.in_flight.inc();
        Self { series: Held::Handle(series), start: clock::now(), outcome: None }
    }

    #[inline]
    pub(super) fn start_static(series: &'static RedSeries) -> Self {
        series.in_flight.inc();
        Self { series: Held::Static(series), start: clock::now(), outcome: None }
    }

    /// A span that nobody will see.
    pub(crate) fn unseen() -> Self {
        Self { series: Held::Nowhere, start: 0, outcome: None }
    }

    /// Ends the span as a success.
    #[inline]
    pub fn ok(mut self) {
        self.outcome = Some(Ended::Ok);
    }

    /// Ends the span as a failure.
    #[inline]
    pub fn error(mut self) {
        self.outcome = Some(Ended::Error);
    }
}

impl Drop for RedSpan {
    #[inline]
    fn drop(&mut self) {
        let series = match &self.series {
            Held::Static(series) => series,
            Held::Handle(series) => &**series,
            Held::Nowhere => return,
        };
        series.end(self.outcome, self.start);
    }
}

impl fmt::Debug for RedSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedSpan").field("outcome", &self.outcome).finish_non_exhaustive()
    }
}
