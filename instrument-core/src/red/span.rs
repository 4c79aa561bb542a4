use std::fmt;
use std::mem::ManuallyDrop;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::OnceLock;
use std::time::Duration;

use super::beside::Beside;
use super::failures::Failures;
use super::outcomes::NamedOutcomes;
#[cfg(feature = "stream")]
use crate::Counter;
use crate::cells::{self, Held, Here, Shared};
use crate::clock::{ProcessClock, Ticks};
use crate::{Histogram, LabelValue, UpDownCounter};

/// From an outcome to its series.
pub(super) type LookUp = Box<dyn Fn(&str) -> Histogram<Duration> + Send + Sync + UnwindSafe + RefUnwindSafe>;

/// The series of one operation.
pub(super) struct RedSeries {
    pub(super) clock: ProcessClock,
    pub(super) in_flight: UpDownCounter,
    pub(super) ok: Histogram<Duration>,
    pub(super) error: Histogram<Duration>,
    pub(super) cancelled: OnceLock<Histogram<Duration>>,
    pub(super) panic: OnceLock<Histogram<Duration>>,
    /// Those that the user has names for.
    pub(super) named: NamedOutcomes,
    /// Those of the kinds of errors, where they are told apart. Boxed, like what follows, as most operations have none.
    pub(super) failures: Option<Box<Failures>>,
    pub(super) beside: Option<Box<Beside>>,
    /// Looks up the series of an outcome that is seldom seen.
    pub(super) look_up: LookUp,
}

impl RedSeries {
    pub(super) fn record(&self, duration: Duration, is_error: bool) {
        if is_error { self.error.observe(duration) } else { self.ok.observe(duration) }
    }

    pub(super) fn record_as(&self, nanoseconds: u64, outcome: &str) {
        let durations = match outcome {
            "ok" => &self.ok,
            "error" => &self.error,
            "cancelled" => self.cancelled.get_or_init(|| (self.look_up)("cancelled")),
            "panic" => self.panic.get_or_init(|| (self.look_up)("panic")),
            named => &self.named.get(named, &self.look_up),
        };
        durations.observe_measure(nanoseconds);
    }

    /// Ends what was in flight.
    fn end(&self, durations: &Histogram<Duration>, nanoseconds: u64) {
        durations.observe_measure(nanoseconds);
        self.in_flight.dec();
    }

    /// Ends a span that was dropped.
    #[cold]
    fn end_unfinished(&self, start: Ticks) {
        let nanoseconds = self.clock.nanoseconds_since(start);
        let durations = if std::thread::panicking() {
            self.panic.get_or_init(|| (self.look_up)("panic"))
        } else {
            self.cancelled.get_or_init(|| (self.look_up)("cancelled"))
        };
        self.end(durations, nanoseconds);
    }
}

impl Held<RedSeries> {
    #[inline(never)]
    fn end_ok(self, here: Here, start: Ticks, end: Ticks) {
        self.end_with(|series| &series.ok, here, start, end);
    }

    #[inline(never)]
    fn end_error(self, here: Here, start: Ticks, end: Ticks) {
        self.end_with(|series| &series.error, here, start, end);
    }

    /// Ends what was in flight from one reading of the clock to another, step by step. The first step that takes a call leaves what is left to another
    /// function, so that the functions made of this one call nothing themselves, and save hardly a register.
    #[inline(always)]
    fn end_with(
        self,
        durations: fn(&RedSeries) -> &Histogram<Duration>,
        here: Here,
        start: Ticks,
        end: Ticks,
    ) {
        let nanoseconds = self.clock.nanoseconds_between(start, end);
        if !durations(&self).observe_at_once(here, nanoseconds) {
            return self.end_slowly(durations, nanoseconds);
        }
        if !self.in_flight.dec_at_once(here) {
            return self.dec_slowly();
        }
        self.drop_here(here);
    }

    #[inline(never)]
    fn end_slowly(self, durations: fn(&RedSeries) -> &Histogram<Duration>, nanoseconds: u64) {
        self.end(durations(&self), nanoseconds);
    }

    #[inline(never)]
    fn dec_slowly(self) {
        self.in_flight.dec();
    }
}

/// One call of an operation, from [`Red::start`](crate::Red::start) until it is ended or dropped.
///
/// Dropped unfinished it counts as `cancelled`, as a future that nobody awaits any more; or as `panic` when the thread is unwinding.
/// It can be sent to another thread and ended there.
///
/// ```
/// use instrument_core::{Red, RedSpan, Registry};
///
/// /// A request that its span goes along with, whoever answers it.
/// struct Request {
///     text: String,
///     span: RedSpan,
/// }
///
/// fn answer(request: Request) {
///     match request.text.parse::<u32>() {
///         Ok(_) => request.span.ok(),
///         Err(_) => request.span.error(),
///     }
/// }
///
/// let registry = Registry::new();
/// let requests = Red::register(&registry, "request")?;
/// answer(Request { text: "17".to_owned(), span: requests.start() });
/// answer(Request { text: "seventeen".to_owned(), span: requests.start() });
/// drop(Request { text: "18".to_owned(), span: requests.start() });
///
/// let snapshot = registry.snapshot();
/// let count = |outcome| snapshot.histogram("request_duration", &[("outcome", outcome)]).unwrap().count();
/// assert_eq!((count("ok"), count("error"), count("cancelled")), (1, 1, 1));
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[must_use = "a span that is dropped at once counts as cancelled"]
pub struct RedSpan {
    /// Nothing for a span that has ended, and for a function whose metrics could not be registered. With the start it makes two words, which are
    /// handed on in registers.
    series: Option<Held<RedSeries>>,
    start: Ticks,
}

impl RedSpan {
    #[inline(always)]
    pub(super) fn start(series: &Shared<RedSeries>) -> Self {
        let start = series.clock.now();
        let here = cells::here();
        series.in_flight.inc_here(here);
        Self { series: Some(Held::by_handle(series, here)), start }
    }

    #[inline(always)]
    pub(super) fn start_static(series: &'static Shared<RedSeries>) -> Self {
        let start = series.clock.now();
        series.in_flight.inc();
        Self { series: Some(Held::by_static(series)), start }
    }

    /// A span that nobody will see.
    pub(crate) fn unseen() -> Self {
        Self { series: None, start: 0 }
    }

    /// Ends the span as a success.
    #[inline]
    pub fn ok(self) {
        self.end_with(Held::end_ok);
    }

    /// Ends the span as a failure.
    #[inline]
    pub fn error(self) {
        self.end_with(Held::end_error);
    }

    #[inline(always)]
    fn end_with(self, end: impl FnOnce(Held<RedSeries>, Here, Ticks, Ticks)) {
        // Nothing is left to be done at the drop.
        let mut span = ManuallyDrop::new(self);
        if let Some(series) = span.series.take() {
            let now = series.clock.now();
            end(series, cells::here(), span.start, now);
        }
    }

    /// Ends the span by an outcome of your own, such as `timeout`: text, or a value of an enum with `#[derive(LabelValue)]`.
    ///
    /// Which there are is said at [registration](crate::RedBuilder::outcomes), and others count as `_OTHER`. Where nothing was said, the first 16 that
    /// are seen have series of their own.
    ///
    /// ```
    /// use instrument_core::{Red, Registry};
    ///
    /// let registry = Registry::new();
    /// let fetch = Red::builder("fetch").outcomes(["timeout"]).register(&registry)?;
    /// fetch.start().end("timeout");
    /// fetch.start().end("a typing mistake");
    ///
    /// let snapshot = registry.snapshot();
    /// let count = |outcome| snapshot.histogram("fetch_duration_seconds", &[("outcome", outcome)]).unwrap().count();
    /// assert_eq!((count("timeout"), count("_OTHER")), (1, 1));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn end(mut self, outcome: impl LabelValue) {
        outcome.with_text(|outcome| self.end_as(outcome));
    }

    fn end_as(&mut self, outcome: &str) {
        if let Some(series) = self.series.take() {
            series.record_as(series.clock.nanoseconds_since(self.start), outcome);
            series.in_flight.dec();
        }
    }

    /// Where the time goes that the call spends in polls, if that is asked for.
    pub(crate) fn poll_time(&self) -> Option<Histogram<Duration>> {
        self.series.as_ref().and_then(|series| series.beside.as_ref()?.poll_time.clone())
    }

    /// What counts the items of a stream, if that is asked for.
    #[cfg(feature = "stream")]
    pub(crate) fn items(&self) -> Option<Counter> {
        self.series.as_ref().and_then(|series| series.beside.as_ref()?.items.clone())
    }

    /// Has series for all kinds of errors there can be, where the operation tells them apart.
    #[inline]
    pub(crate) fn know_kinds<K: LabelValue>(&self) {
        if let Some(failures) = self.series.as_ref().and_then(|series| series.failures.as_ref()) {
            failures.know::<K>();
        }
    }

    /// Ends the span as an error of a kind, where the operation tells them apart.
    pub(crate) fn fail<K: LabelValue>(mut self, kind: &K) {
        let Some(series) = self.series.take() else { return };
        let nanoseconds = series.clock.nanoseconds_since(self.start);
        kind.with_text(|kind| match &series.failures {
            Some(failures) if !kind.is_empty() => series.end(&failures.get::<K>(kind), nanoseconds),
            _ => series.end(&series.error, nanoseconds),
        });
    }
}

impl Drop for RedSpan {
    #[inline]
    fn drop(&mut self) {
        if let Some(series) = self.series.take() {
            series.end_unfinished(self.start);
        }
    }
}

impl fmt::Debug for RedSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedSpan").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use crate::cells::{self, Handled, Reading};
    use crate::{Buckets, HistogramSnapshot, Red, RedSpan, Registry};

    #[test]
    fn every_end_of_a_span_is_one_down_and_gives_its_handle_back() {
        // Beyond the last bound it takes a search, and fine native buckets take more than a look.
        for buckets in
            [Buckets::function(), Buckets::explicit([1e-9]), Buckets::native(3, 160), Buckets::native(8, 160)]
        {
            let registry = Registry::new();
            let red = Red::builder("job").buckets(buckets).outcomes(["own"]).register(&registry).unwrap();
            let handles = || {
                let stamp = red.series.stamp(&mut Reading::new());
                (stamp >> 32, stamp & u64::from(u32::MAX))
            };
            let ends: [(_, fn(RedSpan)); 6] = [
                ("ok", RedSpan::ok),
                ("error", RedSpan::error),
                ("own", |span| span.end("own")),
                ("cancelled", drop),
                ("error", |span| span.fail(&"unknown")),
                ("error", |span| span.fail(&"")),
            ];
            // More than once on this thread, which then has its cells.
            for (outcome, end) in ends.into_iter().cycle().take(3 * ends.len()) {
                let count = || {
                    let snapshot = registry.snapshot();
                    snapshot
                        .histogram("job_duration", &[("outcome", outcome)])
                        .map_or(0, HistogramSnapshot::count)
                };
                let ((made, gone), counted) = (handles(), count());
                let span = red.start();
                assert_eq!(registry.snapshot().up_down_counter("job_in_flight", &[]), Some(1));
                end(span);
                assert_eq!(registry.snapshot().up_down_counter("job_in_flight", &[]), Some(0), "{outcome}");
                assert_eq!(handles(), (made + 1, gone + 1), "{outcome}");
                assert_eq!(count(), counted + 1, "{outcome}");
            }
            assert!(
                red.series.in_flight.dec_at_once(cells::here()),
                "the way without a call is among those taken"
            );
        }
    }
}
