use std::borrow::Cow;

use crate::LabelValue;

/// What an integer outside of the range says.
const OTHER: &str = "other";

/// An integer from `FIRST` to `LAST`, or `other`: a label value of which there are few.
///
/// On an integer field of a `#[derive(Labels)]` struct, `#[labels(range = FIRST..=LAST)]` does the same.
///
/// Unlike a plain integer it has a known number of values, so a [`Family`](crate::Family) finds its series by position, and its
/// series stay few whatever is recorded. An integer outside of the range is a value too: its text is `other`.
///
/// ```
/// use instrument_core::{InRange, LabelValue};
///
/// type Attempt = InRange<1, 5>;
///
/// assert_eq!(Attempt::CARDINALITY, Some(6));
/// assert_eq!(Attempt::new(3_u8).with_text(str::to_owned), "3");
/// assert_eq!(Attempt::new(12_u64).with_text(str::to_owned), "other");
/// assert_eq!(Attempt::new(-1).get(), None);
/// ```
///
/// A range that ends before it begins does not compile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct InRange<const FIRST: i64, const LAST: i64>(Option<i64>);

impl<const FIRST: i64, const LAST: i64> InRange<FIRST, LAST> {
    /// The number of integers in the range.
    const LENGTH: usize = {
        assert!(FIRST <= LAST, "the range ends before it begins");
        let length = LAST as i128 - FIRST as i128 + 1;
        assert!(length < isize::MAX as i128, "the range has more integers than can be counted");
        length as usize
    };

    /// An integer, which may be outside of the range.
    #[inline]
    #[must_use]
    pub fn new(value: impl TryInto<i64>) -> Self {
        Self(value.try_into().ok().filter(|value| (FIRST..=LAST).contains(value)))
    }

    /// The integer, if it is in the range.
    #[inline]
    #[must_use]
    pub fn get(self) -> Option<i64> {
        self.0
    }
}

impl<const FIRST: i64, const LAST: i64> LabelValue for InRange<FIRST, LAST> {
    const CARDINALITY: Option<usize> = Some(Self::LENGTH + 1);

    #[inline]
    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R {
        match self.0 {
            Some(value) => value.with_text(read),
            None => read(OTHER),
        }
    }

    #[inline]
    fn index(&self) -> usize {
        self.0.map_or(Self::LENGTH, |value| (value - FIRST) as usize)
    }

    fn text_at(index: usize) -> Cow<'static, str> {
        if index < Self::LENGTH {
            Cow::Owned((FIRST + index as i64).to_string())
        } else {
            Cow::Borrowed(OTHER)
        }
    }
}

/// A field that `#[labels(range = ..)]` can stand on: an integer, or an `Option` of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an integer",
    label = "not an integer, nor an `Option` of one",
    note = "`#[labels(range = ..)]` stands on a field of `u8`, `i32`, `Option<u64>` or the like"
)]
pub trait Ranged {
    /// The label value within a range.
    type In<const FIRST: i64, const LAST: i64>: LabelValue;

    /// The value within a range.
    fn in_range<const FIRST: i64, const LAST: i64>(&self) -> Self::In<FIRST, LAST>;
}

macro_rules! ranged {
    ($($type:ty),+) => {$(
        impl Ranged for $type {
            type In<const FIRST: i64, const LAST: i64> = InRange<FIRST, LAST>;

            #[inline]
            fn in_range<const FIRST: i64, const LAST: i64>(&self) -> InRange<FIRST, LAST> {
                InRange::new(*self)
            }
        }
    )+};
}

ranged!(u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize);

impl<T: Ranged> Ranged for Option<T> {
    type In<const FIRST: i64, const LAST: i64> = Option<T::In<FIRST, LAST>>;

    #[inline]
    fn in_range<const FIRST: i64, const LAST: i64>(&self) -> Option<T::In<FIRST, LAST>> {
        self.as_ref().map(T::in_range)
    }
}

impl<T: Ranged + ?Sized> Ranged for &T {
    type In<const FIRST: i64, const LAST: i64> = T::In<FIRST, LAST>;

    #[inline]
    fn in_range<const FIRST: i64, const LAST: i64>(&self) -> T::In<FIRST, LAST> {
        (**self).in_range()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: impl LabelValue) -> String {
        value.with_text(str::to_owned)
    }

    #[test]
    fn what_is_outside_is_one_value_more() {
        type Digit = InRange<-2, 2>;
        assert_eq!(Digit::CARDINALITY, Some(6));
        for (value, index, expected) in [
            (-3, 5, "other"),
            (-2, 0, "-2"),
            (0, 2, "0"),
            (2, 4, "2"),
            (3, 5, "other"),
            (i64::MIN, 5, "other"),
        ] {
            let digit = Digit::new(value);
            assert_eq!((digit.index(), text(digit).as_str()), (index, expected));
            assert_eq!(Digit::text_at(index), expected);
        }
        assert_eq!(text(Digit::new(u64::MAX)), "other");
        assert_eq!(text(Digit::new(u128::MAX)), "other");
    }

    #[test]
    fn the_ends_of_the_numbers_are_in_range() {
        type Last = InRange<{ i64::MAX - 1 }, { i64::MAX }>;
        assert_eq!((Last::new(i64::MAX).get(), Last::new(0).get()), (Some(i64::MAX), None));
        type First = InRange<{ i64::MIN }, { i64::MIN }>;
        assert_eq!((First::new(i64::MIN).get(), First::new(0).get()), (Some(i64::MIN), None));
        assert_eq!(First::CARDINALITY, Some(2));
    }

    #[test]
    fn an_option_has_a_value_for_none_as_well() {
        assert_eq!(text(Some(7_u8).in_range::<0, 9>()), "7");
        assert_eq!(text(Some(&70_u8).in_range::<0, 9>()), "other");
        assert_eq!(text(None::<u8>.in_range::<0, 9>()), "");
        assert_eq!(<<Option<u8> as Ranged>::In<0, 9> as LabelValue>::CARDINALITY, Some(12));
    }
}
