//! What the 64 bits of a cell mean, and how two of them are combined.

/// A kind of cells.
pub trait Kind: Copy + 'static {
    /// The number that is added.
    type Number: Copy;

    /// Which of the regions of ids it has.
    const REGION: usize;

    /// The number as a cell stores it.
    fn to_bits(number: Self::Number) -> u64;

    /// The number that a cell stores.
    fn from_bits(bits: u64) -> Self::Number;

    /// The sum of two cells. Combining with 0 changes nothing.
    fn combine(left: u64, right: u64) -> u64;
}

/// Counts that stay at `u64::MAX` once there, rather than start over: a counter never goes backwards.
#[derive(Debug, Clone, Copy)]
pub struct Unsigned;

impl Kind for Unsigned {
    type Number = u64;
    const REGION: usize = 0;

    #[inline]
    fn to_bits(number: u64) -> u64 {
        number
    }

    #[inline]
    fn from_bits(bits: u64) -> u64 {
        bits
    }

    #[inline]
    fn combine(left: u64, right: u64) -> u64 {
        // A branch that is never taken is off the way from load to store; the comparison that `saturating_add` makes is not.
        left.checked_add(right).unwrap_or_else(full)
    }
}

#[cold]
fn full() -> u64 {
    u64::MAX
}

/// Differences. They wrap, because what one thread has added another may have taken away.
#[derive(Debug, Clone, Copy)]
pub struct Signed;

impl Kind for Signed {
    type Number = i64;
    const REGION: usize = 1;

    #[inline]
    fn to_bits(number: i64) -> u64 {
        number.cast_unsigned()
    }

    #[inline]
    fn from_bits(bits: u64) -> i64 {
        bits.cast_signed()
    }

    #[inline]
    fn combine(left: u64, right: u64) -> u64 {
        left.wrapping_add(right)
    }
}

/// Sums of floating-point numbers.
#[derive(Debug, Clone, Copy)]
pub struct Float;

impl Kind for Float {
    type Number = f64;
    const REGION: usize = 2;

    #[inline]
    fn to_bits(number: f64) -> u64 {
        number.to_bits()
    }

    #[inline]
    fn from_bits(bits: u64) -> f64 {
        f64::from_bits(bits)
    }

    #[inline]
    fn combine(left: u64, right: u64) -> u64 {
        (f64::from_bits(left) + f64::from_bits(right)).to_bits()
    }
}
