use std::thread;
use std::time::{Duration, Instant};

use crate::worker::Deadline;

/// After so many bytes, the server gets a moment to read them: what finds the server's socket full is lost without a word. Without
/// the pause, Etsy's daemon on the same machine lost 7 in 10 packets of 20,000 series. The socket of a server that sets nothing has room for three such
/// bursts on Linux, so it can be late by two pauses.
const BURST_BYTES: usize = 32 * 1024;
const PAUSE: Duration = Duration::from_millis(8);

/// Pauses between bursts.
pub(super) struct Pace {
    /// Bytes since the last pause.
    burst: usize,
    deadline: Deadline,
}

impl Pace {
    pub(super) fn new(deadline: Deadline) -> Self {
        Self { burst: 0, deadline }
    }

    /// To be called after each packet.
    pub(super) fn sent(&mut self, bytes: usize) {
        self.burst += bytes;
        if self.burst >= BURST_BYTES {
            self.burst = 0;
            thread::sleep(pause(
                (self.deadline)().map(|moment| moment.saturating_duration_since(Instant::now())),
            ));
        }
    }
}

/// At the end each pause is a small part of the time that is left, so that however many there are, there is time after them.
fn pause(left: Option<Duration>) -> Duration {
    left.map_or(PAUSE, |left| PAUSE.min(left / 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_last_flush_of_any_length_has_time_left_after_its_pauses() {
        assert_eq!(pause(None), PAUSE);
        let mut left = Duration::from_secs(2);
        assert_eq!(pause(Some(left)), PAUSE);
        for _ in 0..10_000 {
            left -= pause(Some(left));
        }
        assert!(left > Duration::ZERO && left < Duration::from_millis(1), "{left:?}");
        assert_eq!(pause(Some(Duration::ZERO)), Duration::ZERO);
    }
}
