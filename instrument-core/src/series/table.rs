//! A hash table that is read without locks and only grows.
//!
//! Entries stand in an array of segments and never move. Tables of slots, each twice as long as the one before, say where: a
//! slot holds the index of an entry and the upper half of its hash, in one atomic number. A reader looks at the newest table alone.
//! Writers take a lock among themselves; when a table is half full they fill the next one and then point readers to it.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

/// Slots of the first table, and entries of the first segment.
const FIRST: usize = 16;

/// Tables and segments: enough for 2^32 entries.
const LEVELS: usize = 29;

/// The bits of a slot that hold the entry's index, plus one: a slot of zero is free.
const INDEX: u64 = u32::MAX as u64;

pub(super) struct Table<T> {
    segments: [OnceLock<Box<[OnceLock<T>]>>; LEVELS],
    tables: [OnceLock<Box<[AtomicU64]>>; LEVELS],
    /// Which of the tables is the newest.
    newest: AtomicUsize,
    /// How many entries there are. Written under the lock.
    len: AtomicUsize,
    writer: Mutex<()>,
}

impl<T> Table<T> {
    pub(super) fn new() -> Self {
        Self {
            segments: [const { OnceLock::new() }; LEVELS],
            tables: [const { OnceLock::new() }; LEVELS],
            newest: AtomicUsize::new(0),
            len: AtomicUsize::new(0),
            writer: Mutex::new(()),
        }
    }

    /// The index of the entry with this hash that `is` it.
    #[inline]
    pub(super) fn find(&self, hash: u64, is: impl Fn(&T) -> bool) -> Option<u32> {
        // Acquire: pairs with the release of `grow`, which follows the filling of the table.
        let slots = self.tables[self.newest.load(Ordering::Acquire)].get()?;
        let mask = slots.len() - 1;
        let mut place = (hash >> 32) as usize & mask;
        loop {
            // Acquire: pairs with the release of `put`, which follows the making of the entry.
            let slot = slots[place].load(Ordering::Acquire);
            if slot == 0 {
                return None;
            }
            if (slot ^ hash) & !INDEX == 0 {
                let index = (slot & INDEX) as u32 - 1;
                if self.entry(index).is_some_and(&is) {
                    return Some(index);
                }
            }
            place = (place + 1) & mask;
        }
    }

    /// The entry at an index.
    #[inline]
    pub(super) fn entry(&self, index: u32) -> Option<&T> {
        let (segment, place) = position(index as usize);
        self.segments[segment].get()?[place].get()
    }

    /// All entries, in the order they came in.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.segments.iter().map_while(OnceLock::get).flatten().map_while(OnceLock::get)
    }

    /// The index of the entry that `find` finds; if there is none, of the one that `make` makes, unless it declines. No two
    /// callers make the same entry.
    pub(super) fn find_or_insert(
        &self,
        hash: u64,
        is: impl Fn(&T) -> bool,
        make: impl FnOnce() -> Option<T>,
    ) -> Option<u32> {
        let _writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = self.find(hash, is) {
            return Some(index);
        }
        let len = self.len.load(Ordering::Relaxed);
        let index = u32::try_from(len).ok().filter(|&index| index < u32::MAX - 1)?;
        let entry = make()?;
        let (segment, place) = position(len);
        let entries = self.segments.get(segment)?.get_or_init(|| empty(FIRST << segment));
        // It was free, because `len` counts up under the lock.
        let _ = entries[place].set(entry);
        self.len.store(len + 1, Ordering::Relaxed);
        self.put(hash, index);
        Some(index)
    }

    /// Fills a slot, in the newest table that has room. The caller has the lock.
    fn put(&self, hash: u64, index: u32) {
        let newest = self.newest.load(Ordering::Relaxed);
        let slots = self.tables[newest].get_or_init(|| empty(FIRST << newest));
        if (index as usize + 1) * 2 > slots.len() && newest + 1 < LEVELS {
            let greater = self.tables[newest + 1].get_or_init(|| empty(FIRST << (newest + 1)));
            for slot in slots.iter().map(|slot| slot.load(Ordering::Relaxed)).filter(|&slot| slot != 0) {
                fill(greater, slot);
            }
            fill(greater, slot_of(hash, index));
            // Release: readers of the new table see it filled.
            self.newest.store(newest + 1, Ordering::Release);
        } else {
            fill(slots, slot_of(hash, index));
        }
    }
}

fn slot_of(hash: u64, index: u32) -> u64 {
    (hash & !INDEX) | (u64::from(index) + 1)
}

/// Puts a slot into the first free place from where its hash says. A table is never full.
fn fill(slots: &[AtomicU64], slot: u64) {
    let mask = slots.len() - 1;
    let mut place = (slot >> 32) as usize & mask;
    while slots[place].load(Ordering::Relaxed) != 0 {
        place = (place + 1) & mask;
    }
    // Release: whoever finds the slot sees the entry.
    slots[place].store(slot, Ordering::Release);
}

/// The segment of an entry, and its place there: segments hold 16, 32, 64, ... entries.
#[inline]
fn position(index: usize) -> (usize, usize) {
    let shifted = index + FIRST;
    let segment = (shifted.ilog2() - FIRST.ilog2()) as usize;
    (segment, shifted - (FIRST << segment))
}

fn empty<T: Default>(len: usize) -> Box<[T]> {
    (0..len).map(|_| T::default()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_found_in_tables_of_all_sizes() {
        let table = Table::new();
        for key in 0..5000_u64 {
            // A poor hash: many entries share their slot.
            let hash = (key % 700) << 32;
            assert_eq!(table.find(hash, |&entry| entry == key), None);
            let index = table.find_or_insert(hash, |&entry| entry == key, || Some(key));
            assert_eq!(index, Some(key as u32));
            assert_eq!(table.find_or_insert(hash, |&entry| entry == key, || None), index);
        }
        for key in 0..5000_u64 {
            assert_eq!(table.find((key % 700) << 32, |&entry| entry == key), Some(key as u32));
        }
        assert!(table.iter().copied().eq(0..5000));
    }

    #[test]
    fn an_entry_is_made_once_whoever_asks() {
        let table = Table::new();
        let made = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for key in 0..1000_u64 {
                        let make = || Some(made.fetch_add(1, Ordering::Relaxed)).map(|_| key);
                        table.find_or_insert(key << 32, |&entry| entry == key, make);
                    }
                });
            }
        });
        assert_eq!(made.into_inner(), 1000);
        assert_eq!(table.iter().count(), 1000);
    }
}
