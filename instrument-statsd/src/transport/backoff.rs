use std::time::{Duration, Instant};

const FIRST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(30);

/// When something that failed may be tried again: later each time.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    /// How long it will be after the next failure, without what chance adds.
    delay: Duration,
    not_before: Option<Instant>,
}

impl Backoff {
    pub(super) fn may_try(&self) -> bool {
        self.not_before.is_none_or(|moment| moment <= Instant::now())
    }

    pub(super) fn failed(&mut self) {
        self.delay = self.delay.max(FIRST);
        // By chance, so that those who lost a server at once do not come back at once.
        self.not_before = Instant::now().checked_add(self.delay.mul_f64(1.0 + 0.5 * fastrand::f64()));
        self.delay = (2 * self.delay).min(LONGEST);
    }

    pub(super) fn succeeded(&mut self) {
        *self = Self::default();
    }

    /// Has the pause be over, as if time had passed.
    #[cfg(test)]
    pub(super) fn end_pause(&mut self) {
        self.not_before = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_bound_and_end_with_success() {
        let mut backoff = Backoff::default();
        assert!(backoff.may_try());
        for seconds in [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30.0, 30.0] {
            let before = Instant::now();
            backoff.failed();
            let after = Instant::now();
            let moment = backoff.not_before.unwrap();
            assert!(moment >= before + Duration::from_secs_f64(seconds), "{seconds}");
            assert!(moment <= after + Duration::from_secs_f64(1.5 * seconds), "{seconds}");
        }
        assert!(!backoff.may_try());
        backoff.succeeded();
        assert!(backoff.may_try());
    }
}
