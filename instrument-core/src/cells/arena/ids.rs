//! Which ids are in use: ranges of cells within one chunk.

use std::collections::{BTreeMap, BTreeSet};
use std::marker::PhantomData;

use super::chunk::CELLS;
use super::kind::Kind;
use super::slab::CHUNKS;

/// How many kinds of cells there are.
pub(super) const KINDS: usize = 4;

/// The name of a cell of a kind: the same in every slab.
#[derive(Debug)]
pub struct CellId<K> {
    /// Its number among those of all chunks, below 2^25. One number, so that an id is copied and read as a whole.
    number: u32,
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
    /// The index of its chunk.
    #[inline]
    pub(crate) fn chunk(self) -> usize {
        self.number as usize / CELLS
    }

    /// Its place in the chunk.
    #[inline]
    pub(crate) fn offset(self) -> u16 {
        (self.number as usize % CELLS) as u16
    }

    /// The cell's number among those of all chunks, below 2^25: for who keeps an id in an atomic.
    #[inline]
    pub(crate) fn number(self) -> u32 {
        self.number
    }

    /// The cell of this number. It must come from an id of the same kind.
    #[inline]
    pub(crate) fn from_number(number: u32) -> Self {
        Self { number, kind: PhantomData }
    }

    /// The cell that stands `places` behind this one in the same range.
    #[inline]
    pub(crate) fn nth(self, places: u32) -> Self {
        Self::from_number(self.number.wrapping_add(places))
    }
}

/// Gives out ranges, and takes them back.
pub(super) struct Ids {
    /// For each chunk that was given out, which kind of cells is in it (invariant 6).
    kinds: Vec<u8>,
    free: [FreeRanges; KINDS],
}

impl Ids {
    pub(super) const fn new() -> Self {
        Self { kinds: Vec::new(), free: [const { FreeRanges::new() }; KINDS] }
    }

    /// The chunks in use, each with its kind's index.
    pub(super) fn chunks(&self) -> impl Iterator<Item = (usize, usize)> {
        self.kinds.iter().map(|&kind| usize::from(kind)).enumerate()
    }

    /// A range of `len` cells in one chunk, at most [`CELLS`], or nothing when no chunk is left.
    pub(super) fn allocate<K: Kind>(&mut self, len: u16) -> Option<CellId<K>> {
        let wanted = usize::from(len);
        if wanted > CELLS {
            return None;
        }
        let free = &mut self.free[K::INDEX];
        let (length, start) = match free.shortest(wanted) {
            Some(fitting) => fitting,
            None if self.kinds.len() < CHUNKS => {
                let start = self.kinds.len() * CELLS;
                self.kinds.push(K::INDEX as u8);
                (CELLS, start)
            }
            None => return None,
        };
        free.take(start, length);
        if length > wanted {
            free.put(start + wanted, length - wanted);
        }
        Some(CellId::from_number(u32::try_from(start).ok()?))
    }

    /// Takes a range back.
    pub(super) fn free<K: Kind>(&mut self, id: CellId<K>, len: u16) {
        self.free[K::INDEX].merge(id.chunk() * CELLS + usize::from(id.offset()), usize::from(len));
    }
}

/// The free ranges of one kind.
struct FreeRanges {
    /// From their first cell (chunk times 512, plus offset) to their length. Neighbours are merged.
    by_start: BTreeMap<usize, usize>,
    /// The same, as (length, first cell).
    by_length: BTreeSet<(usize, usize)>,
}

impl FreeRanges {
    const fn new() -> Self {
        Self { by_start: BTreeMap::new(), by_length: BTreeSet::new() }
    }

    /// The shortest range of at least this length: what is left over is small, and long ranges stay whole for histograms.
    fn shortest(&self, wanted: usize) -> Option<(usize, usize)> {
        self.by_length.range((wanted, 0)..).next().copied()
    }

    /// Puts a range in, as one with its free neighbours.
    fn merge(&mut self, mut start: usize, mut len: usize) {
        // A range never spans two chunks, so neighbours merge only within one.
        let same_chunk = |other: usize, start: usize| other / CELLS == start / CELLS;
        if let Some(&next) = self.by_start.get(&(start + len))
            && same_chunk(start + len, start)
        {
            self.take(start + len, next);
            len += next;
        }
        if let Some((&before, &before_len)) = self.by_start.range(..start).next_back()
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
        self.by_start.insert(start, len);
        self.by_length.insert((len, start));
    }

    fn take(&mut self, start: usize, len: usize) {
        self.by_start.remove(&start);
        self.by_length.remove(&(len, start));
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::super::kind::{Float, Paired, Unsigned};
    use super::*;

    #[test]
    fn a_range_never_spans_two_chunks() {
        let mut ids = Ids::new();
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
        let mut ids = Ids::new();
        let parts: Vec<CellId<Paired>> = (0..4).map(|_| ids.allocate(128).unwrap()).collect();
        for part in [1, 3, 0, 2] {
            ids.free(parts[part], 128);
        }
        let whole = ids.allocate::<Paired>(512).unwrap();
        assert_eq!((whole.chunk(), whole.offset()), (0, 0));
        assert_eq!(ids.chunks().count(), 1);
    }

    #[test]
    fn full_slabs_and_a_range_too_long_give_nothing() {
        let mut ids = Ids::new();
        assert!(ids.allocate::<Float>(513).is_none());
        for _ in 0..CHUNKS {
            assert!(ids.allocate::<Float>(512).is_some());
        }
        assert!(ids.allocate::<Float>(1).is_none());
    }

    #[test]
    fn a_chunk_has_cells_of_one_kind() {
        let mut ids = Ids::new();
        let chunks = [
            ids.allocate::<Unsigned>(1).unwrap().chunk(),
            ids.allocate::<Float>(1).unwrap().chunk(),
            ids.allocate::<Unsigned>(1).unwrap().chunk(),
            ids.allocate::<Float>(1).unwrap().chunk(),
        ];
        assert_eq!(chunks, [0, 1, 0, 1]);
        assert!(ids.chunks().eq([(0, Unsigned::INDEX), (1, Float::INDEX)]));
    }
}
