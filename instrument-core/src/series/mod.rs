//! What belongs to a label set: found by hash, without a lock.

mod table;

use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use foldhash::fast::RandomState;

use self::table::Table;
use crate::cells::Owner;
use crate::collect::Kept;
use crate::{LabelVisitor, Labels};

/// Something for each label set, up to a greatest number of them.
pub(crate) struct SeriesTable<T> {
    table: Table<Entry<T>>,
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
    pub(crate) fn find(&self, labels: &impl Labels) -> Option<&Entry<T>> {
        self.table.entry(self.find_index(labels)?)
    }

    #[inline]
    fn find_index(&self, labels: &impl Labels) -> Option<u32> {
        self.table.find(self.hash(labels), |series| series.is(labels))
    }

    /// The series of a label set, with what `make` makes of its texts if there is none; and its index. Nothing when there is no room or `make`
    /// declines. No two callers make the same series.
    pub(crate) fn find_or_make(
        &self,
        labels: &impl Labels,
        make: impl FnOnce(&[Box<str>]) -> Option<(T, Option<Owner>)>,
    ) -> Option<(u32, &Entry<T>)> {
        // A full table need not be locked to be searched.
        if self.len() >= self.max_series {
            let index = self.find_index(labels)?;
            return Some((index, self.table.entry(index)?));
        }
        // What the labels do to show their texts, they do before the lock.
        let (hash, texts) = (self.hash(labels), texts_of(labels));
        let same = |series: &Entry<T>| series.is_live() && series.texts == texts;
        let make = || {
            if self.len() >= self.max_series {
                return None;
            }
            let (value, owner) = make(&texts)?;
            self.live.fetch_add(1, Ordering::Relaxed);
            Some(Entry::new(texts.clone(), value, owner))
        };
        let index = self.table.find_or_insert(hash, same, make)?;
        Some((index, self.table.entry(index)?))
    }

    /// The series at an index, unless it was removed.
    #[inline]
    pub(crate) fn at(&self, index: u32) -> Option<&Entry<T>> {
        self.table.entry(index).filter(|series| series.is_live())
    }

    /// Whether there has never been a series.
    pub(crate) fn is_new(&self) -> bool {
        self.table.entry(0).is_none()
    }

    /// All series, in the order in which they were first seen.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Entry<T>> {
        self.table.iter().filter(|series| series.is_live())
    }

    /// Takes a series out, and says whether it was in. Its memory stays until the table is dropped: look-ups that have no lock
    /// may be reading it.
    pub(crate) fn remove(&self, series: &Entry<T>) -> bool {
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
pub(crate) struct Entry<T> {
    /// The texts of the labels.
    pub(crate) texts: Box<[Box<str>]>,
    pub(crate) value: T,
    pub(crate) kept: Kept,
    removed: AtomicBool,
    /// Keeps what `value` is a handle on, unless another does. Dropped after it.
    _owner: Option<Owner>,
}

impl<T> Entry<T> {
    pub(crate) fn new(texts: Box<[Box<str>]>, value: T, owner: Option<Owner>) -> Self {
        Self { texts, value, kept: Kept::new(), removed: AtomicBool::new(false), _owner: owner }
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
        compare.same && compare.rest.next().is_none() && self.is_live()
    }

    #[inline]
    fn is_live(&self) -> bool {
        !self.removed.load(Ordering::Relaxed)
    }
}

/// Whether all labels of a set say the same as `text`.
pub(crate) fn all_say(labels: &impl Labels, text: &str) -> bool {
    struct AllSay<'t> {
        text: &'t str,
        so_far: bool,
    }
    impl LabelVisitor for AllSay<'_> {
        fn value(&mut self, text: &str) {
            self.so_far = self.so_far && text == self.text;
        }
    }
    let mut all = AllSay { text, so_far: true };
    labels.visit(&mut all);
    all.so_far
}

/// The texts of a label set, to keep.
fn texts_of(labels: &impl Labels) -> Box<[Box<str>]> {
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
