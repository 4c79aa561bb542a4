//! The facade's keys, and what a registry makes of them.

use std::borrow::Cow;

use metrics::Key;

use crate::{LabelVisitor, Labels};

/// A metric's name with `_` for what no name can have.
pub(super) fn name(given: &str) -> String {
    let underscore = given.starts_with(|c: char| c.is_ascii_digit()).then_some('_');
    let kept = given.chars().map(|c| if c.is_ascii_alphanumeric() || c == ':' { c } else { '_' });
    underscore.into_iter().chain(kept).collect()
}

/// Names and values of a key's labels, in the order of the names.
pub(super) fn labels(key: &Key) -> Vec<(String, &str)> {
    let of =
        |label: &'_ str| label.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let mut labels: Vec<(String, &str)> =
        key.labels().map(|label| (of(label.key()), label.value())).collect();
    labels.sort();
    labels
}

/// The whole of a key as texts to be found by: the name, and each label's name and value.
pub(super) struct Texts<'a>(pub(super) &'a Key);

impl Labels for Texts<'_> {
    const CARDINALITY: Option<usize> = None;

    fn names() -> Vec<&'static str> {
        Vec::new()
    }

    #[inline]
    fn visit(&self, visitor: &mut impl LabelVisitor) {
        visitor.value(self.0.name());
        for label in self.0.labels() {
            visitor.value(label.key());
            visitor.value(label.value());
        }
    }

    fn index(&self) -> usize {
        0
    }

    fn texts_at(_: usize) -> Vec<Cow<'static, str>> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_what_a_name_can_have() {
        for (given, kept) in
            [("a.b-c/d", "a_b_c_d"), ("x:y_z9", "x:y_z9"), ("9lives", "_9lives"), ("é", "_"), ("", "")]
        {
            assert_eq!(name(given), kept, "{given}");
        }
    }

    #[test]
    fn labels_are_in_the_order_of_their_names() {
        let key = Key::from_parts("m", &[("z.z", "1"), ("a", "2")][..]);
        assert_eq!(labels(&key), [("a".to_owned(), "2"), ("z_z".to_owned(), "1")]);
    }
}
