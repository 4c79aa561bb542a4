use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

/// A type whose values can stand in a label.
///
/// Text, `bool`, `char`, the integers, IP addresses and `Option` of these implement it, and with the feature `http` the methods and status
/// codes of that crate. Derive it for an enum:
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
/// assert_eq!((Cache::CARDINALITY, Cache::StaleHit.index()), (Some(3), 1));
/// assert_eq!(Cache::text_at(1), "stale-hit");
/// ```
///
/// `None` has the empty text, which leaves the label out of the output. Other types are label values by [`Displayed`](crate::Displayed),
/// and integers of which few occur by [`InRange`](crate::InRange).
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
    note = "text, integers, `bool`, `char`, IP addresses and `Option` of these can; for an enum write `#[derive(LabelValue)]`, for what \
            implements `Display` write `#[labels(display)]` on the field, or `Displayed(value)`"
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absent_value_has_the_empty_text_and_the_first_index() {
        let text = |value: Option<char>| value.with_text(str::to_owned);
        assert_eq!((text(None), text(Some('é'))), (String::new(), "é".to_owned()));
        assert_eq!(<Option<bool>>::CARDINALITY, Some(3));
        for value in [None, Some(false), Some(true)] {
            assert_eq!(<Option<bool>>::text_at(value.index()), value.with_text(str::to_owned));
        }
    }
}
