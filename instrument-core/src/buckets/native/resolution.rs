use std::cmp::Reverse;

use super::{Finder, MIN_SCHEMA, NativeGrid, upper_bound};

/// A native bucket, in the order of the values in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum NativeBucket {
    /// The bucket of this index among the values below zero.
    Negative(Reverse<i32>),
    Zero,
    /// The bucket of this index among the values above zero.
    Positive(i32),
}

/// How far the resolution is below the one that was asked for.
///
/// To halve it joins each bucket with the next one; so two buckets are joined exactly, whatever order things are counted in. At the lowest
/// resolution the zero bucket takes in the buckets next to it instead.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Resolution {
    halvings: u8,
    /// How many buckets of the lowest resolution, on either side, the zero bucket has taken in.
    widenings: u8,
}

impl Resolution {
    /// The next lower one.
    pub(crate) fn lower<F: Finder>(self, grid: &NativeGrid<F>) -> Self {
        if grid.settings().schema - i32::from(self.halvings) > MIN_SCHEMA {
            Self { halvings: self.halvings + 1, ..self }
        } else {
            // The buckets of the lowest resolution from the least double to infinity are less than 150.
            Self { widenings: self.widenings.saturating_add(1), ..self }
        }
    }

    pub(crate) fn schema<F: Finder>(self, grid: &NativeGrid<F>) -> i32 {
        grid.settings().schema - i32::from(self.halvings)
    }

    pub(crate) fn zero_threshold<F: Finder>(self, grid: &NativeGrid<F>) -> f64 {
        let configured = grid.settings().zero_threshold;
        match self.widenings {
            0 => configured,
            _ => configured.max(upper_bound(self.schema(grid), self.last_in_zero(grid))),
        }
    }

    /// The bucket that one of the highest resolution is a part of.
    pub(crate) fn bucket<F: Finder>(self, grid: &NativeGrid<F>, finest: NativeBucket) -> NativeBucket {
        let joined = |index| join(index, self.halvings.into());
        let in_zero = |index| self.widenings > 0 && index <= self.last_in_zero(grid);
        match finest {
            NativeBucket::Negative(Reverse(index)) if !in_zero(joined(index)) => {
                NativeBucket::Negative(Reverse(joined(index)))
            }
            NativeBucket::Positive(index) if !in_zero(joined(index)) => NativeBucket::Positive(joined(index)),
            _ => NativeBucket::Zero,
        }
    }

    /// The index of the last bucket that the zero bucket has taken in.
    fn last_in_zero<F: Finder>(self, grid: &NativeGrid<F>) -> i32 {
        join(grid.first_index(), self.halvings.into()) + i32::from(self.widenings) - 1
    }

    pub(crate) fn to_bits(self) -> u32 {
        u32::from(self.halvings) << 8 | u32::from(self.widenings)
    }

    pub(crate) fn from_bits(bits: u32) -> Self {
        Self { halvings: (bits >> 8) as u8, widenings: bits as u8 }
    }
}

/// The index of the bucket that a bucket becomes a part of when the resolution is halved so many times.
#[inline]
pub(crate) fn join(index: i32, halvings: u32) -> i32 {
    // In 64 bits, because indices can come from pictures that were stored by others.
    let halvings = halvings & 31;
    ((i64::from(index) + (1 << halvings) - 1) >> halvings) as i32
}
