use std::time::{Duration, Instant};

/// When flushes are due: an interval apart, each late by chance.
#[derive(Debug)]
pub(super) struct Schedule {
    interval: Duration,
    /// By how much of the interval a flush can be late.
    jitter: f64,
    /// Without the lateness, so that it does not add up. Nothing beyond the end of time.
    due: Option<Instant>,
    next: Option<Instant>,
}

impl Schedule {
    pub(super) fn new(interval: Duration, jitter: f64) -> Self {
        let due = Instant::now().checked_add(interval);
        let mut schedule = Self { interval, jitter, due, next: None };
        schedule.draw();
        schedule
    }

    pub(super) fn next(&self) -> Option<Instant> {
        self.next
    }

    /// Goes on to the flush after `now`, if one was due until then.
    pub(super) fn advance(&mut self, now: Instant) {
        if self.next.is_some_and(|next| next <= now) {
            // An interval after it was due, not after it was done; but those that were missed are not made up for.
            let due = self.due.and_then(|due| due.checked_add(self.interval)).filter(|due| *due > now);
            self.due = due.or_else(|| now.checked_add(self.interval));
            self.draw();
        }
    }

    fn draw(&mut self) {
        let late = self.interval.mul_f64(self.jitter * fastrand::f64());
        self.next = self.due.and_then(|due| due.checked_add(late));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERVAL: Duration = Duration::from_secs(10);

    #[test]
    fn flushes_are_late_by_chance_and_the_lateness_does_not_add_up() {
        let mut schedule = Schedule::new(INTERVAL, 0.5);
        let first = schedule.due.unwrap();
        let mut late = Vec::new();
        for n in 0..100 {
            let next = schedule.next().unwrap();
            late.push(next - (first + INTERVAL * n));
            schedule.advance(next);
        }
        assert!(late.iter().all(|late| *late < INTERVAL / 2), "{late:?}");
        assert!(late.iter().any(|late| *late > INTERVAL / 4) && late.iter().any(|late| *late < INTERVAL / 4));
    }

    #[test]
    fn what_was_missed_is_not_made_up_for() {
        let mut schedule = Schedule::new(INTERVAL, 0.0);
        let first = schedule.next().unwrap();
        schedule.advance(first - INTERVAL / 2);
        assert_eq!(schedule.next(), Some(first), "a flush that was asked for in between changes nothing");
        schedule.advance(first + INTERVAL / 2);
        assert_eq!(schedule.next(), Some(first + INTERVAL));
        let much_later = first + INTERVAL * 7;
        schedule.advance(much_later);
        assert_eq!(schedule.next(), Some(much_later + INTERVAL));
    }

    #[test]
    fn an_interval_beyond_the_end_of_time_is_never_due() {
        let mut schedule = Schedule::new(Duration::MAX, 0.0);
        assert_eq!(schedule.next(), None);
        schedule.advance(Instant::now());
        assert_eq!(schedule.next(), None);
    }
}
