//! `--fail-rate P`: failures on purpose, so that alerts have something to fire for.

use std::sync::atomic::{AtomicU64, Ordering};

/// Says which calls are to fail: a share of them, spread evenly.
#[derive(Debug)]
pub(crate) struct Faults {
    share: f64,
    calls: AtomicU64,
}

impl Faults {
    /// The share is from 0, none, to 1, all.
    pub(crate) fn new(share: f64) -> Self {
        Self { share, calls: AtomicU64::new(0) }
    }

    /// Whether the next call is to fail.
    pub(crate) fn next_fails(&self) -> bool {
        let calls = self.calls.fetch_add(1, Ordering::Relaxed) as f64;
        // So many have failed by then; where that passes a whole number, one more does.
        ((calls + 1.0) * self.share).floor() > (calls * self.share).floor()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_is_exact() {
        for (share, failed) in [(0.0, 0), (0.001, 1), (0.25, 250), (0.5, 500), (1.0, 1_000)] {
            let faults = Faults::new(share);
            assert_eq!((0..1_000).filter(|_| faults.next_fails()).count(), failed);
        }
    }
}
