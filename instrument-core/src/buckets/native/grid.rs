use std::cmp::Reverse;

use super::{NativeBucket, NativeBuckets};

/// Finds the native buckets of one type of value.
pub trait Finder: Clone + Send + Sync + 'static {
    /// The type of the values. They are numbers: not `NaN`.
    type Value: Copy;

    /// Makes the tables, where a unit as exposed has `per_unit` units as measured.
    fn new(settings: &NativeBuckets, per_unit: u64) -> Self;

    /// The place of a value's bucket.
    fn place(&self, value: Self::Value) -> u32;

    /// The index of the bucket next to the zero bucket.
    fn first_index(&self) -> i32;

    /// The place of the zero bucket.
    fn zero(&self) -> u32;

    /// How many places there are.
    fn places(&self) -> u32;

    /// The greatest value at each place, if they are listed.
    fn bounds(&self) -> &[Self::Value];
}

/// All native buckets that a histogram's values can fall into, in the order of their values: the place of a value's bucket grows with the value.
#[derive(Debug, Clone)]
pub(crate) struct NativeGrid<F> {
    settings: NativeBuckets,
    finder: F,
}

impl<F: Finder> NativeGrid<F> {
    pub(crate) fn new(settings: NativeBuckets, per_unit: u64) -> Self {
        Self { settings, finder: F::new(&settings, per_unit) }
    }

    pub(crate) fn settings(&self) -> &NativeBuckets {
        &self.settings
    }

    /// The place of a value's bucket.
    #[inline]
    pub(crate) fn place(&self, value: F::Value) -> u32 {
        self.finder.place(value)
    }

    /// How many places there are.
    pub(crate) fn places(&self) -> u32 {
        self.finder.places()
    }

    /// The greatest value at each place, if they are listed: those of whole numbers are.
    pub(crate) fn bounds(&self) -> &[F::Value] {
        self.finder.bounds()
    }

    /// The index of the bucket next to the zero bucket.
    pub(super) fn first_index(&self) -> i32 {
        self.finder.first_index()
    }

    /// The bucket at a place.
    pub(crate) fn bucket(&self, place: u32) -> NativeBucket {
        let (first, zero) = (self.finder.first_index(), self.finder.zero());
        // Places are far fewer than 2^31.
        match place.abs_diff(zero).cast_signed() {
            0 => NativeBucket::Zero,
            steps if place < zero => NativeBucket::Negative(Reverse(first + steps - 1)),
            steps => NativeBucket::Positive(first + steps - 1),
        }
    }
}
