//! From a value to its slot: one look into a table and one comparison, as from a value to its explicit bucket.

use std::sync::Arc;

use crate::buckets::{Measure, whole_slices};

/// The slots of values by their [slices](Measure::slice), where slots are so wide that hardly a slice has more than two of them in it. A clone shares
/// the table.
#[derive(Debug)]
pub struct SlotSlices<M>(Arc<[SlotSlice<M>]>);

#[derive(Debug)]
struct SlotSlice<M> {
    /// The greatest value in the first slot.
    bound: M,
    /// The slot of values up to the bound, and that of those beyond it.
    slots: [u32; 2],
}

/// Stands for slots that are not known. It is none.
const UNKNOWN: [u32; 2] = [u32::MAX; 2];

impl<M: Measure> SlotSlices<M> {
    /// The slot of a value. Nothing, or a number that no slot has, where one comparison does not tell.
    #[inline(always)]
    pub(super) fn get(&self, value: M) -> Option<u32> {
        let slice = self.0.get(value.slice())?;
        Some(slice.slots[usize::from(value > slice.bound)])
    }
}

impl SlotSlices<u64> {
    /// Learns the slots of whole numbers, which grow with the number, given the slot of a number and the greatest number that is in it.
    pub(super) fn new(slot: impl Fn(u64) -> u32, greatest: impl Fn(u64) -> u64) -> Self {
        let slice = |(first, last)| {
            let (below, above, bound) = (slot(first), slot(last), greatest(first));
            // What is beyond the last number of the slice does not occur in it.
            let slots = if bound >= last || slot(bound + 1) == above { [below, above] } else { UNKNOWN };
            SlotSlice { bound, slots }
        };
        Self(whole_slices().map(slice).collect())
    }
}

/// Knows no slot.
impl<M> Default for SlotSlices<M> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<M> Clone for SlotSlices<M> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::settings::HistogramSettings;
    use super::super::value::Value;
    use super::*;
    use crate::{Buckets, HistogramValue};

    /// Of all numbers at the ends of slices and of buckets.
    fn known_slots<V: HistogramValue + Value<Measure = u64>>(explicit: &Buckets) -> (usize, usize) {
        let (mut known, mut all) = (0, 0);
        for (schema, threshold) in
            (-4..=8).flat_map(|schema| [0.0, 1.12e-3, 1e5, 1e300].map(|at| (schema, at)))
        {
            let buckets = explicit.clone().and_native(schema, 160).zero_threshold(threshold);
            let settings = HistogramSettings::<V>::new(Some(buckets)).unwrap();
            let settings = settings.native().unwrap();
            let slices = settings.slices();
            let ends = whole_slices().flat_map(|(first, last)| [first, first.midpoint(last), last]);
            let bounds = [settings.grid().bounds(), settings.bounds()].concat();
            let around = bounds.into_iter().flat_map(|at| [at.saturating_sub(1), at, at.saturating_add(1)]);
            for value in ends.chain(around) {
                all += 1;
                if let Some(slot) = slices.get(value).filter(|slot| *slot != u32::MAX) {
                    known += 1;
                    assert_eq!(slot, settings.slot(value), "{value} in schema {schema} from {threshold}");
                }
            }
        }
        (known, all)
    }

    #[test]
    fn a_slot_that_is_known_is_the_right_one() {
        let near = Buckets::explicit([0.0, 1e-10, 2e-10, 1e-9, 1.5e-9, 2e-9, 1e300]);
        for explicit in [Buckets::explicit([]), Buckets::latency(), Buckets::exponential(1e-9, 1.5, 60), near]
        {
            for (known, all) in [known_slots::<Duration>(&explicit), known_slots::<u64>(&explicit)] {
                // Of the finer schemas none is known, and these have by far the most bounds.
                assert!(known * 5 > all, "{known} of {all} beside {explicit:?}");
            }
        }
    }
}
