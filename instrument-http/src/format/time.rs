use std::time::{SystemTime, UNIX_EPOCH};

/// A moment as the formats have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SinceEpoch {
    pub(super) seconds: u64,
    /// Less than a second.
    pub(super) nanoseconds: u32,
}

impl SinceEpoch {
    /// Nothing for times before 1970, which only a clock that is wrong shows.
    pub(super) fn of(time: SystemTime) -> Option<Self> {
        let since = time.duration_since(UNIX_EPOCH).ok()?;
        Some(Self { seconds: since.as_secs(), nanoseconds: since.subsec_nanos() })
    }
}
