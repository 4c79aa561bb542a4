//! The clock of spans and timers: the processor's counter where it is invariant, the system's monotonic clock elsewhere.

use std::sync::OnceLock;

use quanta::Clock;

/// A reading of the clock, in its own units.
pub(crate) type Ticks = u64;

/// The clock of the process, calibrated. Who keeps it spares asking whether it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ProcessClock {
    clock: &'static Clock,
    /// How many nanoseconds `2^SHIFT` ticks are.
    scale: u64,
}

/// By so many ticks, which are minutes at least, a scale in whole nanoseconds is off by less than one.
const SHIFT: u32 = 40;

impl ProcessClock {
    /// Reading takes 10 to 25 ns with an invariant counter, by processor; the first call in a process calibrates it against the system's clock, which
    /// takes some milliseconds.
    pub(crate) fn get() -> Self {
        static CLOCK: OnceLock<(Clock, u64)> = OnceLock::new();
        let (clock, scale) = CLOCK.get_or_init(|| {
            let clock = Clock::new();
            let scale = clock.delta_as_nanos(0, 1 << SHIFT);
            (clock, scale)
        });
        Self { clock, scale: *scale }
    }

    /// What time it is.
    #[inline]
    pub(crate) fn now(self) -> Ticks {
        self.clock.raw()
    }

    /// Nanoseconds since a reading; 0 when the clock has stepped back.
    #[inline]
    pub(crate) fn nanoseconds_since(self, start: Ticks) -> u64 {
        self.nanoseconds_between(start, self.now())
    }

    /// Nanoseconds from one reading to another; 0 when the clock has stepped back between them.
    #[inline(always)]
    pub(crate) fn nanoseconds_between(self, start: Ticks, end: Ticks) -> u64 {
        // Wide: the product has more than 64 bits after 17 ms. What is left has not in centuries.
        ((u128::from(end.saturating_sub(start)) * u128::from(self.scale)) >> SHIFT) as u64
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
        assert_eq!(clock.nanoseconds_between(1, 0), 0);
    }

    #[test]
    fn ticks_are_as_long_as_the_clock_says() {
        let clock = ProcessClock::get();
        // Up to some days, in whatever units.
        for ticks in (0..50).map(|power| 1 << power) {
            let said = clock.clock.delta_as_nanos(7, 7 + ticks);
            assert!(
                clock.nanoseconds_between(7, 7 + ticks).abs_diff(said) <= 1 + (ticks >> SHIFT),
                "{ticks}"
            );
        }
    }
}
