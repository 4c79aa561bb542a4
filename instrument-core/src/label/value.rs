use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

/// A type whose values can stand in a label.
///
/// Text, `bool`, `char`, the integers and `Option` of these implement it; derive it for an enum without fields:
///
/// ```
/// use instrument_core::LabelValue;
///
/// #[derive(LabelValue)]
/// #[label_value(rename_all = "kebab-case")]
/// enum Cache {
///     Hit,
///     StaleHit,
///     #[label_value(rename = "none")]
///     Miss,
/// }
///
/// assert_eq!(Cache::StaleHit.with_text(str::to_owned), "stale-hit");
/// assert_eq!(Cache::Miss.with_text(str::to_owned), "none");
/// assert_eq!(Cache::CARDINALITY, Some(3));
/// ```
///
/// `None` has the empty text, which leaves the label out of the output.
///
/// # Implementing it by hand
///
/// Give [`with_text`](Self::with_text) alone: the set of values is then taken to be open. A finite type gives
/// [`CARDINALITY`](Self::CARDINALITY), [`index`](Self::index) and [`text_at`](Self::text_at) too, and they must agree:
/// `T::text_at(v.index())` is the text of `v`, and `v.index() < CARDINALITY`.
///
/// ```
/// use instrument_core::LabelValue;
///
/// struct Percent(u8);
///
/// impl LabelValue for Percent {
///     fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R {
///         read(&format!("{}%", self.0))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the value of a label",
    label = "not a label value",
    note = "text, integers, `bool`, `char` and `Option` of these can; for an enum without fields write `#[derive(LabelValue)]`"
)]
pub trait LabelValue {
    /// How many values there are, or `None` when that is not known.
    const CARDINALITY: Option<usize> = None;

    /// Hands the value's text to `read`.
    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R;

    /// The position of this value among all, below [`CARDINALITY`](Self::CARDINALITY); 0 for an open set.
    fn index(&self) -> usize {
        0
    }

    /// The text of the value at a position of a finite set; empty for an open one.
    fn text_at(_index: usize) -> Cow<'static, str> {
        Cow::Borrowed("")
    }
}

impl LabelValue for bool {
    const CARDINALITY: Option<usize> = Some(2);

    #[inline]
    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R {
        read(if *self { "true" } else { "false" })
    }

    #[inline]
    fn index(&self) -> usize {
        usize::from(*self)
    }

    fn text_at(index: usize) -> Cow<'static, str> {
        Cow::Borrowed(if index == 0 { "false" } else { "true" })
    }
}

impl<T: LabelValue> LabelValue for Option<T> {
    const CARDINALITY: Option<usize> = match T::CARDINALITY {
        Some(values) => values.checked_add(1),
        None => None,
    };

    #[inline]
    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R {
        match self {
            Some(value) => value.with_text(read),
            None => read(""),
        }
    }

    #[inline]
    fn index(&self) -> usize {
        self.as_ref().map_or(0, |value| value.index() + 1)
    }

    fn text_at(index: usize) -> Cow<'static, str> {
        match index {
            0 => Cow::Borrowed(""),
            some => T::text_at(some - 1),
        }
    }
}

macro_rules! text {
    ($($type:ty),+) => {$(
        impl LabelValue for $type {
            #[inline]
            fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R {
                read(self)
            }
        }
    )+};
}

text!(str, String, Box<str>, Arc<str>, Rc<str>, Cow<'_, str>);

impl<T: LabelValue + ?Sized> LabelValue for &T {
    const CARDINALITY: Option<usize> = T::CARDINALITY;

    #[inline]
    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R {
        (**self).with_text(read)
    }

    #[inline]
    fn index(&self) -> usize {
        (**self).index()
    }

    fn text_at(index: usize) -> Cow<'static, str> {
        T::text_at(index)
    }
}

impl LabelValue for char {
    #[inline]
    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R {
        read(self.encode_utf8(&mut [0; 4]))
    }
}

macro_rules! integer {
    ($unsigned:ty: $($type:ty),+) => {$(
        impl LabelValue for $type {
            #[inline]
            fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R {
                // 39 digits hold `u128::MAX`; one more for a sign.
                let mut digits = [0_u8; 40];
                let mut start = digits.len();
                #[allow(unused_comparisons)]
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
    }

    #[test]
    fn an_absent_value_has_the_empty_text_and_the_first_index() {
        assert_eq!(text(None::<&str>), "");
        assert_eq!(text(Some('é')), "é");
        assert_eq!(<Option<bool>>::CARDINALITY, Some(3));
        for value in [None, Some(false), Some(true)] {
            assert_eq!(<Option<bool>>::text_at(value.index()), text(value));
        }
    }
}
