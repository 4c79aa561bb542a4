//! Typed label sets: a struct per family, a type per label.

mod set;
mod value;

pub(crate) use set::Texts;
pub use set::{LabelVisitor, Labels};
pub use value::LabelValue;
