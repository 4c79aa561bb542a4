//! The formats: one file each, written in one walk over the registry (`page.rs`).

mod bounds;
mod escape;
mod exemplars;
mod kept;
mod labels;
mod lines;
mod number;
mod openmetrics;
mod page;
#[cfg(feature = "protobuf")]
mod protobuf;
mod scheme;
mod text;
mod time;

#[cfg(feature = "server")]
pub(crate) use self::page::AnyPage;
#[cfg(feature = "monitoring")]
pub(crate) use self::scheme::NameKind;

pub use self::openmetrics::OpenMetricsEncoder;
#[cfg(feature = "protobuf")]
pub use self::protobuf::ProtobufEncoder;
pub use self::scheme::EscapingScheme;
pub use self::text::TextEncoder;
