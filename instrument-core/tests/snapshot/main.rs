//! Pictures of a registry: looking into them, comparing and printing them.

mod delta;
mod display;
mod nearest;
#[cfg(feature = "serde")]
mod stored;
