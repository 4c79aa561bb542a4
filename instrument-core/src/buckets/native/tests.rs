//! Every bucket is that of an oracle that knows whole numbers alone, of any length.
//!
//! A value `v` is not above `2^(i / n)` just if `v^n` is not above `2^i`, and `v^n` is written out in full.

use std::cmp::Reverse;

use super::*;
use crate::buckets::Measure;

/// A whole number of any length, in 32-bit digits, the lowest first.
#[derive(Debug, Clone, PartialEq)]
struct Long(Vec<u32>);

impl Long {
    fn from(number: u64) -> Self {
        Self(vec![number as u32, (number >> 32) as u32]).trimmed()
    }

    fn trimmed(mut self) -> Self {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
        self
    }

    fn squared(&self) -> Self {
        let mut digits = vec![0_u32; self.0.len() * 2];
        for (place, &left) in self.0.iter().enumerate() {
            let mut carry = 0;
            for (digit, &right) in digits[place..].iter_mut().zip(&self.0) {
                let sum = u64::from(left) * u64::from(right) + u64::from(*digit) + carry;
                *digit = sum as u32;
                carry = sum >> 32;
            }
            digits[place + self.0.len()] = carry as u32;
        }
        Self(digits).trimmed()
    }

    /// To the power of `2^doublings`.
    fn power(self, doublings: u32) -> Self {
        (0..doublings).fold(self, |power, _| power.squared())
    }

    fn bits(&self) -> i32 {
        let top = self.0.last().map_or(0, |digit| 32 - digit.leading_zeros());
        (self.0.len() as i32 - 1) * 32 + top as i32
    }

    fn times_power_of_two(&self, power: u32) -> Self {
        let mut digits = vec![0; (power / 32) as usize];
        let mut carry = 0;
        for &digit in &self.0 {
            let wide = u64::from(digit) << (power % 32) | carry;
            digits.push(wide as u32);
            carry = wide >> 32;
        }
        digits.push(carry as u32);
        Self(digits).trimmed()
    }

    fn is_above(&self, other: &Self) -> bool {
        (self.0.len(), self.0.iter().rev().collect::<Vec<_>>())
            > (other.0.len(), other.0.iter().rev().collect::<Vec<_>>())
    }
}

/// The least `i` such that `value / unit` is not above `2^i`, both to the power of `2^doublings`.
fn least_power_of_two(value: u64, unit: u64, doublings: u32) -> i32 {
    let (value, unit) = (Long::from(value).power(doublings), Long::from(unit).power(doublings));
    let near = value.bits() - unit.bits();
    let fits = match u32::try_from(near) {
        Ok(near) => !value.is_above(&unit.times_power_of_two(near)),
        Err(_) => !value.times_power_of_two(near.unsigned_abs()).is_above(&unit),
    };
    near + i32::from(!fits)
}

/// The index of the bucket of `value / unit * 2^exponent`.
fn oracle(schema: i32, value: u64, unit: u64, exponent: i32) -> i32 {
    match u32::try_from(schema) {
        Ok(schema) => least_power_of_two(value, unit, schema) + (exponent << schema),
        Err(_) => {
            let power = least_power_of_two(value, unit, 0) + exponent;
            power.div_euclid(1 << -schema) + i32::from(power.rem_euclid(1 << -schema) > 0)
        }
    }
}

fn float_oracle(schema: i32, magnitude: f64) -> i32 {
    let bits = magnitude.to_bits();
    let (exponent, fraction) = ((bits >> 52) as i32, bits & ((1 << 52) - 1));
    match exponent {
        0 => oracle(schema, fraction, 1, -1074),
        _ => oracle(schema, fraction | 1 << 52, 1, exponent - 1075),
    }
}

fn grid<M: Measure>(schema: i32, per_unit: u64) -> NativeGrid<M::Finder> {
    NativeGrid::new(NativeBuckets { zero_threshold: 0.0, ..NativeBuckets::new(schema, 160) }, per_unit)
}

/// Numbers that follow from each other without a pattern.
fn numbers(seed: u64) -> impl Iterator<Item = u64> {
    std::iter::successors(Some(seed), |last| {
        let mixed = last.wrapping_add(0x9e37_79b9_7f4a_7c15);
        Some((mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9))
    })
}

#[test]
fn whole_numbers_and_durations_are_in_the_bucket_of_the_oracle() {
    for schema in MIN_SCHEMA..=MAX_SCHEMA {
        for per_unit in [1, 1_000_000_000] {
            let grid = grid::<u64>(schema, per_unit);
            // Of every size, and those next to the bounds.
            let some = numbers(per_unit).zip((0..64).cycle()).map(|(number, shift)| number >> shift);
            let some: Vec<u64> = some.take(128).collect();
            let bounds = some.iter().map(|number| {
                let NativeBucket::Positive(index) = grid.bucket(grid.place(*number)) else { return 1 };
                powers::whole_bound(schema, index, per_unit)
            });
            let near_bounds = bounds.flat_map(|bound| [bound, bound.saturating_add(1)]);
            for number in some.iter().copied().chain(near_bounds).filter(|number| *number > 0) {
                let index = oracle(schema, number, per_unit, 0);
                let bucket = grid.bucket(grid.place(number));
                assert_eq!(bucket, NativeBucket::Positive(index), "{number} / {per_unit} in schema {schema}");
            }
        }
    }
}

#[test]
fn floating_point_numbers_are_in_the_bucket_of_the_oracle() {
    for schema in MIN_SCHEMA..=MAX_SCHEMA {
        let grid = grid::<f64>(schema, 1);
        let some = numbers(7).map(f64::from_bits).take(128);
        let near_bounds = (-1100..1030).step_by(37).flat_map(|exponent| {
            let bound = upper_bound(schema, oracle(schema, 3, 2, exponent));
            [bound.next_down(), bound, bound.next_up()]
        });
        let ends = [5e-324, 1e-320, f64::MIN_POSITIVE, f64::MIN_POSITIVE.next_down(), 1.0, f64::MAX];
        let all = some.chain(near_bounds).chain(ends);
        for number in all.filter(|number| number.is_finite() && *number != 0.0) {
            let index = float_oracle(schema, number.abs());
            let bucket = |number| grid.bucket(grid.place(number));
            assert_eq!(bucket(number.abs()), NativeBucket::Positive(index), "{number:e} in schema {schema}");
            assert_eq!(bucket(-number.abs()), NativeBucket::Negative(Reverse(index)), "-{number:e}");
        }
    }
}

#[test]
fn floating_point_numbers_are_exact_at_powers_of_two() {
    for schema in MIN_SCHEMA..=MAX_SCHEMA {
        let grid = grid::<f64>(schema, 1);
        for exponent in -1074..1024 {
            let power = upper_bound(0, exponent);
            for number in [power, power.next_up()] {
                let index = match (u32::try_from(schema), number == power) {
                    (Ok(schema), true) => exponent << schema,
                    // Two subnormal numbers are further apart than bounds are.
                    (Ok(_), false) if exponent < -1022 => float_oracle(schema, number),
                    (Ok(schema), false) => (exponent << schema) + 1,
                    (Err(_), true) => resolution::join(exponent, schema.unsigned_abs()),
                    (Err(_), false) if exponent == -1074 => float_oracle(schema, number),
                    (Err(_), false) => resolution::join(exponent + 1, schema.unsigned_abs()),
                };
                let bucket = grid.bucket(grid.place(number));
                assert_eq!(bucket, NativeBucket::Positive(index), "{number:e} in schema {schema}");
            }
        }
    }
}

#[test]
fn infinities_are_in_buckets_of_their_own() {
    for schema in MIN_SCHEMA..=MAX_SCHEMA {
        let grid = grid::<f64>(schema, 1);
        let bucket = |number| grid.bucket(grid.place(number));
        let last = float_oracle(schema, f64::MAX);
        assert_eq!(bucket(f64::MAX), NativeBucket::Positive(last));
        assert_eq!(bucket(f64::INFINITY), NativeBucket::Positive(last + 1));
        assert_eq!(bucket(f64::NEG_INFINITY), NativeBucket::Negative(Reverse(last + 1)));
        assert_eq!((upper_bound(schema, last), upper_bound(schema, last + 1)), (f64::MAX, f64::INFINITY));
    }
}

#[test]
fn the_zero_bucket_ends_at_its_threshold() {
    for (threshold, above) in [(0.0, 5e-324), (0.25, 0.25_f64.next_up()), (5e-324, 1e-323)] {
        let settings = NativeBuckets { zero_threshold: threshold, ..NativeBuckets::new(3, 160) };
        let grid = NativeGrid::<FloatFinder>::new(settings, 1);
        for number in [threshold, -threshold, 0.0, -0.0] {
            assert_eq!(grid.bucket(grid.place(number)), NativeBucket::Zero);
        }
        let index = float_oracle(3, above);
        assert_eq!(grid.bucket(grid.place(above)), NativeBucket::Positive(index));
        assert_eq!(grid.bucket(grid.place(-above)), NativeBucket::Negative(Reverse(index)));
    }
}

#[test]
fn places_grow_with_the_values() {
    for schema in MIN_SCHEMA..=MAX_SCHEMA {
        let grid = grid::<f64>(schema, 1);
        let mut numbers: Vec<f64> =
            numbers(3).map(f64::from_bits).filter(|number| !number.is_nan()).take(1000).collect();
        numbers.extend([0.0, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN]);
        numbers.sort_by(f64::total_cmp);
        assert!(numbers.is_sorted_by_key(|number| grid.place(*number)));
        assert!(numbers.iter().all(|number| grid.place(*number) < grid.places()));
    }
}

#[test]
fn buckets_are_joined_as_the_lower_schema_cuts_them() {
    for schema in MIN_SCHEMA + 1..=MAX_SCHEMA {
        let (fine, coarse) = (grid::<f64>(schema, 1), grid::<f64>(schema - 1, 1));
        let lower = Resolution::default().lower(&fine);
        assert_eq!(lower.schema(&fine), schema - 1);
        for number in numbers(5).map(f64::from_bits).filter(|number| !number.is_nan()).take(500) {
            let joined = lower.bucket(&fine, fine.bucket(fine.place(number)));
            assert_eq!(joined, coarse.bucket(coarse.place(number)), "{number:e}");
        }
    }
}

#[test]
fn the_lowest_resolution_of_all_is_one_zero_bucket() {
    let grid = grid::<f64>(MIN_SCHEMA, 1);
    let mut resolution = Resolution::default();
    let infinity = grid.bucket(grid.place(f64::INFINITY));
    let mut last = 0.0;
    for _ in 0..150 {
        resolution = resolution.lower(&grid);
        assert_eq!(Resolution::from_bits(resolution.to_bits()), resolution);
        let threshold = resolution.zero_threshold(&grid);
        assert!(threshold >= last);
        let all_in_zero = resolution.bucket(&grid, grid.bucket(grid.place(threshold)));
        assert_eq!(all_in_zero, NativeBucket::Zero, "up to {threshold:e}");
        last = threshold;
    }
    assert_eq!(resolution.bucket(&grid, infinity), NativeBucket::Zero);
}
