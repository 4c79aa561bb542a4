//! A number for each slot of a histogram with native buckets.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Up to this many slots there is a row of them all. Those of durations and whole numbers are no more up to schema 3.
const ROW: u32 = 1024;

/// From slots to numbers, which are 0 until they are set. Without locks.
pub(super) struct SlotTable {
    /// Found by one load. Empty where there are pages.
    row: Box<[AtomicU32]>,
    /// They are made when they are needed, as values fall into few of the buckets that there could be.
    pages: Box<[OnceLock<Box<[AtomicU32]>>]>,
    /// 2 to this power is how many slots a page has.
    page_bits: u32,
}

impl SlotTable {
    /// Whether so many slots have a row.
    pub(super) fn is_row(slots: u32) -> bool {
        slots <= ROW
    }

    pub(super) fn new(slots: u32) -> Self {
        // About as many pages as slots to a page.
        let page_bits = slots.max(1).ilog2() / 2 + 1;
        if Self::is_row(slots) {
            return Self { row: zeros(slots), pages: Box::default(), page_bits };
        }
        let pages = (0..=slots >> page_bits).map(|_| OnceLock::new()).collect();
        Self { row: Box::default(), pages, page_bits }
    }

    /// The number of a slot. Acquire: whoever finds it has seen what was stored before it was set.
    pub(super) fn get(&self, slot: u32) -> u32 {
        self.place(slot).map_or(0, |number| number.load(Ordering::Acquire))
    }

    /// The same in a row; 0 where there is none.
    #[inline(always)]
    pub(super) fn get_in_row(&self, slot: u32) -> u32 {
        self.row.get(slot as usize).map_or(0, |number| number.load(Ordering::Acquire))
    }

    /// Sets it. Release: pairs with the acquire in `get`.
    pub(super) fn set(&self, slot: u32, number: u32) {
        if let Some(page) = self.pages.get((slot >> self.page_bits) as usize) {
            page.get_or_init(|| zeros(1 << self.page_bits));
        }
        if let Some(place) = self.place(slot) {
            place.store(number, Ordering::Release);
        }
    }

    fn place(&self, slot: u32) -> Option<&AtomicU32> {
        self.row.get(slot as usize).or_else(|| {
            let page = self.pages.get((slot >> self.page_bits) as usize)?.get()?;
            page.get((slot & ((1 << self.page_bits) - 1)) as usize)
        })
    }
}

fn zeros(slots: u32) -> Box<[AtomicU32]> {
    (0..slots).map(|_| AtomicU32::new(0)).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::settings::HistogramSettings;
    use super::*;
    use crate::Buckets;

    #[test]
    fn every_slot_has_its_number() {
        for slots in [1, ROW, ROW + 1, 5000, 1 << 20] {
            let table = SlotTable::new(slots);
            let some = || (0..slots).step_by(37).chain([slots - 1]);
            assert!(some().all(|slot| table.get(slot) == 0));
            some().for_each(|slot| table.set(slot, slot + 1));
            assert!(some().all(|slot| table.get(slot) == slot + 1), "{slots}");
            assert_eq!(table.get(u32::MAX), 0);
            let in_row = |slot| if SlotTable::is_row(slots) { slot + 1 } else { 0 };
            assert!(some().all(|slot| table.get_in_row(slot) == in_row(slot)), "{slots}");
        }
    }

    #[test]
    fn durations_and_whole_numbers_up_to_schema_3_have_a_row() {
        let bounds = || (1..=500).map(f64::from);
        let buckets = || Buckets::explicit(bounds()).and_native(3, 160);
        let of_durations =
            HistogramSettings::<Duration>::new(Some(buckets())).unwrap().native().unwrap().slots();
        let of_numbers = HistogramSettings::<u64>::new(Some(buckets())).unwrap().native().unwrap().slots();
        assert!(of_durations.max(of_numbers) <= ROW, "{of_durations}, {of_numbers}");
    }
}
