use std::sync::atomic::{AtomicUsize, Ordering};

/// How many series the families of a registry may have together, and have.
#[derive(Debug)]
pub(crate) struct Budget {
    max_series: usize,
    taken: AtomicUsize,
}

impl Budget {
    pub(crate) fn new(max_series: usize) -> Self {
        Self { max_series, taken: AtomicUsize::new(0) }
    }

    /// Takes room for one series, if there is any.
    pub(super) fn take(&self) -> bool {
        let one_more = |taken| (taken < self.max_series).then_some(taken + 1);
        self.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).is_ok()
    }

    /// Gives room for one series back.
    pub(super) fn give(&self) {
        self.taken.fetch_sub(1, Ordering::Relaxed);
    }

    /// Whether no series has room.
    pub(super) fn is_spent(&self) -> bool {
        self.taken.load(Ordering::Relaxed) >= self.max_series
    }
}
