use std::fmt;
use std::sync::{Arc, OnceLock};

use super::HistogramValue;
use super::slot_slices::SlotSlices;
use super::slot_table::SlotTable;
use super::value::Counted;
use crate::Buckets;
use crate::buckets::{Bounds, Measure, NativeBucket, NativeBuckets, NativeGrid, Resolution};
use crate::clock::ProcessClock;

/// What all histograms of a family share: the bounds, and the tables that find a value's bucket.
pub struct HistogramSettings<V: HistogramValue> {
    bounds: Bounds<V::Measure>,
    native: Option<Arc<NativeSettings<V::Measure>>>,
}

/// How a value finds its cell when there are native buckets.
///
/// A cell counts the values that are in the same native bucket and in the same explicit one: so one addition counts in both, and they never contradict
/// each other. The *slot* of a value is the place of its native bucket plus that of its explicit bucket. As the value grows neither goes back, so
/// that their sum tells both.
pub(super) struct NativeSettings<M: Measure> {
    grid: NativeGrid<M::Finder>,
    bounds: Bounds<M>,
    /// The slot of each bound itself.
    bound_slots: Arc<[u32]>,
    /// Made for the first series of a family, as settings are made at each registration.
    slices: OnceLock<SlotSlices<M>>,
}

impl<V: HistogramValue> HistogramSettings<V> {
    /// The settings for buckets that the values can fall into, or the rule that the buckets break.
    pub(super) fn new(buckets: Option<Buckets>) -> Result<Self, String> {
        let buckets = buckets.unwrap_or_else(V::default_buckets);
        buckets.check()?;
        match buckets.bounds().first() {
            Some(bound) if *bound < 0.0 && !V::NEGATIVE => {
                return Err(format!(
                    "the bound {bound:?} is below 0, which no `{}` is: leave it out",
                    V::NAME
                ));
            }
            _ => {}
        }
        if V::NANOSECONDS {
            // So that no recording call has to.
            ProcessClock::get();
        }
        let bounds = Bounds::new(buckets.bounds(), V::per_unit());
        let native = buckets.native_buckets().map(|native| {
            let grid = NativeGrid::new(native, V::per_unit() as u64);
            let slots = (0..).zip(bounds.measured()).map(|(bucket, &bound)| grid.place(bound) + bucket);
            let bound_slots = slots.collect();
            Arc::new(NativeSettings { grid, bounds: bounds.clone(), bound_slots, slices: OnceLock::new() })
        });
        Ok(Self { bounds, native })
    }

    /// The place of the explicit bucket that a value falls into.
    #[inline]
    pub(super) fn bucket(&self, measure: V::Measure) -> u32 {
        self.bounds.bucket(measure)
    }

    /// The same, unless it takes a search.
    #[inline(always)]
    pub(super) fn bucket_at_once(&self, measure: V::Measure) -> Option<u32> {
        self.bounds.bucket_at_once(measure)
    }

    /// The bounds as exposed.
    pub(super) fn exposed(&self) -> &[f64] {
        self.bounds.exposed()
    }

    pub(super) fn native(&self) -> Option<&NativeSettings<V::Measure>> {
        self.native.as_deref()
    }

    /// What the native buckets were asked to be.
    pub(super) fn native_buckets(&self) -> Option<NativeBuckets> {
        self.native.as_ref().map(|native| *native.grid.settings())
    }
}

impl<M: Measure> NativeSettings<M> {
    pub(super) fn grid(&self) -> &NativeGrid<M::Finder> {
        &self.grid
    }

    /// The slot of a value, which is a number.
    pub(super) fn slot(&self, value: M) -> u32 {
        let place = self.grid.place(value);
        if self.bounds.is_empty() { place } else { place + self.bounds.bucket(value) }
    }

    /// What finds slots at once. Nothing where the table behind them is no row, and for floating-point numbers.
    pub(super) fn slices(&self) -> &SlotSlices<M>
    where
        M: Counted,
    {
        let greatest = |value| {
            let at = self.grid.place(value) as usize;
            let native = self.grid.bounds().get(at).copied().unwrap_or(M::BEYOND);
            let explicit = self.bounds.measured().get(self.bounds.bucket(value) as usize).copied();
            explicit.filter(|explicit| *explicit < native).unwrap_or(native)
        };
        self.slices.get_or_init(|| {
            let is_row = SlotTable::is_row(self.slots());
            if is_row { M::slot_slices(|value| self.slot(value), greatest) } else { SlotSlices::default() }
        })
    }

    /// The explicit bounds.
    #[cfg(test)]
    pub(super) fn bounds(&self) -> &[M] {
        self.bounds.measured()
    }

    /// How many slots there are.
    pub(super) fn slots(&self) -> u32 {
        self.grid.places() + self.bound_slots.len() as u32
    }

    /// How many explicit buckets there are, with `+Inf`.
    pub(super) fn explicit_buckets(&self) -> usize {
        self.bound_slots.len() + 1
    }

    /// The buckets that the values of a slot are in: the native one at a resolution, and the place of the explicit one.
    pub(super) fn buckets(&self, slot: u32, resolution: Resolution) -> (NativeBucket, usize) {
        let explicit = self.bound_slots.partition_point(|&bound| bound < slot);
        let finest = self.grid.bucket(slot - explicit as u32);
        (resolution.bucket(&self.grid, finest), explicit)
    }
}

impl<V: HistogramValue> Clone for HistogramSettings<V> {
    fn clone(&self) -> Self {
        Self { bounds: self.bounds.clone(), native: self.native.clone() }
    }
}

impl<M: Measure> Clone for NativeSettings<M> {
    fn clone(&self) -> Self {
        Self {
            grid: self.grid.clone(),
            bounds: self.bounds.clone(),
            bound_slots: Arc::clone(&self.bound_slots),
            slices: self.slices.clone(),
        }
    }
}

impl<V: HistogramValue> PartialEq for HistogramSettings<V> {
    fn eq(&self, other: &Self) -> bool {
        self.exposed() == other.exposed() && self.native_buckets() == other.native_buckets()
    }
}

impl<V: HistogramValue> fmt::Debug for HistogramSettings<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HistogramSettings")
            .field("bounds", &self.exposed())
            .field("native", &self.native_buckets())
            .finish()
    }
}
