//! What belongs to a label set: found by hash, without a lock.

mod budget;
mod entry;
mod expiring;
mod texts;

use std::hash::{BuildHasher, Hasher};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use foldhash::fast::RandomState;

pub(crate) use self::budget::Budget;
pub(crate) use self::entry::Entry;
use self::expiring::Expiring;
pub(crate) use self::texts::{JoinedTexts, all_say};
use crate::cells::{self, Here, Owner, Reading, Table, TableWriter};
use crate::metric::storage::Storage;
use crate::{LabelVisitor, Labels};

/// Something for each label set, up to a greatest number of them.
pub(crate) struct SeriesTable<T> {
    table: Table<Entry<T>>,
    /// Seeded, because what comes over the network can be in the labels.
    hasher: RandomState,
    /// Written under the writers' lock.
    live: AtomicUsize,
    expiring: Expiring,
    max_series: usize,
    /// What all families of a registry have together.
    budget: Option<Arc<Budget>>,
}

impl<T> SeriesTable<T> {
    pub(crate) fn new(max_series: usize) -> Self {
        Self::with(max_series, 0, None)
    }

    /// The same, where series can have numbers below `numbers`, with a budget that others have a share in.
    pub(crate) fn with(max_series: usize, numbers: usize, budget: Option<Arc<Budget>>) -> Self {
        let (table, hasher) = (Table::new(numbers), RandomState::default());
        Self { table, hasher, live: AtomicUsize::new(0), expiring: Expiring::new(), max_series, budget }
    }

    /// Whether there are as many numbers.
    pub(crate) fn has_numbers(&self, numbers: usize) -> bool {
        self.table.numbers() == numbers
    }

    pub(crate) fn max_series(&self) -> usize {
        self.max_series
    }

    pub(crate) fn len(&self) -> usize {
        self.live.load(Ordering::Relaxed)
    }

    /// Whether there has never been a series.
    pub(crate) fn is_new(&self) -> bool {
        self.table.place_count() == 0
    }

    /// Whether there is room for no more.
    fn is_full(&self) -> bool {
        self.len() >= self.max_series || self.budget.as_ref().is_some_and(|budget| budget.is_spent())
    }

    /// Reads the series of a label set, if there is one.
    #[inline]
    pub(crate) fn find<R>(&self, labels: &impl Labels, read: impl FnOnce(&Entry<T>) -> R) -> Option<R> {
        self.find_here(labels, |series, _| read(series))
    }

    /// The same, with the thread's cells.
    #[inline(always)]
    pub(crate) fn find_here<R>(
        &self,
        labels: &impl Labels,
        read: impl FnOnce(&Entry<T>, Here) -> R,
    ) -> Option<R> {
        let hash = self.hash(labels);
        let pin = cells::pin();
        let series = self.table.find(&pin, hash, |series| series.texts.are_of(labels))?;
        Some(read(series, pin.here()))
    }

    /// Does something at the thread's cells if there is a series with a number whose cell is lent, without a look at it. Meanwhile it stays.
    #[inline(always)]
    pub(crate) fn if_lent<R>(&self, number: usize, act: impl FnOnce(Here) -> R) -> Option<R> {
        let pin = cells::pin();
        self.table.is_marked(&pin, number).then(|| act(pin.here()))
    }

    /// Reads the series with a number, if there is one.
    #[inline(always)]
    pub(crate) fn numbered<R>(&self, number: usize, read: impl FnOnce(&Entry<T>, Here) -> R) -> Option<R> {
        let pin = cells::pin();
        let series = self.table.numbered(&pin, number)?;
        Some(read(series, pin.here()))
    }

    /// Reads the series of a label set, with what `make` makes if there is none, and gives it a number. Nothing when there is no room or `make`
    /// declines. No two callers make the same series. `is_lent` says whether the cell of a series is the one that is lent to its number.
    pub(crate) fn find_or_make<R>(
        &self,
        labels: &impl Labels,
        number: Option<usize>,
        is_lent: impl Fn(&T) -> bool,
        make: impl FnOnce(&JoinedTexts) -> Option<(T, Option<Owner>)>,
        read: impl FnOnce(&Entry<T>) -> R,
    ) -> Option<R> {
        // A full table need not be locked to be searched, but while series are hidden from look-ups.
        let look = self.expiring.watch();
        if self.is_full() && self.find(labels, |_| ()).is_none() && !look.was_disturbed() {
            return None;
        }
        // What the labels do to show their texts, they do before the lock.
        let (hash, texts) = (self.hash(labels), JoinedTexts::of(labels));
        let same = |series: &Entry<T>| series.texts == texts;
        let mut writer = self.table.write();
        if writer.find(hash, same).is_none() {
            self.insert(&mut writer, hash, &texts, make)?;
        }
        if let Some(number) = number {
            writer.set_number(number, hash, same, |series| is_lent(&series.value));
        }
        writer.find(hash, same).map(read)
    }

    fn insert(
        &self,
        writer: &mut TableWriter<'_, Entry<T>>,
        hash: u64,
        texts: &JoinedTexts,
        make: impl FnOnce(&JoinedTexts) -> Option<(T, Option<Owner>)>,
    ) -> Option<()> {
        if self.len() >= self.max_series || self.budget.as_ref().is_some_and(|budget| !budget.take()) {
            return None;
        }
        let inserted = make(texts)
            .and_then(|(value, owner)| writer.insert(hash, Entry::new(texts.clone(), value, owner)));
        if inserted.is_none() {
            self.give_back(1);
            return None;
        }
        self.live.store(writer.len(), Ordering::Relaxed);
        Some(())
    }

    /// Shows all series from a place on, roughly in the order in which they came: a new one takes the place of one that was removed. The place
    /// moves on behind each that is shown.
    pub(crate) fn visit(
        &self,
        next: &mut usize,
        mut show: impl FnMut(&Entry<T>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let end = self.table.place_count();
        let flow = (*next..end).try_for_each(|place| {
            // Pinned for one series at a time, so that removed ones are not kept by a walk that is slow.
            let pin = cells::pin();
            let flow = self.table.at(&pin, place).map_or(ControlFlow::Continue(()), &mut show);
            flow.map_break(|()| place + 1)
        });
        *next = flow.break_value().unwrap_or(end).max(*next);
        flow.map_break(|_| ())
    }

    /// Takes out the series of a label set, and says whether there was one.
    pub(crate) fn remove(&self, labels: &impl Labels) -> bool {
        let (pin, hash) = (cells::pin(), self.hash(labels));
        let found = self.table.find_place(&pin, hash, |series| series.texts.are_of(labels));
        self.remove_all(found) > 0
    }

    /// Takes out the series that `keep` does not want to keep.
    pub(crate) fn retain(&self, mut keep: impl FnMut(&Entry<T>) -> bool) {
        let pin = cells::pin();
        let series =
            (0..self.table.place_count()).filter_map(|place| Some((place, self.table.at(&pin, place)?)));
        let unwanted: Vec<_> = series.filter(|(_, series)| !keep(series)).collect();
        self.remove_all(unwanted);
    }

    /// Takes out series that the caller has found under a pin, and says how many were still in.
    fn remove_all<'s>(&self, found: impl IntoIterator<Item = (usize, &'s Entry<T>)>) -> usize
    where
        T: 's,
    {
        let mut writer = self.table.write();
        let before = writer.len();
        for (place, series) in found {
            // Pinned, so no other entry can be at the same address.
            if writer.at(place).is_some_and(|there| std::ptr::eq(there, series))
                && let Some(unlinked) = writer.unlink(place)
            {
                writer.discard(unlinked);
            }
        }
        let removed = before - writer.len();
        self.live.store(writer.len(), Ordering::Relaxed);
        drop(writer);
        self.give_back(removed);
        removed
    }

    /// Frees what was removed, if no look-up can still be at it. Not to be called during one.
    pub(crate) fn sweep(&self, only_if_much: bool) {
        let mut writer = self.table.write();
        if !only_if_much || writer.is_bin_full() {
            let discarded = writer.empty(cells::is_quiet);
            drop(writer);
            drop(discarded);
        }
    }

    fn give_back(&self, series: usize) {
        if let Some(budget) = &self.budget {
            (0..series).for_each(|_| budget.give());
        }
    }

    #[inline(always)]
    fn hash(&self, labels: &impl Labels) -> u64 {
        struct Hashing<H>(H);
        impl<H: Hasher> LabelVisitor for Hashing<H> {
            #[inline(always)]
            fn value(&mut self, text: &str) {
                // The hasher mixes in each length, so no separator is needed; and who is found is compared.
                self.0.write(texts::bounded(text).as_bytes());
            }
        }
        let mut hashing = Hashing(self.hasher.build_hasher());
        labels.visit(&mut hashing);
        hashing.0.finish()
    }
}

impl<T: Storage> SeriesTable<T> {
    /// Takes out the series that nobody has looked up, and nobody has held a handle on, for as long as `timeout` and since the last call. To be called by who
    /// has read all series since they called it last, and not during a look-up.
    ///
    /// Whoever records has a handle or changes what is recorded: both change the stamp. So of a series whose stamp is that of the last call, all was recorded
    /// before that, and has been read since.
    pub(crate) fn expire(&self, timeout: Duration, now: Instant, reading: &mut Reading) {
        let mut writer = self.table.write();
        let mut at_rest = Vec::new();
        for place in 0..self.table.place_count() {
            if let Some(series) = writer.at(place) {
                // What cannot rest has no stamp, and begins to rest when it has one again.
                let stamp = series.stamp(reading);
                let rests = series.rest.has_lasted(stamp.unwrap_or(0), timeout, now);
                if let Some(stamp) = stamp
                    && rests
                    && series.value.shared().is_only_handle()
                {
                    at_rest.push((place, stamp));
                }
            }
        }
        if !at_rest.is_empty() {
            let hiding = self.expiring.begin();
            let hidden: Vec<_> = at_rest
                .into_iter()
                .filter_map(|(place, stamp)| Some((writer.unlink(place)?, stamp)))
                .collect();
            // A look-up from before may be about to make a handle, or to record. Those from now on wait for the lock and find what was decided.
            let quiet = cells::is_quiet();
            let mut reading = Reading::new();
            for (unlinked, stamp) in hidden {
                let series = unlinked.entry(&writer);
                if quiet
                    && series.stamp(&mut reading) == Some(stamp)
                    && series.value.shared().is_only_handle()
                {
                    writer.discard(unlinked);
                    self.give_back(1);
                } else {
                    writer.put_back(unlinked);
                }
            }
            self.live.store(writer.len(), Ordering::Relaxed);
            drop(hiding);
        }
        let discarded = writer.empty(cells::is_quiet);
        drop(writer);
        drop(discarded);
    }
}
