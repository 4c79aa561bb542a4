//! How each type of value is kept and counted.

use std::time::Duration;

use super::slot_slices::SlotSlices;
use crate::Buckets;
use crate::buckets::Measure;
use crate::cells::{CellId, Cells, Float, Here, Unsigned};

/// How values are kept. Out of reach for other crates.
pub trait Value: 'static {
    /// The number that is kept.
    type Measure: Counted;

    const NAME: &'static str;

    /// Whether a value can be below 0.
    const NEGATIVE: bool = false;

    /// Whether values are kept as nanoseconds and shown as seconds.
    const NANOSECONDS: bool = false;

    fn measure(self) -> Self::Measure;

    fn default_buckets() -> Buckets;

    /// How many of what is kept make one of what is shown.
    fn per_unit() -> f64 {
        if Self::NANOSECONDS { 1e9 } else { 1.0 }
    }
}

impl Value for Duration {
    type Measure = u64;
    const NAME: &'static str = "Duration";
    const NANOSECONDS: bool = true;

    #[inline(always)]
    fn measure(self) -> u64 {
        // The greatest number of seconds below which nothing overflows.
        const SECONDS: u64 = u64::MAX / 1_000_000_000;
        match self.as_secs() {
            seconds if seconds < SECONDS => seconds * 1_000_000_000 + u64::from(self.subsec_nanos()),
            _ => u64::try_from(self.as_nanos()).unwrap_or(u64::MAX),
        }
    }

    fn default_buckets() -> Buckets {
        Buckets::latency()
    }
}

impl Value for u64 {
    type Measure = u64;
    const NAME: &'static str = "u64";

    #[inline(always)]
    fn measure(self) -> u64 {
        self
    }

    fn default_buckets() -> Buckets {
        Buckets::exponential(1.0, 4.0, 16)
    }
}

impl Value for f64 {
    type Measure = f64;
    const NAME: &'static str = "f64";
    const NEGATIVE: bool = true;

    #[inline(always)]
    fn measure(self) -> f64 {
        self
    }

    fn default_buckets() -> Buckets {
        Buckets::latency()
    }
}

/// A number that cells can count and sum.
pub trait Counted: Measure {
    /// Whether the sum needs a cell for floating-point numbers.
    const FLOAT_SUM: bool;

    fn to_f64(self) -> f64;

    /// What finds the slots of such numbers at once, if something does: see [`SlotSlices::new`].
    fn slot_slices(slot: impl Fn(Self) -> u32, greatest: impl Fn(Self) -> Self) -> SlotSlices<Self>;

    /// Whether it is in no bucket.
    #[inline(always)]
    fn is_nan(self) -> bool {
        false
    }

    /// Adds the number to the cell of its bucket, given by its place behind the first of a range, and to the sum.
    fn count(self, here: Here, cells: CellId<Unsigned>, bucket: u32, float_sum: &Option<Cells<Float>>);
}

impl Counted for u64 {
    const FLOAT_SUM: bool = false;

    fn slot_slices(slot: impl Fn(Self) -> u32, greatest: impl Fn(Self) -> Self) -> SlotSlices<Self> {
        SlotSlices::new(slot, greatest)
    }

    fn to_f64(self) -> f64 {
        self as f64
    }

    #[inline(always)]
    fn count(self, here: Here, cells: CellId<Unsigned>, bucket: u32, _: &Option<Cells<Float>>) {
        here.add_two(cells, (bucket, 1), self);
    }
}

impl Counted for f64 {
    const FLOAT_SUM: bool = true;

    fn slot_slices(_: impl Fn(Self) -> u32, _: impl Fn(Self) -> Self) -> SlotSlices<Self> {
        SlotSlices::default()
    }

    fn to_f64(self) -> f64 {
        self
    }

    #[inline(always)]
    fn is_nan(self) -> bool {
        self.is_nan()
    }

    #[inline(always)]
    fn count(self, here: Here, cells: CellId<Unsigned>, bucket: u32, float_sum: &Option<Cells<Float>>) {
        here.add_nth(cells, bucket, 1);
        if let Some(sum) = float_sum {
            here.add(sum.first(), self);
        }
    }
}
