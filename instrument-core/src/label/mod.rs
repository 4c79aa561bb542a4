//! Typed label sets: a struct per family, a type per label.

mod address;
mod display;
#[cfg(feature = "http")]
mod http;
mod integer;
mod range;
mod set;
mod value;

pub use display::Displayed;
pub use range::{InRange, Ranged};
pub(crate) use set::{KnownValues, MAX_KNOWN_VALUES, Texts};
pub use set::{LabelVisitor, Labels};
pub use value::LabelValue;
