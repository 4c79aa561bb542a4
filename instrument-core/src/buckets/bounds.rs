//! From a value to its bucket: one look into a table and one comparison.
//!
//! The table divides the numbers into slices that grow with them, 16 to each power of two. Bounds that people choose lie further apart
//! than that, so that hardly a slice has two of them in it: then the slice knows the one bound that a value in it must be compared
//! with, and the bucket follows without a branch that could be mispredicted.

use std::sync::Arc;

use super::native::{Finder, FloatFinder, WholeFinder};

/// A number that a histogram compares with its bounds.
pub trait Measure: Copy + PartialOrd + Send + Sync + 'static {
    /// Finds the native bucket of such a number.
    type Finder: Finder<Value = Self>;

    /// Beyond every bound: nothing compares greater.
    const BEYOND: Self;

    /// The greatest value that still is below or at a bound in the exposed unit, of which there are `per_unit` to one.
    fn from_bound(bound: f64, per_unit: f64) -> Self;

    /// Whether the table begins with the slice of the first bound, where it would be too long with all that come before.
    const FEW_BEFORE: bool;

    /// The number's slice. It grows with the number; numbers below zero are all in the first.
    fn slice(self) -> usize;

    /// Whether slices tell numbers of this size apart.
    fn has_slices(self) -> bool;
}

/// 2^4 slices to each power of two.
const PRECISION: u32 = 4;

/// The slice of a whole number, of `2^precision` to each power of two. Numbers below that have a slice each, which the same formula gives when that
/// bit is taken for their first.
#[inline(always)]
pub(super) fn whole_slice(value: u64, precision: u32) -> usize {
    let shift = (value | 1 << precision).ilog2() - precision;
    ((shift as usize) << precision) + (value >> shift) as usize
}

/// The least number of each such slice.
pub(super) fn slice_starts(precision: u32) -> impl Iterator<Item = u64> {
    let narrow = 0..1_u64 << precision;
    let wide = (precision..64).flat_map(move |exponent| {
        (1 << precision..2_u64 << precision).map(move |slice| slice << (exponent - precision))
    });
    narrow.chain(wide)
}

/// The least and the greatest number of each slice.
pub(crate) fn whole_slices() -> impl Iterator<Item = (u64, u64)> {
    let ends = slice_starts(PRECISION).skip(1).map(|start| start - 1).chain([u64::MAX]);
    slice_starts(PRECISION).zip(ends)
}

impl Measure for u64 {
    type Finder = WholeFinder;
    const BEYOND: Self = u64::MAX;
    const FEW_BEFORE: bool = false;

    fn from_bound(bound: f64, per_unit: f64) -> Self {
        let scaled = bound * per_unit;
        let nearest = scaled.round();
        // 0.1 s is 100,000,000 ns and not one less because 0.1 has no exact binary form.
        if per_unit != 1.0 && (scaled - nearest).abs() <= nearest.abs() * 1e-12 {
            nearest as u64
        } else {
            scaled.floor() as u64
        }
    }

    #[inline(always)]
    fn slice(self) -> usize {
        whole_slice(self, PRECISION)
    }

    fn has_slices(self) -> bool {
        true
    }
}

impl Measure for f64 {
    type Finder = FloatFinder;
    const BEYOND: Self = f64::INFINITY;
    const FEW_BEFORE: bool = true;

    fn from_bound(bound: f64, _: f64) -> Self {
        bound
    }

    #[inline(always)]
    fn slice(self) -> usize {
        // The bits of a positive number grow with it: its exponent, then its fraction.
        let bits = self.to_bits();
        if bits >> 63 == 1 { 0 } else { (bits >> (52 - PRECISION)) as usize }
    }

    fn has_slices(self) -> bool {
        self > 0.0
    }
}

/// The bounds of a histogram and the table that finds a value's place among them. A clone shares the tables.
#[derive(Debug, Clone)]
pub(crate) struct Bounds<T> {
    /// The slices to that of the last bound.
    slices: Arc<[Slice<T>]>,
    /// Which one the first of them is.
    first_slice: usize,
    /// The bounds as values are compared with them.
    bounds: Arc<[T]>,
    /// The bounds as exposed.
    exposed: Arc<[f64]>,
}

/// What is known of a value by its slice.
#[derive(Debug)]
struct Slice<T> {
    /// The first bound that is not below all of the slice.
    bound: T,
    /// The bucket of that bound.
    bucket: u16,
    /// How many more bounds lie in the slice.
    more: u16,
}

impl<T: Measure> Bounds<T> {
    /// The table for checked bounds, where a unit as exposed has `per_unit` units as measured.
    pub(crate) fn new(exposed: &[f64], per_unit: f64) -> Self {
        let bounds: Arc<[T]> = exposed.iter().map(|&bound| T::from_bound(bound, per_unit)).collect();
        let (first, last) = match (bounds.first(), bounds.last()) {
            (Some(first), Some(last)) if first.has_slices() => (first.slice(), last.slice()),
            // Around zero slices tell nothing apart. Without bounds there is nothing to tell apart.
            _ => (1, 0),
        };
        let first_slice = if T::FEW_BEFORE { first.saturating_sub(1) } else { 0 };
        let slice = |slice: usize| {
            let below = bounds.iter().filter(|bound| bound.slice() < slice).count();
            let inside = bounds.iter().filter(|bound| bound.slice() == slice).count();
            Slice {
                bound: bounds.get(below).copied().unwrap_or(T::BEYOND),
                bucket: below as u16,
                more: inside.saturating_sub(1) as u16,
            }
        };
        let slices = if first > last { Arc::default() } else { (first_slice..=last).map(slice).collect() };
        Self { slices, first_slice, bounds, exposed: exposed.into() }
    }

    /// The bounds as exposed, without `+Inf`.
    pub(crate) fn exposed(&self) -> &[f64] {
        &self.exposed
    }

    /// Whether there is no bound but `+Inf`.
    pub(crate) fn is_empty(&self) -> bool {
        self.exposed.is_empty()
    }

    /// The bounds as values are compared with them.
    pub(crate) fn measured(&self) -> &[T] {
        &self.bounds
    }

    /// The index of the bucket that a value falls into: that of the first bound not below it.
    #[inline(always)]
    pub(crate) fn bucket(&self, value: T) -> u32 {
        self.bucket_at_once(value).unwrap_or_else(|| self.search(value))
    }

    /// The same, unless it takes a search.
    #[inline(always)]
    pub(crate) fn bucket_at_once(&self, value: T) -> Option<u32> {
        let slice = value.slice();
        // Where the table begins with the first slice there is nothing to subtract, and no branch that depends on the value.
        let index = if T::FEW_BEFORE { slice.saturating_sub(self.first_slice) } else { slice };
        let slice = self.slices.get(index).filter(|slice| slice.more == 0)?;
        Some(u32::from(slice.bucket) + u32::from(value > slice.bound))
    }

    /// The bucket of values beyond all slices, in a slice with more than one bound, or where there are no slices.
    #[cold]
    #[inline(never)]
    fn search(&self, value: T) -> u32 {
        self.bounds.partition_point(|&bound| bound < value) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Buckets;

    fn agrees<T: Measure + std::fmt::Debug>(bounds: &Bounds<T>, value: T) {
        let plain = bounds.bounds.iter().position(|&bound| value <= bound).unwrap_or(bounds.bounds.len());
        assert_eq!(bounds.bucket(value) as usize, plain, "{value:?} in {:?}", bounds.exposed);
    }

    /// Sets whose bounds lie far apart, close together, at powers of two and around zero.
    fn sets() -> Vec<Buckets> {
        vec![
            Buckets::latency(),
            Buckets::function(),
            Buckets::linear(1.0, 1.0, 500),
            Buckets::linear(1e-9, 1e-9, 100),
            Buckets::exponential(1.0, 2.0, 60),
            Buckets::exponential(1e-9, 1.01, 500),
            Buckets::explicit([0.0]),
            Buckets::explicit([]),
            Buckets::explicit([1000.0, 1_000.000_001, 1_000.000_002]),
        ]
    }

    #[test]
    fn whole_numbers_find_the_bucket_that_a_search_finds() {
        for buckets in sets() {
            for per_unit in [1.0, 1e9] {
                let bounds = Bounds::<u64>::new(buckets.bounds(), per_unit);
                let near = |at: u64| [at.saturating_sub(1), at, at.saturating_add(1)];
                for value in bounds.bounds.iter().copied().flat_map(near) {
                    agrees(&bounds, value);
                }
                for value in (0..64).flat_map(|power| near(1 << power)) {
                    agrees(&bounds, value);
                }
            }
        }
    }

    #[test]
    fn floating_point_numbers_find_the_bucket_that_a_search_finds() {
        let negative = [Buckets::linear(-5.0, 1.0, 11), Buckets::explicit([-0.1, 0.0, 0.1])];
        for buckets in sets().into_iter().chain(negative) {
            let bounds = Bounds::<f64>::new(buckets.bounds(), 1.0);
            for &bound in buckets.bounds() {
                for value in [bound.next_down(), bound, bound.next_up(), -bound] {
                    agrees(&bounds, value);
                }
            }
            for value in
                [0.0, -0.0, f64::MIN_POSITIVE, 5e-324, f64::MAX, f64::INFINITY, f64::MIN, f64::NEG_INFINITY]
            {
                agrees(&bounds, value);
            }
        }
    }

    #[test]
    fn a_bound_in_seconds_is_exact_in_nanoseconds() {
        let bounds = Bounds::<u64>::new(Buckets::latency().bounds(), 1e9);
        for (bound, nanoseconds) in [(0, 5_000_000), (2, 25_000_000), (5, 100_000_000), (13, 10_000_000_000)]
        {
            assert_eq!(bounds.bounds[bound], nanoseconds);
            assert_eq!(bounds.bucket(nanoseconds) as usize, bound);
            assert_eq!(bounds.bucket(nanoseconds + 1) as usize, bound + 1);
        }
    }

    #[test]
    fn the_presets_need_one_comparison() {
        for buckets in [Buckets::latency(), Buckets::function()] {
            let bounds = Bounds::<u64>::new(buckets.bounds(), 1e9);
            assert!(bounds.slices.iter().all(|slice| slice.more == 0));
            assert!(bounds.slices.len() < 500, "{} slices", bounds.slices.len());
        }
    }
}
