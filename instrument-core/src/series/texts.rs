//! The texts of a label set, kept with its series.

use crate::{LabelVisitor, Labels};

/// Some texts in one piece of memory: before each its length, in four bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JoinedTexts {
    bytes: Box<[u8]>,
}

impl JoinedTexts {
    /// The texts of a label set.
    pub(crate) fn of(labels: &impl Labels) -> Self {
        let mut join = Join(Vec::new());
        labels.visit(&mut join);
        Self { bytes: join.0.into() }
    }

    /// The texts, in their order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> + Clone {
        std::iter::successors(split(&self.bytes), |(_, rest)| split(rest))
            .map(|(text, _)| std::str::from_utf8(text).unwrap_or_default())
    }

    /// Whether these are the texts of a label set.
    #[inline(always)]
    pub(crate) fn are_of(&self, labels: &impl Labels) -> bool {
        struct Compare<'s> {
            rest: &'s [u8],
            same: bool,
        }
        impl LabelVisitor for Compare<'_> {
            #[inline(always)]
            fn value(&mut self, text: &str) {
                let text = bounded(text).as_bytes();
                match split(self.rest) {
                    Some((own, rest)) if own.len() == text.len() => {
                        self.same &= is_same(own, text);
                        self.rest = rest;
                    }
                    _ => self.same = false,
                }
            }
        }
        let mut compare = Compare { rest: &self.bytes, same: true };
        labels.visit(&mut compare);
        compare.same && compare.rest.is_empty()
    }
}

/// The first text, and what is behind it.
#[inline(always)]
fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(u32::from_ne_bytes(*length) as usize)
}

impl<'t> FromIterator<&'t str> for JoinedTexts {
    fn from_iter<I: IntoIterator<Item = &'t str>>(texts: I) -> Self {
        let mut join = Join(Vec::new());
        texts.into_iter().for_each(|text| join.value(text));
        Self { bytes: join.0.into() }
    }
}

/// Joins texts one by one.
struct Join(Vec<u8>);

impl LabelVisitor for Join {
    fn value(&mut self, text: &str) {
        let text = bounded(text);
        self.0.extend((text.len() as u32).to_ne_bytes());
        self.0.extend(text.as_bytes());
    }
}

/// The greatest length of a label's text, in bytes: what is longer is cut, so that no text that comes over a network fills the memory.
const MAX_LENGTH: usize = 4096;

/// The text, cut to the greatest length.
#[inline(always)]
pub(super) fn bounded(text: &str) -> &str {
    if text.len() <= MAX_LENGTH { text } else { cut(text) }
}

#[cold]
fn cut(text: &str) -> &str {
    let end = (0..=MAX_LENGTH).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    &text[..end]
}

/// Whether two byte strings of the same length are the same. Most label texts are short: for those it is two comparisons of words that may
/// overlap, where a call of `memcmp` would take longer than the rest of the look-up.
#[inline(always)]
fn is_same(one: &[u8], other: &[u8]) -> bool {
    #[inline(always)]
    fn words<const N: usize>(one: &[u8], other: &[u8]) -> bool {
        one.first_chunk::<N>() == other.first_chunk() && one.last_chunk::<N>() == other.last_chunk()
    }
    match one.len() {
        0 => true,
        1 => one[0] == other[0],
        2..4 => words::<2>(one, other),
        4..8 => words::<4>(one, other),
        8..=16 => words::<8>(one, other),
        17..=32 => words::<16>(one, other),
        _ => one == other,
    }
}

/// Whether all labels of a set say the same as `text`.
pub(crate) fn all_say(labels: &impl Labels, text: &str) -> bool {
    struct AllSay<'t> {
        text: &'t str,
        so_far: bool,
    }
    impl LabelVisitor for AllSay<'_> {
        fn value(&mut self, text: &str) {
            self.so_far = self.so_far && text == self.text;
        }
    }
    let mut all = AllSay { text, so_far: true };
    labels.visit(&mut all);
    all.so_far
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::Texts;

    #[test]
    fn texts_of_all_lengths_are_themselves_and_no_others() {
        for length in 0..40 {
            let text = "x".repeat(length);
            let kept = JoinedTexts::of(&Texts(&[&text, "end"]));
            assert!(kept.iter().eq([&*text, "end"]));
            assert!(kept.are_of(&Texts(&[&text, "end"])));
            assert!(!kept.are_of(&Texts(&[&text])));
            assert!(!kept.are_of(&Texts(&[&text, "end", ""])));
            assert!(!kept.are_of(&Texts(&[&format!("{text}e"), "nd"])));
            for place in 0..length {
                let mut other = text.clone();
                other.replace_range(place..=place, "y");
                assert!(!kept.are_of(&Texts(&[&other, "end"])), "{other}");
            }
        }
    }

    #[test]
    fn a_text_that_is_too_long_is_cut_at_a_character() {
        let long = "é".repeat(MAX_LENGTH);
        let kept = JoinedTexts::of(&Texts(&["a", &long]));
        assert_eq!(kept.iter().nth(1).map(str::len), Some(MAX_LENGTH));
        assert!(kept.are_of(&Texts(&["a", &long])));
        assert_eq!(bounded(&format!("a{long}")).len(), MAX_LENGTH - 1);
    }
}
