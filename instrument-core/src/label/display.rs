use std::fmt::{self, Display, Write as _};

use crate::LabelValue;

/// Makes a label value of anything that can be displayed.
///
/// On a field of a `#[derive(Labels)]` struct, `#[labels(display)]` does the same.
///
/// ```
/// use instrument_core::{Displayed, LabelValue};
///
/// let version = Displayed(format_args!("{}.{}", 1, 88)).with_text(str::to_owned);
/// assert_eq!(version, "1.88");
/// ```
///
/// # Cost
///
/// The text is written anew at each look-up: on the stack up to 64 bytes, on the heap beyond. The set of values is open.
///
/// # Failures
///
/// What a `Display` has written before it fails is the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Displayed<T: ?Sized>(
    /// What is displayed.
    pub T,
);

impl<T: Display + ?Sized> LabelValue for Displayed<T> {
    #[inline]
    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R {
        with_display(&self.0, read)
    }
}

/// Hands what a value displays to `read`, without the heap if it is short.
#[inline]
pub(super) fn with_display<R>(value: &(impl Display + ?Sized), read: impl FnOnce(&str) -> R) -> R {
    let mut text = Text { short: [0; SHORT], length: 0, long: String::new() };
    // An error is the value's own, and nothing that a recording call can hand on.
    let _ = write!(text, "{value}");
    read(text.as_str())
}

/// The longest text that stays on the stack, in bytes. An IPv6 address takes 39.
const SHORT: usize = 64;

/// A text that is being written.
struct Text {
    short: [u8; SHORT],
    /// Of the short text.
    length: usize,
    /// All of the text once it has become too long for `short`; empty before.
    long: String,
}

impl Text {
    fn as_str(&self) -> &str {
        if self.long.is_empty() { self.short_text() } else { &self.long }
    }

    fn short_text(&self) -> &str {
        std::str::from_utf8(&self.short[..self.length]).unwrap_or_default()
    }
}

impl fmt::Write for Text {
    fn write_str(&mut self, more: &str) -> fmt::Result {
        if self.long.is_empty() {
            let end = self.length + more.len();
            if let Some(room) = self.short.get_mut(self.length..end) {
                room.copy_from_slice(more.as_bytes());
                self.length = end;
                return Ok(());
            }
            self.long = self.short_text().to_owned();
        }
        self.long.push_str(more);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: impl Display) -> String {
        Displayed(value).with_text(str::to_owned)
    }

    #[test]
    fn texts_of_every_length_come_whole() {
        for length in [0, 1, SHORT - 1, SHORT, SHORT + 1, 3 * SHORT] {
            let expected: String = ('a'..='z').cycle().take(length).collect();
            assert_eq!(text(&expected), expected);
            let (one, other) = expected.split_at(length / 2);
            assert_eq!(text(format_args!("{one}{other}{}", "")), expected);
            assert_eq!(text(format_args!("é{one}{other}é")), format!("é{expected}é"));
        }
    }

    #[test]
    fn what_fails_has_the_text_that_it_wrote_before() {
        struct Failing;
        impl Display for Failing {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("half")?;
                Err(fmt::Error)
            }
        }
        assert_eq!(text(Failing), "half");
    }
}
