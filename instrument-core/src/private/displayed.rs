use std::fmt::Display;

use crate::{Displayed, LabelValue, LabelVisitor};

/// Shows the visitor what a field under `#[labels(display)]` displays.
///
/// A function with the field's type as its argument, so that the compiler points at the type when it cannot be displayed.
#[inline]
pub fn visit_displayed<T: Display + ?Sized>(value: &T, visitor: &mut impl LabelVisitor) {
    Displayed(value).with_text(|text| visitor.value(text));
}
