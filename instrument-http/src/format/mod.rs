//! The formats: one file each, written in one walk over the registry.

mod escape;
mod number;
mod text;

pub use self::text::TextEncoder;
