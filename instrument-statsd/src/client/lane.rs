//! Where one thread writes its records and another takes them from, without waiting for each other.

use std::sync::PoisonError;

use crate::sync::{AtomicU64, AtomicUsize, Mutex, MutexGuard, Ordering};

/// A row of words with the records of one thread, its owner, who writes them without a lock. They are not seen before they are whole:
/// `written` says up to where.
#[derive(Debug)]
pub(crate) struct Lane {
    words: Box<[AtomicU64]>,
    written: AtomicUsize,
    /// How many of the words are taken.
    taken: Mutex<usize>,
}

impl Lane {
    pub(crate) fn new(words: usize) -> Self {
        Self {
            words: (0..words).map(|_| AtomicU64::new(0)).collect(),
            written: AtomicUsize::new(0),
            taken: Mutex::new(0),
        }
    }

    /// Called by the owner: appends a record. Says whether there was room.
    #[inline(always)]
    pub(crate) fn append(&self, record: &[u64]) -> bool {
        let start = self.written.load(Ordering::Relaxed);
        let end = start + record.len();
        let Some(words) = self.words.get(start..end) else { return false };
        words.iter().zip(record).for_each(|(word, &new)| word.store(new, Ordering::Relaxed));
        self.written.store(end, Ordering::Release);
        true
    }

    /// Called by the owner: takes the last record back, which has so many words. False if it is taken.
    pub(crate) fn take_back(&self, words: usize) -> bool {
        let taken = self.taken();
        let start = self.written.load(Ordering::Relaxed).saturating_sub(words);
        if *taken > start {
            return false;
        }
        self.written.store(start, Ordering::Relaxed);
        true
    }

    /// Called by anyone: takes all that is written, to the end of `block`.
    pub(crate) fn take(&self, block: &mut Vec<u64>) {
        self.hand_over(block, |_| ());
    }

    /// The same, and hands the block over before anybody takes what is written later: so it is not overtaken.
    pub(crate) fn hand_over(&self, block: &mut Vec<u64>, to: impl FnOnce(&mut Vec<u64>)) {
        let mut taken = self.taken();
        *taken = self.copy(*taken, block);
        to(block);
    }

    /// Called by the owner: takes the same, and there is room again.
    pub(crate) fn empty(&self, block: &mut Vec<u64>) {
        let mut taken = self.taken();
        self.copy(*taken, block);
        // Who takes later sees no more than is written then.
        self.written.store(0, Ordering::Relaxed);
        *taken = 0;
    }

    /// Appends what is written from a word on to `block`. Says how much is written.
    fn copy(&self, from: usize, block: &mut Vec<u64>) -> usize {
        // After this, the words are there.
        let written = self.written.load(Ordering::Acquire);
        let words = self.words.get(from..written).unwrap_or_default();
        block.extend(words.iter().map(|word| word.load(Ordering::Relaxed)));
        written
    }

    fn taken(&self) -> MutexGuard<'_, usize> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
