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
    /// Learns the slots of whole numbers, which grow with the number.
    pub(super) fn new(slot: impl Fn(u64) -> u32) -> Self {
        let slice = |(first, last)| {
            let (below, above) = (slot(first), slot(last));
            let beyond = first_of(first, last, |value| slot(value) != below);
            // Where there is no other slot, what is beyond the bound never occurs.
            let slots = if slot(beyond) == above { [below, above] } else { UNKNOWN };
            SlotSlice { bound: if below == above { last } else { beyond - 1 }, slots }
        };
        Self(whole_slices().map(slice).collect())
    }
}

/// The first number of a range for which something holds, as it does for all after it; the last if it does for none.
fn first_of(mut first: u64, mut last: u64, holds: impl Fn(u64) -> bool) -> u64 {
    while first < last {
        let middle = first + (last - first) / 2;
        if holds(middle) { last = middle } else { first = middle + 1 }
    }
    last
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
    use super::*;
    use crate::Buckets;

    #[test]
    fn a_slot_that_is_known_is_the_right_one() {
        let (mut known, mut all) = (0, 0);
        for schema in -4..=3 {
            for explicit in [Buckets::explicit([]), Buckets::latency(), Buckets::exponential(1e-9, 1.5, 60)] {
                let native = [
                    explicit.clone().and_native(schema, 160),
                    explicit.and_native(schema, 160).zero_threshold(1.12e-3),
                ];
                for buckets in native {
                    let settings = HistogramSettings::<Duration>::new(Some(buckets)).unwrap();
                    let settings = settings.native().unwrap();
                    for (first, last) in whole_slices() {
                        let beyond =
                            first_of(first, last, |value| settings.slot(value) != settings.slot(first));
                        for value in
                            [first, last, first.midpoint(last), beyond, beyond - u64::from(beyond > first)]
                        {
                            all += 1;
                            if let Some(slot) = settings.slot_at_once(value).filter(|slot| *slot != u32::MAX)
                            {
                                known += 1;
                                assert_eq!(slot, settings.slot(value), "{value} in schema {schema}");
                            }
                        }
                    }
                }
            }
        }
        assert!(known * 10 > all * 9, "{known} of {all}");
    }
}
