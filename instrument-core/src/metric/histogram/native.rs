//! The cells of a histogram with native buckets: made when the first value falls into one.

use std::sync::atomic::{AtomicU32, Ordering, fence};
use std::sync::{Mutex, OnceLock, PoisonError};

use super::settings::NativeSettings;
use super::slot_slices::SlotSlices;
use super::slot_table::SlotTable;
use super::value::Counted;
use crate::buckets::{Measure, NativeBucket, Resolution};
use crate::cells::{CellId, Cells, Reading, Unsigned};
use crate::collect::NativeCounts;

/// How many cells are allocated at a time: the first is not a bucket's, it is for the sum of whole numbers or the count of what is not a number. So the sum
/// stands in the same chunk as the bucket, and is found by the same look.
const EXTENT: u16 = 16;

const BUCKETS: usize = EXTENT as usize - 1;

/// Where the values of each slot are counted. A writer finds the cell of a known slot without a lock; all else is under a lock that readers never take.
///
/// When there are more buckets than allowed, only the [`Resolution`] changes: the cells stay, and a reader adds up those that are now one
/// bucket. A slot that is met for the first time shares the cell of a bucket that there is. So nothing is moved, no writer waits,
/// and no value is lost.
pub(super) struct NativeCells<M: Measure> {
    settings: NativeSettings<M>,
    slices: SlotSlices<M>,
    /// The cell of each slot, as [`Place::to_bits`]; 0 while it has none.
    places: SlotTable,
    first: Extent,
    resolution: AtomicU32,
    /// Held while a slot is given a cell.
    growing: Mutex<()>,
}

/// Some cells, and the extent that was allocated after them.
struct Extent {
    cells: Cells<Unsigned>,
    /// The slot that each cell but the first was made for, plus 1; 0 while it is free.
    slots: [AtomicU32; BUCKETS],
    next: OnceLock<Box<Extent>>,
}

/// A cell, by the first one of its extent and its place from there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) first: CellId<Unsigned>,
    pub(super) place: u32,
}

/// What native cells hold.
#[derive(Debug)]
pub(super) struct NativeReading {
    /// The sum of whole numbers.
    pub(super) sum: u64,
    /// What the first of all cells holds.
    pub(super) first: u64,
    /// How many values in each explicit bucket.
    pub(super) explicit: Vec<u64>,
    pub(super) native: NativeCounts,
}

impl<M: Counted> NativeCells<M> {
    /// Room for as many slots, all without a cell; or nothing when no cells are left.
    pub(super) fn allocate(settings: &NativeSettings<M>) -> Option<Self> {
        Some(Self {
            slices: settings.slices().clone(),
            places: SlotTable::new(settings.slots()),
            settings: settings.clone(),
            first: Extent::allocate()?,
            resolution: AtomicU32::new(Resolution::default().to_bits()),
            growing: Mutex::new(()),
        })
    }

    /// The first of all cells.
    pub(super) fn first(&self) -> CellId<Unsigned> {
        self.first.cells.first()
    }

    /// Where a value, which is a number, is counted. Nothing when no value was in its slot before.
    pub(super) fn find(&self, value: M) -> Option<Place> {
        self.find_slot(self.settings.slot(value))
    }

    /// The same by two loads. Nothing, too, where these do not tell.
    #[inline(always)]
    pub(super) fn find_at_once(&self, value: M) -> Option<Place> {
        Place::from_bits(self.places.get_in_row(self.slices.get(value)?))
    }

    /// Whoever counts in the cell has seen the resolution at which the slot was given it.
    #[inline(always)]
    fn find_slot(&self, slot: u32) -> Option<Place> {
        Place::from_bits(self.places.get(slot))
    }

    /// Gives the slot of a value a cell: that of another slot in the same buckets, or a new one.
    pub(super) fn populate(&self, value: M) -> Place {
        let slot = self.settings.slot(value);
        let _growing = self.growing.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = self.find_slot(slot) {
            return place;
        }
        let known: Vec<(u32, Place)> = self.extents().flat_map(Extent::places).collect();
        let resolution = self.lower_resolution(slot, &known);
        let buckets = self.settings.buckets(slot, resolution);
        let same = known.iter().find(|(other, _)| self.settings.buckets(*other, resolution) == buckets);
        let place = match same {
            Some(&(_, place)) => place,
            // When the process has no cells left, the nearest bucket that has one counts the value too. The first extent is there, so there is one.
            None => self.new_place(slot).unwrap_or_else(|| self.nearest(slot, &known)),
        };
        self.places.set(slot, place.to_bits());
        place
    }

    /// Lowers the resolution until there are no more buckets than allowed, with that of the slot among them.
    fn lower_resolution(&self, slot: u32, known: &[(u32, Place)]) -> Resolution {
        let grid = self.settings.grid();
        // Relaxed: it is only changed under the lock.
        let before = Resolution::from_bits(self.resolution.load(Ordering::Relaxed));
        let mut resolution = before;
        let slots = || known.iter().map(|(slot, _)| *slot).chain([slot]);
        while populated(slots().map(|slot| self.settings.buckets(slot, resolution).0))
            > grid.settings().max_buckets
        {
            resolution = resolution.lower(grid);
        }
        if resolution != before {
            // Release: with the store of the slot's place, which comes later, it is seen by whoever finds the cell.
            self.resolution.store(resolution.to_bits(), Ordering::Release);
        }
        resolution
    }

    /// A cell that is free.
    fn new_place(&self, slot: u32) -> Option<Place> {
        let last = self.extents().last()?;
        match last.take(slot) {
            Some(place) => Some(place),
            None => {
                let next = Extent::allocate()?;
                let place = next.take(slot);
                // Under the lock nobody else sets it.
                let _ = last.next.set(Box::new(next));
                place
            }
        }
    }

    fn nearest(&self, slot: u32, known: &[(u32, Place)]) -> Place {
        let nearest = known.iter().min_by_key(|(other, _)| other.abs_diff(slot));
        nearest.map_or(Place { first: self.first(), place: 1 }, |(_, place)| *place)
    }

    fn extents(&self) -> impl Iterator<Item = &Extent> {
        std::iter::successors(Some(&self.first), |extent| extent.next.get().map(|next| &**next))
    }

    /// A number that is another one whenever something was counted since.
    pub(super) fn recorded(&self, reading: &mut Reading) -> u64 {
        self.extents().fold(0, |all: u64, extent| all.wrapping_add(reading.mixed(&extent.cells)))
    }

    /// What all cells hold.
    pub(super) fn read(&self, reading: &mut Reading) -> NativeReading {
        let (mut sums, mut counted) = (Vec::new(), Vec::new());
        for extent in self.extents() {
            let Some((&sum, counts)) = reading.range(&extent.cells).split_first() else { continue };
            sums.push(sum);
            for (slot, &count) in extent.slots.iter().zip(counts).filter(|(_, count)| **count > 0) {
                // Acquire: after the resolution at which it was made.
                counted.extend(slot.load(Ordering::Acquire).checked_sub(1).map(|slot| (slot, count)));
            }
        }
        // After the cells: one that slots share is read at the resolution at which they came to share it, or at a lower one.
        fence(Ordering::Acquire);
        let resolution = Resolution::from_bits(self.resolution.load(Ordering::Acquire));

        let mut explicit = vec![0_u64; self.settings.explicit_buckets()];
        let mut native = Vec::with_capacity(counted.len());
        for (slot, count) in counted {
            let (bucket, explicit_bucket) = self.settings.buckets(slot, resolution);
            native.push((bucket, count));
            if let Some(total) = explicit.get_mut(explicit_bucket) {
                *total = total.saturating_add(count);
            }
        }
        let grid = self.settings.grid();
        NativeReading {
            sum: sums.iter().fold(0, |total, &sum| total.saturating_add(sum)),
            first: sums.first().copied().unwrap_or(0),
            explicit,
            native: NativeCounts::new(resolution.schema(grid), resolution.zero_threshold(grid), native),
        }
    }
}

/// How many buckets there are but for the zero bucket.
fn populated(buckets: impl Iterator<Item = NativeBucket>) -> usize {
    let mut buckets: Vec<NativeBucket> = buckets.filter(|bucket| *bucket != NativeBucket::Zero).collect();
    buckets.sort_unstable();
    buckets.dedup();
    buckets.len()
}

impl Extent {
    fn allocate() -> Option<Self> {
        let slots = std::array::from_fn(|_| AtomicU32::new(0));
        Some(Self { cells: Cells::allocate(EXTENT)?, slots, next: OnceLock::new() })
    }

    /// The first free cell, for a slot.
    fn take(&self, slot: u32) -> Option<Place> {
        let free = self.slots.iter().position(|slot| slot.load(Ordering::Relaxed) == 0)?;
        // Release: whoever counts the cell to this slot has seen the resolution.
        self.slots[free].store(slot + 1, Ordering::Release);
        Some(self.place(free))
    }

    /// The slots that cells were made for, and those cells.
    fn places(&self) -> impl Iterator<Item = (u32, Place)> {
        let slots = self.slots.iter().enumerate();
        slots.filter_map(|(index, slot)| {
            Some((slot.load(Ordering::Relaxed).checked_sub(1)?, self.place(index)))
        })
    }

    fn place(&self, index: usize) -> Place {
        Place { first: self.cells.first(), place: index as u32 + 1 }
    }
}

impl Place {
    /// The number of the first cell, which is below 2^25, and the place. Never 0, because the place is not.
    fn to_bits(self) -> u32 {
        self.first.number() << 7 | self.place
    }

    #[inline]
    fn from_bits(bits: u32) -> Option<Self> {
        let place = bits & 0x7f;
        (bits != 0).then(|| Self { first: CellId::from_number(bits >> 7), place })
    }
}
