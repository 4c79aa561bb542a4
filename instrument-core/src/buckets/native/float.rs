use std::sync::Arc;

use super::powers::fraction_bound;
use super::resolution::join;
use super::{Finder, NativeBuckets};

/// How many digits a double has behind the point.
const DIGITS: u32 = 52;

const FRACTION: u64 = (1 << DIGITS) - 1;

const INFINITY: u64 = f64::INFINITY.to_bits();

/// Finds the native buckets of floating-point numbers. The tables are of one power of two, because all are cut alike.
#[derive(Debug, Clone)]
pub struct FloatFinder {
    indices: Indices,
    /// The bits of the greatest number in the zero bucket.
    in_zero: u64,
    first_index: i32,
    /// How many places are on either side of the zero bucket.
    side: u32,
}

/// From a magnitude to its bucket.
#[derive(Debug, Clone)]
struct Indices {
    /// 2 to this power is how many buckets there are to a power of two.
    schema: u32,
    /// How often the resolution is halved from there: for schemas below 0.
    halvings: u32,
    /// The first step whose bound is not below all of a slice. There are twice as many slices as buckets: a slice has one bound at most.
    slices: Arc<[u16]>,
    /// The digits behind the point of the greatest number of each step. The first step is the power of two itself.
    bounds: Arc<[u64]>,
}

impl Indices {
    fn new(schema: i32) -> Self {
        let halvings = schema.min(0).unsigned_abs();
        let schema = schema.max(0).unsigned_abs();
        let mut bounds: Vec<u64> = (0..1 << schema).map(|step| fraction_bound(schema, step)).collect();
        bounds.push(FRACTION);
        let slices = (0..2_u64 << schema)
            .map(|slice| slice << (DIGITS - schema - 1))
            .map(|start| bounds.partition_point(|&bound| bound < start) as u16);
        Self { schema, halvings, slices: slices.collect(), bounds: bounds.into() }
    }

    /// The index of the bucket of a number above zero, given by its bits. That of infinity follows that of the greatest number.
    #[inline]
    fn index(&self, magnitude: u64) -> i32 {
        let exponent = (magnitude >> DIGITS) as i32;
        if exponent == 0 {
            return self.index_of_subnormal(magnitude);
        }
        let infinite = i32::from(magnitude >= INFINITY);
        join(self.finest(exponent - 1023, magnitude & FRACTION) + infinite, self.halvings)
    }

    #[cold]
    fn index_of_subnormal(&self, magnitude: u64) -> i32 {
        let shift = magnitude.leading_zeros().saturating_sub(u64::BITS - DIGITS - 1);
        join(self.finest(-1022 - shift.cast_signed(), magnitude << shift & FRACTION), self.halvings)
    }

    #[inline]
    fn finest(&self, exponent: i32, fraction: u64) -> i32 {
        let slice = (fraction >> (DIGITS - self.schema - 1)) as usize;
        let first = self.slices.get(slice).copied().unwrap_or(0);
        let bound = self.bounds.get(usize::from(first)).copied().unwrap_or(FRACTION);
        (exponent << self.schema) + i32::from(first) + i32::from(fraction > bound)
    }
}

impl Finder for FloatFinder {
    type Value = f64;

    fn new(settings: &NativeBuckets, _: u64) -> Self {
        let indices = Indices::new(settings.schema);
        let in_zero = settings.zero_threshold.to_bits();
        let first_index = indices.index(in_zero + 1);
        let side = indices.index(INFINITY).abs_diff(first_index) + 1;
        Self { indices, in_zero, first_index, side }
    }

    #[inline]
    fn place(&self, value: f64) -> u32 {
        let magnitude = value.to_bits() & (u64::MAX >> 1);
        if magnitude <= self.in_zero {
            return self.side;
        }
        // Never below the first, because indices grow with magnitudes.
        let steps = (self.indices.index(magnitude) - self.first_index + 1).cast_unsigned();
        if value < 0.0 { self.side - steps } else { self.side + steps }
    }

    fn first_index(&self) -> i32 {
        self.first_index
    }

    fn zero(&self) -> u32 {
        self.side
    }

    fn places(&self) -> u32 {
        2 * self.side + 1
    }

    fn bounds(&self) -> &[f64] {
        &[]
    }
}
