use std::time::Duration;

use super::Histogram;
use crate::Exemplar;
use crate::clock::{ProcessClock, Ticks};

/// Measures the time from [`Histogram::start`] and observes it when it is dropped.
///
/// ```
/// use std::time::Duration;
///
/// use instrument_core::Registry;
///
/// let registry = Registry::new();
/// let parse = registry.histogram::<Duration>("parse", "Time to parse a document.").register()?;
/// {
///     let _timer = parse.start();
///     // ... parse ...
/// }
/// parse.start().discard(); // not observed
/// assert_eq!(registry.snapshot().histogram("parse_seconds", &[]).unwrap().count(), 1);
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "a timer observes when it is dropped"]
pub struct Timer {
    /// Taken out by whoever ends the timer.
    histogram: Option<Histogram<Duration>>,
    start: Ticks,
}

impl Timer {
    pub(super) fn start(histogram: Histogram<Duration>) -> Self {
        Self { histogram: Some(histogram), start: ProcessClock::get().now() }
    }

    /// Ends the timer, observes the time and returns it.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use instrument_core::Registry;
    ///
    /// let registry = Registry::new();
    /// let parse = registry.histogram::<Duration>("parse", "Time to parse a document.").register()?;
    /// let timer = parse.start();
    /// // ... parse ...
    /// let took = timer.observe();
    /// assert_eq!(registry.snapshot().histogram("parse", &[]).unwrap().sum(), took.as_secs_f64());
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn observe(mut self) -> Duration {
        self.finish(None)
    }

    /// Ends the timer, observes the time with an exemplar and returns it: see [`Histogram::observe_with`].
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use instrument_core::{Exemplar, Registry};
    ///
    /// let registry = Registry::new();
    /// let parse = registry.histogram::<Duration>("parse", "Time to parse a document.").register()?;
    /// parse.start().observe_with(Exemplar::trace_id("4bf92f3577b34da6a3ce929d0e0e4736"));
    /// assert_eq!(registry.snapshot().exemplars("parse", &[]).len(), 1);
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn observe_with(mut self, exemplar: impl Into<Option<Exemplar>>) -> Duration {
        self.finish(exemplar.into())
    }

    /// Ends the timer without observing.
    pub fn discard(mut self) {
        self.histogram = None;
    }

    fn finish(&mut self, exemplar: Option<Exemplar>) -> Duration {
        let nanoseconds = ProcessClock::get().nanoseconds_since(self.start);
        if let Some(histogram) = self.histogram.take() {
            histogram.observe_measure_with(nanoseconds, exemplar);
        }
        Duration::from_nanos(nanoseconds)
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if self.histogram.is_some() {
            self.finish(None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Registry;

    #[test]
    fn a_timer_observes_no_time_when_the_clock_has_stepped_back() {
        let registry = Registry::new();
        let took = registry.histogram::<Duration>("took", "").register().unwrap();
        let started_later = || Timer { histogram: Some(took.clone()), start: Ticks::MAX };
        assert_eq!(started_later().observe(), Duration::ZERO);
        drop(started_later());
        let snapshot = registry.snapshot();
        let took = snapshot.histogram("took", &[]).unwrap();
        assert_eq!((took.counts()[0], took.count(), took.sum()), (2, 2, 0.0));
    }
}
