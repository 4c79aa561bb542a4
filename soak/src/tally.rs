//! What was done, counted by plain atomics.

use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) threads: Number,
    pub(crate) jobs: Number,
    pub(crate) of_users: Number,
    /// How many different users there were: the number of the last, as they are so many that each has had a job done.
    pub(crate) users: Number,
    pub(crate) sizes: Number,
    pub(crate) size_sum: Number,
    pub(crate) spans_ok: Number,
    pub(crate) spans_error: Number,
    pub(crate) spans_panicked: Number,
    pub(crate) tasks_ok: Number,
    pub(crate) tasks_error: Number,
    pub(crate) tasks_cancelled: Number,
}

#[derive(Debug, Default)]
pub(crate) struct Number(AtomicU64);

impl Number {
    pub(crate) fn add(&self, n: u64) {
        self.0.fetch_add(n, Ordering::Relaxed);
    }

    pub(crate) fn raise_to(&self, n: u64) {
        self.0.fetch_max(n, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
