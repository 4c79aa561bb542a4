use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use super::texts::JoinedTexts;
use crate::cells::{self, Owner, Reading};
use crate::collect::Kept;
use crate::metric::storage::Storage;

/// What belongs to one label set. What look-ups need comes first, to be in one cache line.
#[repr(C)]
pub(crate) struct Entry<T> {
    pub(crate) value: T,
    pub(crate) texts: JoinedTexts,
    pub(crate) kept: Kept,
    /// When the series began to count from zero.
    pub(crate) created: SystemTime,
    pub(super) rest: Rest,
    /// Keeps what `value` is a handle on, unless another does. Dropped after it.
    _owner: Option<Owner>,
}

impl<T> Entry<T> {
    pub(crate) fn new(texts: JoinedTexts, value: T, owner: Option<Owner>) -> Self {
        Self {
            value,
            texts,
            kept: Kept::new(),
            created: SystemTime::now(),
            rest: Rest::default(),
            _owner: owner,
        }
    }
}

impl<T: Storage> Entry<T> {
    /// A number that is another one whenever a handle was made or has ended, or something was recorded, since. Nothing for what cannot rest now.
    pub(super) fn stamp(&self, reading: &mut Reading) -> Option<u64> {
        // Halves that are handles' counts, and a number that grows by steps of any size: neither makes up for the other.
        let recorded = cells::spread(self.value.recorded(reading)?);
        Some(self.value.shared().stamp(reading).wrapping_add(recorded))
    }
}

/// Since when a series has been at rest. Written by whoever has the writers' lock.
#[derive(Default)]
pub(super) struct Rest {
    /// The stamp of its handles at the last look; 0 before the first: a handle has been made by then.
    stamp: AtomicU64,
    /// Milliseconds from [`epoch`] to the first look that saw this stamp.
    since: AtomicU64,
}

impl Rest {
    /// Whether the stamp is that of the last look, and has been for so long.
    pub(super) fn has_lasted(&self, stamp: u64, timeout: Duration, now: Instant) -> bool {
        let now = milliseconds(now.saturating_duration_since(epoch()));
        if self.stamp.swap(stamp, Ordering::Relaxed) == stamp {
            now.saturating_sub(self.since.load(Ordering::Relaxed)) >= milliseconds(timeout)
        } else {
            self.since.store(now, Ordering::Relaxed);
            false
        }
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// A moment from which times are counted.
fn epoch() -> Instant {
    static EPOCH: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    *EPOCH.get_or_init(Instant::now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_is_at_rest_when_its_stamp_has_not_changed_for_long_enough() {
        let rest = Rest::default();
        let begin = Instant::now();
        let timeout = Duration::from_secs(60);
        let after = |seconds| begin + Duration::from_secs(seconds);
        assert!(!rest.has_lasted(1, timeout, after(0)));
        assert!(!rest.has_lasted(1, timeout, after(59)));
        assert!(rest.has_lasted(1, timeout, after(61)));
        assert!(!rest.has_lasted(2, timeout, after(1000)));
        assert!(rest.has_lasted(2, timeout, after(1061)));
        // A second look at the same moment is enough where no time has to pass.
        assert!(!rest.has_lasted(3, Duration::ZERO, after(1100)));
        assert!(rest.has_lasted(3, Duration::ZERO, after(1100)));
        assert!(!rest.has_lasted(4, Duration::MAX, after(2000)));
    }
}
