//! What libraries emit for others: recorders that take it into a [`Registry`](crate::Registry).

#[cfg(feature = "metrics-facade")]
pub mod metrics_facade;
#[cfg(feature = "tracing")]
pub mod tracing;
