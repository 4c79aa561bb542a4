//! The clock of spans and timers: the processor's counter where it is invariant, the system's monotonic clock elsewhere.

use std::sync::OnceLock;

use quanta::Clock;

/// A reading of the clock, in its own units.
pub(crate) type Ticks = u64;

/// Reading takes some 10 ns with an invariant counter; the first one in a process calibrates it against the system's clock,
/// which takes some milliseconds.
fn clock() -> &'static Clock {
    static CLOCK: OnceLock<Clock> = OnceLock::new();
    CLOCK.get_or_init(Clock::new)
}

/// Calibrates the clock, so that no recording call has to.
pub(crate) fn prepare() {
    clock();
}

/// What time it is.
#[inline]
pub(crate) fn now() -> Ticks {
    clock().raw()
}

/// Nanoseconds since a reading; 0 when the clock has stepped back.
#[inline]
pub(crate) fn nanoseconds_since(start: Ticks) -> u64 {
    let clock = clock();
    clock.delta_as_nanos(start, clock.raw())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_time_has_passed_since_a_reading_that_a_clock_has_stepped_back_from() {
        assert_eq!(nanoseconds_since(Ticks::MAX), 0);
        // An hour or more from now, in whatever units.
        assert_eq!(nanoseconds_since(now() + (1 << 46)), 0);
    }
}
