//! Which ids are in use: ranges of cells within one chunk.

use std::collections::{BTreeMap, BTreeSet};
use std::marker::PhantomData;
use std::ops::Range;

use super::chunk::CELLS;
use super::kind::Kind;
use super::slab::CHUNKS;

/// The chunks of one kind that have been given out.
pub(super) type Region = Range<usize>;

/// How many kinds of cells there are.
pub(super) const KINDS: usize = 4;

/// Where the region of each kind begins (invariant 6). Most cells are counts.
#[cfg(not(loom))]
const BOUNDS: [usize; KINDS + 1] = [0, CHUNKS / 2, CHUNKS / 8 * 5, CHUNKS / 4 * 3, CHUNKS];
#[cfg(loom)]
const BOUNDS: [usize; KINDS + 1] = [0, CHUNKS - 3, CHUNKS - 2, CHUNKS - 1, CHUNKS];

/// The name of a cell of a kind: the same in every slab.
#[derive(Debug)]
pub struct CellId<K> {
    chunk: u16,
    offset: u16,
    kind: PhantomData<K>,
}

impl<K> Clone for CellId<K> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<K> Copy for CellId<K> {}

impl<K: Kind> CellId<K> {
    /// The index of its chunk: every `u16` is one, so indexing needs no comparison.
    #[inline]
    pub(crate) fn chunk(self) -> usize {
        usize::from(self.chunk)
    }

    /// Its place in the chunk.
    #[inline]
    pub(crate) fn offset(self) -> u16 {
        self.offset
    }

    /// The cell's number among those of all chunks, below 2^25: for who keeps an id in an atomic.
    #[inline]
    pub(crate) fn number(self) -> u32 {
        u32::from(self.chunk) * CELLS as u32 + u32::from(self.offset)
    }

    /// The cell of this number. It must come from an id of the same kind.
    #[inline]
    pub(crate) fn from_number(number: u32) -> Self {
        let (chunk, offset) = ((number / CELLS as u32) as u16, (number % CELLS as u32) as u16);
        Self { chunk, offset, kind: PhantomData }
    }

    /// The cell that stands `places` behind this one in the same range.
    #[inline]
    pub(crate) fn nth(self, places: u16) -> Self {
        Self { offset: self.offset.wrapping_add(places), ..self }
    }
}

/// Gives out the ranges of one region, and takes them back.
pub(super) struct Ids {
    /// First chunk of the region.
    first: usize,
    /// One past the last chunk of the region.
    end: usize,
    /// Chunks given out so far, counted from `first`.
    used: usize,
    /// Free ranges: from their first cell (chunk times 512, plus offset) to their length. Neighbours are merged.
    free: BTreeMap<usize, usize>,
    /// The same, as (length, first cell): the shortest that fits is found at once.
    by_length: BTreeSet<(usize, usize)>,
}

impl Ids {
    pub(super) const fn new(region: usize) -> Self {
        Self {
            first: BOUNDS[region],
            end: BOUNDS[region + 1],
            used: 0,
            free: BTreeMap::new(),
            by_length: BTreeSet::new(),
        }
    }

    /// The chunks in use.
    pub(super) fn region(&self) -> Region {
        self.first..self.first + self.used
    }

    /// A range of `len` cells in one chunk, at most [`CELLS`], or nothing when the region is full.
    pub(super) fn allocate<K: Kind>(&mut self, len: u16) -> Option<CellId<K>> {
        let wanted = usize::from(len);
        if wanted > CELLS {
            return None;
        }
        // Best fit: what is left over is small, and long ranges stay whole for histograms.
        let (free, start) = match self.by_length.range((wanted, 0)..).next() {
            Some(&fitting) => fitting,
            None if self.first + self.used < self.end => {
                let start = (self.first + self.used) * CELLS;
                self.used += 1;
                (CELLS, start)
            }
            None => return None,
        };
        self.take(start, free);
        if free > wanted {
            self.put(start + wanted, free - wanted);
        }
        let chunk = u16::try_from(start / CELLS).ok()?;
        let offset = u16::try_from(start % CELLS).ok()?;
        Some(CellId { chunk, offset, kind: PhantomData })
    }

    /// Takes a range back.
    pub(super) fn free<K: Kind>(&mut self, id: CellId<K>, len: u16) {
        let mut start = id.chunk() * CELLS + usize::from(id.offset);
        let mut len = usize::from(len);
        // A range never spans two chunks, so neighbours merge only within one.
        let same_chunk = |other: usize, start: usize| other / CELLS == start / CELLS;
        if let Some(&next) = self.free.get(&(start + len))
            && same_chunk(start + len, start)
        {
            self.take(start + len, next);
            len += next;
        }
        if let Some((&before, &before_len)) = self.free.range(..start).next_back()
            && before + before_len == start
            && same_chunk(before, start)
        {
            self.take(before, before_len);
            start = before;
            len += before_len;
        }
        self.put(start, len);
    }

    fn put(&mut self, start: usize, len: usize) {
        self.free.insert(start, len);
        self.by_length.insert((len, start));
    }

    fn take(&mut self, start: usize, len: usize) {
        self.free.remove(&start);
        self.by_length.remove(&(len, start));
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::super::kind::{Float, Paired, Unsigned};
    use super::*;

    #[test]
    fn a_range_never_spans_two_chunks() {
        let mut ids = Ids::new(0);
        let first = ids.allocate::<Unsigned>(300).unwrap();
        let second = ids.allocate::<Unsigned>(300).unwrap();
        assert_eq!((first.chunk(), first.offset()), (0, 0));
        assert_eq!((second.chunk(), second.offset()), (1, 0));
        // The rest of the first chunk is not lost.
        let third = ids.allocate::<Unsigned>(212).unwrap();
        assert_eq!((third.chunk(), third.offset()), (0, 300));
    }

    #[test]
    fn freed_neighbours_become_one_range_again() {
        let mut ids = Ids::new(1);
        let parts: Vec<CellId<Paired>> = (0..4).map(|_| ids.allocate(128).unwrap()).collect();
        for part in [1, 3, 0, 2] {
            ids.free(parts[part], 128);
        }
        let whole = ids.allocate::<Paired>(512).unwrap();
        assert_eq!((whole.chunk(), whole.offset()), (BOUNDS[1], 0));
        assert_eq!(ids.region().len(), 1);
    }

    #[test]
    fn a_full_region_and_a_range_too_long_give_nothing() {
        let mut ids = Ids::new(2);
        assert!(ids.allocate::<Float>(513).is_none());
        for _ in BOUNDS[2]..BOUNDS[3] {
            assert!(ids.allocate::<Float>(512).is_some());
        }
        assert!(ids.allocate::<Float>(1).is_none());
    }
}
