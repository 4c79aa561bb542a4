use std::borrow::Cow;

use crate::label::MAX_KNOWN_VALUES;

/// The texts of all values of a label, of its `CARDINALITY` and `text_at`; none if they are not known, or too many to list.
#[must_use]
pub fn known_values(
    cardinality: Option<usize>,
    text_at: impl Fn(usize) -> Cow<'static, str>,
) -> Vec<Cow<'static, str>> {
    let values = cardinality.filter(|values| *values <= MAX_KNOWN_VALUES).unwrap_or(0);
    (0..values).map(text_at).collect()
}
