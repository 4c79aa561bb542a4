//! Exemplars: which request it was, kept with a number that counted it.

#[cfg(feature = "opentelemetry")]
mod current;
mod given;
mod places;
mod recorded;

pub use self::given::Exemplar;
pub use self::places::Drops;
pub(crate) use self::places::{BucketExemplars, LastExemplar};
pub use self::recorded::RecordedExemplar;
