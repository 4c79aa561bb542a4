use std::sync::Arc;

use super::powers::whole_bound;
use super::{Finder, NativeBuckets};
use crate::buckets::Measure;
use crate::buckets::bounds::{slice_starts, whole_slice};

/// Finds the native buckets of whole numbers, which may be parts of the unit that the bounds are in: nanoseconds of a second.
///
/// The bounds are rounded down to whole numbers, which leaves every comparison as it was. Numbers are cut into slices so narrow that no slice has
/// more than one bound in it, but for that of the zero bucket, with which numbers are compared first.
#[derive(Debug, Clone)]
pub struct WholeFinder {
    in_zero: u64,
    /// 2 to this power is how many slices there are to each power of two.
    precision: u32,
    /// The place of the first bound that is not below all of a slice, for each slice.
    slices: Arc<[u16]>,
    /// The greatest number at each place. The zero bucket is the first.
    bounds: Arc<[u64]>,
    first_index: i32,
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

        let precision = schema.max(0).unsigned_abs() + 1;
        // The first place behind the zero bucket whose bound is not below the number.
        let place = |number| bounds.partition_point(|&bound| bound < number).max(1) as u16;
        let slices = slice_starts(precision).map(place).collect();
        Self { in_zero, precision, slices, bounds: bounds.into(), first_index }
    }

    #[inline]
    fn place(&self, value: u64) -> u32 {
        if value <= self.in_zero {
            return 0;
        }
        // Every number has a slice, and every place a bound.
        let place = self.slices.get(whole_slice(value, self.precision)).copied().unwrap_or(0);
        let bound = self.bounds.get(usize::from(place)).copied().unwrap_or(u64::MAX);
        u32::from(place) + u32::from(value > bound)
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

    fn bounds(&self) -> &[u64] {
        &self.bounds
    }
}

#[cfg(test)]
mod tests {
    use super::super::{MAX_SCHEMA, MIN_SCHEMA, NativeBucket, NativeGrid};
    use super::*;

    /// Some of them lie in one slice with a bound, in each schema from 1.
    const THRESHOLDS_SECONDS: [f64; 11] =
        [0.0, 1e-5, 1e-3, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 1.0, 1.8e10];

    /// The same of whole numbers.
    const THRESHOLDS: [f64; 10] = [0.0, 100.0, 500.0, 1000.0, 1e4, 1e5, 1.12e6, 1e18, 1.8e19, 1e300];

    fn finder(schema: i32, zero_threshold: f64, per_unit: u64) -> WholeFinder {
        let settings = NativeBuckets { zero_threshold, ..NativeBuckets::new(schema, 160) };
        WholeFinder::new(&settings, per_unit)
    }

    #[test]
    fn every_number_is_at_the_first_place_whose_bound_is_not_below_it() {
        for schema in MIN_SCHEMA..=MAX_SCHEMA {
            let seconds = THRESHOLDS_SECONDS.map(|threshold| (threshold, 1_000_000_000));
            let numbers = THRESHOLDS.map(|threshold| (threshold, 1));
            for (zero_threshold, per_unit) in seconds.into_iter().chain(numbers) {
                let finder = finder(schema, zero_threshold, per_unit);
                let near = |at: u64| [at.saturating_sub(1), at, at.saturating_add(1)];
                let starts = slice_starts(schema.max(0).unsigned_abs() + 1);
                for value in finder.bounds.iter().copied().chain(starts).flat_map(near) {
                    let place = finder.place(value);
                    let expected = finder.bounds.partition_point(|&bound| bound < value) as u32;
                    assert_eq!(place, expected, "{value} in schema {schema} from {zero_threshold}");
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
