//! Native buckets: Prometheus' exponential ones, whose bounds follow from a schema.
//!
//! Source: the Prometheus specification "Native Histograms", sections "Schema", "Buckets" and "Zero bucket". A bucket with the index `i` of the schema
//! `s` holds the values above `base^(i - 1)` up to and including `base^i`, where `base` is `2^(2^-s)`; one with as many values below zero
//! holds their magnitudes in the same way. Around zero is the zero bucket.
//!
//! `powers.rs` has the bounds, `whole.rs` and `float.rs` find a value's bucket, `grid.rs` puts all buckets of a histogram in one order, and
//! `resolution.rs` says which of them are one bucket after the resolution was lowered.

mod float;
mod grid;
mod powers;
mod resolution;
mod whole;

use std::fmt;

pub use self::float::FloatFinder;
pub use self::grid::Finder;
pub(crate) use self::grid::NativeGrid;
pub(crate) use self::powers::upper_bound;
pub(crate) use self::resolution::{NativeBucket, Resolution, join};
pub use self::whole::WholeFinder;

/// The lowest resolution: a bucket spans 16 powers of two.
pub(crate) const MIN_SCHEMA: i32 = -4;

/// The highest resolution: 256 buckets to a power of two.
pub(crate) const MAX_SCHEMA: i32 = 8;

/// The most native buckets that can be allowed: they are not there until a value falls into them, but their memory has to end somewhere.
pub(crate) const MAX_BUCKETS: usize = 10_000;

/// The zero threshold of the Prometheus client libraries: 2^-128.
const ZERO_THRESHOLD: f64 = f64::from_bits((1023 - 128) << 52);

/// The native buckets that a histogram is registered with; see [`Buckets::native`](crate::Buckets::native).
///
/// ```
/// use instrument_core::Buckets;
///
/// let buckets = Buckets::native(3, 160);
/// let native = buckets.native_buckets().unwrap();
/// assert_eq!((native.schema, native.max_buckets), (3, 160));
/// assert_eq!(native.zero_threshold, 2_f64.powi(-128));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct NativeBuckets {
    /// The schema to start with: each bound is `2^(2^-schema)` times the one before.
    pub schema: i32,
    /// How many buckets may have values, without the zero bucket.
    pub max_buckets: usize,
    /// Values whose magnitude is no greater fall into the zero bucket.
    pub zero_threshold: f64,
}

impl NativeBuckets {
    pub(super) fn new(schema: i32, max_buckets: usize) -> Self {
        Self { schema, max_buckets, zero_threshold: ZERO_THRESHOLD }
    }

    /// The rule that they break, if they do.
    pub(super) fn check(&self) -> Result<(), String> {
        let Self { schema, max_buckets, zero_threshold } = *self;
        if !(MIN_SCHEMA..=MAX_SCHEMA).contains(&schema) {
            return Err(format!(
                "there is no schema {schema}: take one of {MIN_SCHEMA} to {MAX_SCHEMA}, such as 3, whose bounds are 9 % apart"
            ));
        }
        if !(1..=MAX_BUCKETS).contains(&max_buckets) {
            return Err(format!(
                "{max_buckets} is no number of native buckets to allow: take one of 1 to {MAX_BUCKETS}, such as 160"
            ));
        }
        if !(0.0..f64::INFINITY).contains(&zero_threshold) {
            return Err(format!(
                "the zero threshold {zero_threshold:?} is not a finite number from 0: leave it out for 2^-128"
            ));
        }
        Ok(())
    }
}

impl fmt::Display for NativeBuckets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { schema, max_buckets, zero_threshold } = self;
        write!(
            f,
            "at most {max_buckets} native buckets of schema {schema} with the zero threshold {zero_threshold:?}"
        )
    }
}

#[cfg(test)]
mod tests;
