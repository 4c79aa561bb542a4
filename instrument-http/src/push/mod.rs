//! Metrics of jobs that end before anybody scrapes them: pushed to a Prometheus Pushgateway.
//!
//! `target` is where it is and `group` whose metrics these are; `pushing` makes a request of them, and `exchange` sends it and reads the answer.

mod at_end;
mod blocking;
mod builder;
mod error;
mod exchange;
mod gateway;
mod group;
mod pushing;
mod target;
#[cfg(feature = "tls")]
mod tls;

pub use self::at_end::PushAtEnd;
pub use self::blocking::BlockingPushGateway;
pub use self::builder::PushGatewayBuilder;
pub use self::error::PushError;
pub use self::gateway::PushGateway;
