//! The clock of spans and timers: the processor's counter where it is invariant, the system's monotonic clock elsewhere.

use std::sync::OnceLock;

use quanta::Clock;

/// A reading of the clock, in its own units.
pub(crate) type Ticks = u64;

/// The clock of the process, calibrated. Who keeps it spares asking whether it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ProcessClock(&'static Clock);

impl ProcessClock {
    /// Reading takes 10 to 25 ns with an invariant counter, by processor; the first call in a process calibrates it against the system's clock, which
    /// takes some milliseconds.
    pub(crate) fn get() -> Self {
        static CLOCK: OnceLock<Clock> = OnceLock::new();
        Self(CLOCK.get_or_init(Clock::new))
    }

    /// What time it is.
    #[inline]
    pub(crate) fn now(self) -> Ticks {
        self.0.raw()
    }

    /// Nanoseconds since a reading; 0 when the clock has stepped back.
    #[inline]
    pub(crate) fn nanoseconds_since(self, start: Ticks) -> u64 {
        self.0.delta_as_nanos(start, self.0.raw())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_time_has_passed_since_a_reading_that_a_clock_has_stepped_back_from() {
        let clock = ProcessClock::get();
        assert_eq!(clock.nanoseconds_since(Ticks::MAX), 0);
        // An hour or more from now, in whatever units.
        assert_eq!(clock.nanoseconds_since(clock.now() + (1 << 46)), 0);
    }
}
