//! A histogram with one writer per thread and log-linear buckets: an index from the bits of the value, two cells.

use std::time::Duration;

use super::single_writer::{CELLS, add};

/// Each power of two is cut in four.
const SUB_BUCKETS: usize = 4;
const BUCKETS: usize = 40 * SUB_BUCKETS; // up to 2^40 ns, eighteen minutes

/// The cells of one histogram: its buckets and its sum.
pub const HISTOGRAM_CELLS: usize = BUCKETS + 1;

/// Counts a duration in its bucket and adds it to the sum, in whole nanoseconds. `first_cell` is where the
/// histogram's cells begin; its bounds are not those of any contender, which costs less than honouring them.
#[inline(always)]
pub fn observe(first_cell: usize, duration: Duration) {
    let nanos =
        duration.as_secs().wrapping_mul(1_000_000_000).wrapping_add(u64::from(duration.subsec_nanos()));
    observe_nanos(first_cell, nanos);
}

/// The same for a clock that counts in nanoseconds.
#[inline(always)]
pub fn observe_nanos(first_cell: usize, nanos: u64) {
    const { assert!(HISTOGRAM_CELLS <= CELLS, "a histogram must fit a slab") };
    add(first_cell + bucket(nanos), 1);
    add(first_cell + BUCKETS, nanos);
}

/// The position of the highest bit, and the two bits below it.
#[inline(always)]
fn bucket(nanos: u64) -> usize {
    let value = nanos.max(SUB_BUCKETS as u64); // below four nanoseconds there are no two bits below the highest
    let exponent = 63 - value.leading_zeros() as usize;
    let mantissa = (value >> (exponent - 2)) as usize % SUB_BUCKETS;
    (exponent * SUB_BUCKETS + mantissa).min(BUCKETS - 1)
}

#[cfg(test)]
mod tests {
    use super::super::single_writer::get;
    use super::*;

    #[test]
    fn buckets_rise_with_the_value_and_end_in_the_last_one() {
        let mut last = 0;
        for exponent in 3..40 {
            for mantissa in 0..4 {
                let index = bucket((1 << exponent) | (mantissa << (exponent - 2)));
                assert!(index > last && index < BUCKETS, "exponent {exponent}, mantissa {mantissa}: {index}");
                last = index;
            }
        }
        assert!(bucket(0) <= bucket(8));
        assert_eq!(bucket(u64::MAX), BUCKETS - 1);
    }

    #[test]
    fn an_observation_adds_one_to_its_bucket_and_its_nanoseconds_to_the_sum() {
        let duration = Duration::from_millis(1_500);
        observe(0, duration);
        observe(0, duration);
        assert_eq!(get(bucket(1_500_000_000)), 2);
        assert_eq!(get(BUCKETS), 3_000_000_000);
    }
}
