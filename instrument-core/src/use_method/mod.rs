//! The USE method: utilization, saturation and errors of a resource that there is only so much of.

mod acquire;
mod builder;
mod family;
mod guard;
mod resource;
#[cfg(feature = "tokio")]
pub mod track;
mod utilization;

pub use self::builder::{UseBuilder, UseFamilyBuilder};
pub use self::family::UseFamily;
pub use self::guard::{Busy, InUse, Queued};
pub use self::resource::Use;
