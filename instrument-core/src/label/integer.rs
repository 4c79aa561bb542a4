use std::num;

use crate::LabelValue;

macro_rules! integer {
    ($unsigned:ty: $($type:ty),+) => {$(
        impl LabelValue for $type {
            #[inline]
            fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R {
                // 39 digits hold `u128::MAX`; one more for a sign.
                let mut digits = [0_u8; 40];
                let mut start = digits.len();
                #[allow(unused_comparisons)] // of the unsigned types
                let negative = *self < 0;
                let mut rest = <$unsigned>::try_from(*self).unwrap_or_else(|_| (!*self as $unsigned).wrapping_add(1));
                loop {
                    start -= 1;
                    digits[start] = b'0' + (rest % 10) as u8;
                    rest /= 10;
                    if rest == 0 {
                        break;
                    }
                }
                if negative {
                    start -= 1;
                    digits[start] = b'-';
                }
                read(std::str::from_utf8(&digits[start..]).unwrap_or_default())
            }
        }
    )+};
}

integer!(u64: u8, u16, u32, u64, usize, i8, i16, i32, i64, isize);
integer!(u128: u128, i128);

macro_rules! nonzero {
    ($($type:ident),+) => {$(
        impl LabelValue for num::$type {
            #[inline]
            fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R {
                self.get().with_text(read)
            }
        }
    )+};
}

nonzero!(NonZeroU8, NonZeroU16, NonZeroU32, NonZeroU64, NonZeroU128, NonZeroUsize);
nonzero!(NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroI128, NonZeroIsize);

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: impl LabelValue) -> String {
        value.with_text(str::to_owned)
    }

    #[test]
    fn integers_read_as_the_standard_library_writes_them() {
        for value in [i64::MIN, -10, -1, 0, 1, 9, 10, 404, i64::MAX] {
            assert_eq!(text(value), value.to_string());
        }
        assert_eq!(text(i8::MIN), "-128");
        assert_eq!(text(u64::MAX), u64::MAX.to_string());
        assert_eq!(text(u128::MAX), u128::MAX.to_string());
        assert_eq!(text(i128::MIN), i128::MIN.to_string());
        assert_eq!(text(num::NonZeroU8::MIN), "1");
        assert_eq!(text(num::NonZeroI128::MIN), i128::MIN.to_string());
    }
}
