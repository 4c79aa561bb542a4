//! What is recorded of a request, whatever framework it came through.
//!
//! `metrics` has the families and their labels, `method` and `route` say what stands in the labels, `exchange` is one request from its
//! arrival to its end.

mod exchange;
mod method;
mod metrics;
mod route;

pub(crate) use self::exchange::{End, Exchange, watch};
pub(crate) use self::metrics::RequestMetrics;
pub use self::route::Route;
