//! What belongs to a label set: found by hash, without a lock.

mod table;

use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use foldhash::fast::RandomState;

use self::table::Table;
use crate::collect::Kept;
use crate::{LabelVisitor, Labels};

/// Something for each label set, up to a greatest number of them.
pub(crate) struct SeriesTable<T> {
    table: Table<Series<T>>,
    /// Seeded, because what comes over the network can be in the labels.
    hasher: RandomState,
    /// Series that were not removed.
    live: AtomicUsize,
    max_series: usize,
}

impl<T> SeriesTable<T> {
    pub(crate) fn new(max_series: usize) -> Self {
        Self { table: Table::new(), hasher: RandomState::default(), live: AtomicUsize::new(0), max_series }
    }

    pub(crate) fn max_series(&self) -> usize {
        self.max_series
    }

    pub(crate) fn len(&self) -> usize {
        self.live.load(Ordering::Relaxed)
    }

    /// The series of a label set.
    #[inline]
    pub(crate) fn find(&self, labels: &impl Labels) -> Option<&Series<T>> {
        let index = self.table.find(self.hash(labels), |series| series.is(labels))?;
        self.table.entry(index)
    }

    /// The series of a label set, with what `make` makes if there is none; and its index. Nothing when there is no room or `make`
    /// declines. No two callers make the same series.
    pub(crate) fn find_or_make(
        &self,
        labels: &impl Labels,
        make: impl FnOnce() -> Option<T>,
    ) -> Option<(u32, &Series<T>)> {
        let make = || {
            if self.len() >= self.max_series {
                return None;
            }
            let series = Series::new(texts_of(labels), make()?);
            self.live.fetch_add(1, Ordering::Relaxed);
            Some(series)
        };
        let index = self.table.find_or_insert(self.hash(labels), |series| series.is(labels), make)?;
        Some((index, self.table.entry(index)?))
    }

    /// The series at an index, unless it was removed.
    #[inline]
    pub(crate) fn at(&self, index: u32) -> Option<&Series<T>> {
        self.table.entry(index).filter(|series| series.is_live())
    }

    /// All series, in the order in which they were first seen.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Series<T>> {
        self.table.iter().filter(|series| series.is_live())
    }

    /// Takes a series out, and says whether it was in. Its memory stays until the table is dropped: look-ups that have no lock
    /// may be reading it.
    pub(crate) fn remove(&self, series: &Series<T>) -> bool {
        // Relaxed: a look-up at the same moment may come before or after it.
        let removed = !series.removed.swap(true, Ordering::Relaxed);
        if removed {
            self.live.fetch_sub(1, Ordering::Relaxed);
        }
        removed
    }

    #[inline]
    fn hash(&self, labels: &impl Labels) -> u64 {
        struct Hashing<H>(H);
        impl<H: Hasher> LabelVisitor for Hashing<H> {
            #[inline]
            fn value(&mut self, text: &str) {
                text.hash(&mut self.0);
            }
        }
        let mut hashing = Hashing(self.hasher.build_hasher());
        labels.visit(&mut hashing);
        hashing.0.finish()
    }
}

/// What belongs to one label set.
pub(crate) struct Series<T> {
    /// The texts of the labels.
    pub(crate) texts: Box<[Box<str>]>,
    pub(crate) value: T,
    pub(crate) kept: Kept,
    removed: AtomicBool,
}

impl<T> Series<T> {
    pub(crate) fn new(texts: Box<[Box<str>]>, value: T) -> Self {
        Self { texts, value, kept: Kept::new(), removed: AtomicBool::new(false) }
    }

    /// Whether this is the series of a label set, and was not removed.
    #[inline]
    fn is(&self, labels: &impl Labels) -> bool {
        struct Compare<'s> {
            rest: std::slice::Iter<'s, Box<str>>,
            same: bool,
        }
        impl LabelVisitor for Compare<'_> {
            #[inline]
            fn value(&mut self, text: &str) {
                self.same = self.same && self.rest.next().is_some_and(|own| **own == *text);
            }
        }
        let mut compare = Compare { rest: self.texts.iter(), same: true };
        labels.visit(&mut compare);
        compare.same && self.is_live()
    }

    #[inline]
    fn is_live(&self) -> bool {
        !self.removed.load(Ordering::Relaxed)
    }
}

/// The texts of a label set, to keep.
pub(crate) fn texts_of(labels: &impl Labels) -> Box<[Box<str>]> {
    struct Keep(Vec<Box<str>>);
    impl LabelVisitor for Keep {
        fn value(&mut self, text: &str) {
            self.0.push(text.into());
        }
    }
    let mut keep = Keep(Vec::new());
    labels.visit(&mut keep);
    keep.0.into()
}
