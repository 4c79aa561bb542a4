//! What the 64 bits of a cell mean, and how two of them are combined.

use crate::sync::Ordering;

/// A kind of cells.
pub trait Kind: Copy + 'static {
    /// The number that is added.
    type Number: Number;

    /// Its number among the kinds.
    const INDEX: usize;

    /// Whether cells come in pairs that balance, such as ups and downs: the first of a pair is read before the second, over all slabs, so that
    /// whoever sees the one sees the other.
    const PAIRED: bool = false;

    /// How a cell is stored. Relaxed is enough for a number that says nothing about other memory.
    const STORE: Ordering = Ordering::Relaxed;

    /// How a cell is loaded by readers.
    const LOAD: Ordering = Ordering::Relaxed;

    /// The sum of two cells. Combining with 0 changes nothing.
    fn combine(left: u64, right: u64) -> u64;
}

/// A number that a cell can hold. Its zero is 64 zero bits.
pub trait Number: Copy {
    /// The number as a cell stores it.
    fn to_bits(self) -> u64;

    /// The number that a cell stores.
    fn from_bits(bits: u64) -> Self;
}

impl Number for u64 {
    #[inline(always)]
    fn to_bits(self) -> u64 {
        self
    }

    #[inline(always)]
    fn from_bits(bits: u64) -> Self {
        bits
    }
}

impl Number for f64 {
    #[inline(always)]
    fn to_bits(self) -> u64 {
        self.to_bits()
    }

    #[inline(always)]
    fn from_bits(bits: u64) -> Self {
        Self::from_bits(bits)
    }
}

/// Counts that stay at `u64::MAX` once there, rather than start over: a counter never goes backwards.
#[derive(Debug, Clone, Copy)]
pub struct Unsigned;

impl Kind for Unsigned {
    type Number = u64;
    const INDEX: usize = 0;

    #[inline(always)]
    fn combine(left: u64, right: u64) -> u64 {
        // A branch that is never taken is off the way from load to store; the comparison that `saturating_add` makes is not.
        left.checked_add(right).unwrap_or_else(full)
    }
}

/// The lower half has wrapped: the upper half is to know nothing of it.
#[cold]
fn without_carry(sum: u64) -> u64 {
    sum.wrapping_sub(Handles::MADE)
}

#[cold]
#[inline]
fn full() -> u64 {
    u64::MAX
}

/// Ups and downs, in pairs: first the downs. They wrap, and so does their difference.
///
/// What goes down went up before, maybe on another thread. A reader who sees the one and misses the other would read less than there ever
/// was; so each down is stored with release, and read with acquire before any up.
#[derive(Debug, Clone, Copy)]
pub struct Paired;

impl Kind for Paired {
    type Number = u64;
    const INDEX: usize = 1;
    const PAIRED: bool = true;
    const STORE: Ordering = Ordering::Release;
    const LOAD: Ordering = Ordering::Acquire;

    #[inline(always)]
    fn combine(left: u64, right: u64) -> u64 {
        left.wrapping_add(right)
    }
}

/// Sums of floating-point numbers.
#[derive(Debug, Clone, Copy)]
pub struct Float;

impl Kind for Float {
    type Number = f64;
    const INDEX: usize = 2;

    #[inline(always)]
    fn combine(left: u64, right: u64) -> u64 {
        (f64::from_bits(left) + f64::from_bits(right)).to_bits()
    }
}

/// How many handles on something have come to be, in the upper half, and how many have gone, in the lower half. Both wrap: all that is
/// asked of them is whether they are equal.
#[derive(Debug, Clone, Copy)]
pub struct Handles;

impl Handles {
    /// A handle has come to be.
    pub(crate) const MADE: u64 = 1 << 32;
    /// A handle has gone.
    pub(crate) const GONE: u64 = 1;

    pub(crate) const fn made(bits: u64) -> u32 {
        (bits >> 32) as u32
    }

    pub(crate) const fn gone(bits: u64) -> u32 {
        bits as u32
    }
}

impl Kind for Handles {
    type Number = u64;
    const INDEX: usize = 3;
    /// What was done through a handle comes before its end, for whoever sees its end.
    const STORE: Ordering = Ordering::Release;
    const LOAD: Ordering = Ordering::Acquire;

    #[inline(always)]
    fn combine(left: u64, right: u64) -> u64 {
        let sum = left.wrapping_add(right);
        // As with `Unsigned`, a branch that is hardly ever taken is off the way from load to store.
        if Self::gone(sum) < Self::gone(left) { without_carry(sum) } else { sum }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn handles_made_and_gone_wrap_each_for_itself() {
        let both = |made: u32, gone: u32| u64::from(made) << 32 | u64::from(gone);
        let sum = Handles::combine(both(u32::MAX, u32::MAX), Handles::GONE);
        assert_eq!((Handles::made(sum), Handles::gone(sum)), (u32::MAX, 0));
        let sum = Handles::combine(both(u32::MAX, 7), Handles::MADE);
        assert_eq!((Handles::made(sum), Handles::gone(sum)), (0, 7));
        let sum = Handles::combine(both(3, 1 << 31), both(4, 1 << 31));
        assert_eq!((Handles::made(sum), Handles::gone(sum)), (7, 0));
    }
}
