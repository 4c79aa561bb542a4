use crate::{LabelVisitor, Labels};

/// Labels to look for in a [`Snapshot`](crate::Snapshot): pairs of name and value, or a typed set.
///
/// ```
/// use instrument_core::{LabelPairs, Labels};
///
/// #[derive(Labels)]
/// struct Language<'a> {
///     lang: &'a str,
/// }
///
/// let typed = (&Language { lang: "fr" }).with_pairs(|labels| format!("{labels:?}"));
/// let pairs = (&[("lang", "fr")]).with_pairs(|labels| format!("{labels:?}"));
/// assert_eq!(typed, pairs);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` are not labels to look for",
    label = "not labels",
    note = "write `&[(\"name\", \"value\")]`, `&[]`, or a reference to a struct with `#[derive(Labels)]`"
)]
pub trait LabelPairs {
    /// Hands the pairs to `read`, in any order.
    fn with_pairs<R>(self, read: impl FnOnce(&[(&str, &str)]) -> R) -> R;
}

impl LabelPairs for &[(&str, &str)] {
    fn with_pairs<R>(self, read: impl FnOnce(&[(&str, &str)]) -> R) -> R {
        read(self)
    }
}

impl<const N: usize> LabelPairs for &[(&str, &str); N] {
    fn with_pairs<R>(self, read: impl FnOnce(&[(&str, &str)]) -> R) -> R {
        read(self)
    }
}

impl LabelPairs for &Vec<(&str, &str)> {
    fn with_pairs<R>(self, read: impl FnOnce(&[(&str, &str)]) -> R) -> R {
        read(self)
    }
}

impl<L: Labels> LabelPairs for &L {
    fn with_pairs<R>(self, read: impl FnOnce(&[(&str, &str)]) -> R) -> R {
        let mut texts = OwnedTexts(Vec::new());
        self.visit(&mut texts);
        let pairs: Vec<(&str, &str)> =
            L::names().into_iter().zip(texts.0.iter().map(String::as_str)).collect();
        read(&pairs)
    }
}

struct OwnedTexts(Vec<String>);

impl LabelVisitor for OwnedTexts {
    fn value(&mut self, text: &str) {
        self.0.push(text.to_owned());
    }
}
