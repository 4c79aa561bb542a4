//! What is recorded of a request, whatever framework it came through.
//!
//! `builder` is told what to record, in `settings` and `rules`; `watch` is the outcome. `active`, `metrics` and `rpc` have the families and their labels, `method` and
//! `route` say what stands in the labels. `exchange` is one request from its start to its end, and `served` is what a server knows of it, which it reads
//! from a `head`.

mod active;
mod builder;
mod exchange;
mod head;
mod method;
mod metrics;
mod received;
mod route;
mod rpc;
mod served;
mod settings;
mod watch;

pub use self::builder::RedBuilder;
pub(crate) use self::exchange::{End, Exchange, end, watch};
#[cfg(feature = "actix")]
pub(crate) use self::head::LateRoute;
pub(crate) use self::head::{RequestHead, ResponseHead};
pub(crate) use self::metrics::DURATION;
#[cfg(any(feature = "actix", feature = "axum"))]
pub(crate) use self::received::ByteCount;
pub(crate) use self::received::Received;
pub use self::route::Route;
pub(crate) use self::served::Served;
pub(crate) use self::watch::Watch;
#[cfg(feature = "tower")]
pub(crate) use self::{
    exchange::{Record, Seen},
    method::{KnownMethods, MethodNumber},
    rpc::{StatusName, is_grpc},
    settings::Settings,
};

/// Counts that the metrics could not be registered, for those who have nobody to tell. It is the counter of functions in the same plight.
pub(crate) fn count_failure(registry: &instrument_core::Registry, metric: &str) {
    instrument_core::__private::count_registration_error(registry, metric, "", "");
}
