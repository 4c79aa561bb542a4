use std::sync::Arc;

use super::powers::whole_bound;
use super::{Finder, NativeBuckets};
use crate::buckets::Measure;

/// Finds the native buckets of whole numbers, which may be parts of the unit that the bounds are in: nanoseconds of a second.
///
/// The bounds are rounded down to whole numbers, which leaves every comparison as it was. Numbers are cut into slices so narrow that no slice has
/// more than one bound in it.
#[derive(Debug, Clone)]
pub struct WholeFinder {
    /// 2 to this power is how many slices there are to a power of two.
    precision: u32,
    slices: Arc<[Slice]>,
    /// The greatest number at each place. The zero bucket is the first.
    bounds: Arc<[u64]>,
    first_index: i32,
}

/// What is known of a number by its slice.
#[derive(Debug)]
struct Slice {
    /// The first bound that is not below all of the slice.
    bound: u64,
    place: u32,
}

/// Enough for all schemas up to 3, and known at compile time.
const COMMON_PRECISION: u32 = 4;

impl WholeFinder {
    /// The number's slice.
    #[inline]
    fn slice(&self, value: u64) -> usize {
        match self.precision {
            COMMON_PRECISION => slice(value, COMMON_PRECISION),
            precision => slice(value, precision),
        }
    }

    /// The same without the slices.
    fn search(&self, value: u64) -> u32 {
        self.bounds.partition_point(|&bound| bound < value) as u32
    }
}

impl Finder for WholeFinder {
    type Value = u64;

    fn new(settings: &NativeBuckets, per_unit: u64) -> Self {
        let &NativeBuckets { schema, zero_threshold, .. } = settings;
        let bound = |index| whole_bound(schema, index, per_unit);
        let in_zero = u64::from_bound(zero_threshold, per_unit as f64);
        // From one below the least number that is not 0, 1 ns, to beyond the greatest.
        let (least, greatest) = match u32::try_from(schema) {
            Ok(schema) => (-30 << schema, 64 << schema),
            Err(_) => (-30 >> schema.unsigned_abs(), (64 >> schema.unsigned_abs()) + 1),
        };
        let first_index = (least..greatest).find(|&index| bound(index) > in_zero).unwrap_or(greatest);
        let mut bounds = vec![in_zero];
        bounds.extend((first_index..=greatest).map(bound));
        // The last bucket that a number can fall into is the first that reaches the greatest.
        let end = bounds.iter().position(|&bound| bound == u64::MAX).unwrap_or(bounds.len() - 1);
        bounds.truncate(end + 1);

        let precision = COMMON_PRECISION.max(schema.max(0).unsigned_abs() + 1);
        let mut finder = Self { precision, slices: Arc::default(), bounds: bounds.into(), first_index };
        let starts = slice_starts(precision);
        let slice =
            |place| Slice { bound: finder.bounds.get(place as usize).copied().unwrap_or(u64::MAX), place };
        finder.slices = starts.map(|start| slice(finder.search(start))).collect();
        finder
    }

    #[inline]
    fn place(&self, value: u64) -> u32 {
        // Every number has a slice.
        self.slices.get(self.slice(value)).map_or(0, |slice| slice.place + u32::from(value > slice.bound))
    }

    fn first_index(&self) -> i32 {
        self.first_index
    }

    fn zero(&self) -> u32 {
        0
    }

    fn places(&self) -> u32 {
        self.bounds.len() as u32
    }
}

/// The number's slice. Numbers below 2^precision have a slice each.
#[inline(always)]
fn slice(value: u64, precision: u32) -> usize {
    let shift = (value | 1 << precision).ilog2() - precision;
    ((shift as usize) << precision) + (value >> shift) as usize
}

/// The least number of each slice.
fn slice_starts(precision: u32) -> impl Iterator<Item = u64> {
    let narrow = 0..1_u64 << precision;
    let wide = (precision..64).flat_map(move |exponent| {
        (1 << precision..2_u64 << precision).map(move |slice| slice << (exponent - precision))
    });
    narrow.chain(wide)
}

#[cfg(test)]
mod tests {
    use super::super::{MAX_SCHEMA, MIN_SCHEMA, NativeBucket, NativeGrid};
    use super::*;

    fn finder(schema: i32, zero_threshold: f64, per_unit: u64) -> WholeFinder {
        let settings = NativeBuckets { zero_threshold, ..NativeBuckets::new(schema, 160) };
        WholeFinder::new(&settings, per_unit)
    }

    #[test]
    fn every_number_is_at_the_first_place_whose_bound_is_not_below_it() {
        for schema in MIN_SCHEMA..=MAX_SCHEMA {
            for (zero_threshold, per_unit) in
                [(0.0, 1), (0.0, 1_000_000_000), (1e-3, 1_000_000_000), (100.0, 1), (1e300, 1)]
            {
                let finder = finder(schema, zero_threshold, per_unit);
                let near = |at: u64| [at.saturating_sub(1), at, at.saturating_add(1)];
                let starts = slice_starts(finder.precision);
                for value in finder.bounds.iter().copied().chain(starts).flat_map(near) {
                    let place = finder.place(value);
                    assert_eq!(place, finder.search(value), "{value} in schema {schema}");
                    assert!(place < finder.places(), "{value} in schema {schema}");
                }
            }
        }
    }

    #[test]
    fn durations_are_in_the_bucket_of_their_seconds() {
        for schema in MIN_SCHEMA..=MAX_SCHEMA {
            let settings = NativeBuckets::new(schema, 160);
            let grid = NativeGrid::<WholeFinder>::new(settings, 1_000_000_000);
            let bucket = |nanoseconds| grid.bucket(grid.place(nanoseconds));
            let at = |index: i32| {
                NativeBucket::Positive(match u32::try_from(schema) {
                    Ok(schema) => index << schema,
                    Err(_) => (index + (1 << -schema) - 1) >> -schema,
                })
            };
            let above = |index: i32| match u32::try_from(schema) {
                Ok(schema) => NativeBucket::Positive((index << schema) + 1),
                Err(_) => at(index + 1),
            };
            assert_eq!(bucket(0), NativeBucket::Zero);
            for power in 0..34 {
                let exact = 1_000_000_000 << power;
                assert_eq!((bucket(exact), bucket(exact + 1)), (at(power), above(power)), "2^{power} s");
            }
            for power in 1..10 {
                let exact = 1_000_000_000 >> power;
                assert_eq!((bucket(exact), bucket(exact + 1)), (at(-power), above(-power)), "2^-{power} s");
            }
            // 2^-10 s lies between two whole nanoseconds.
            assert_eq!((bucket(976_562), bucket(976_563)), (at(-10), above(-10)));
        }
    }
}
