//! Spans and events of [`tracing`](https://docs.rs/tracing) turned into metrics, without a change where they are emitted.
//!
//! A span becomes rate, errors and duration: `tracing_span_duration_seconds{span, target, outcome}` and `tracing_span_in_flight{span, target}`. Events
//! are counted: `tracing_events_total{level, target}`.
//!
//! ```
//! use instrument_core::Registry;
//! use instrument_core::bridge::tracing::layer;
//! use tracing_subscriber::layer::SubscriberExt;
//!
//! let registry = Registry::new();
//! let subscriber = tracing_subscriber::registry().with(layer(&registry)?);
//! tracing::subscriber::with_default(subscriber, || {
//!     let _span = tracing::info_span!(target: "shop", "checkout").entered();
//!     tracing::error!(target: "shop", "the card was refused");
//! });
//!
//! let snapshot = registry.snapshot();
//! let labels = [("span", "checkout"), ("target", "shop"), ("outcome", "error")];
//! assert_eq!(snapshot.histogram("tracing_span_duration_seconds", &labels).unwrap().count(), 1);
//! assert_eq!(snapshot.counter("tracing_events_total", &[("level", "error"), ("target", "shop")]), Some(1));
//! # Ok::<(), instrument_core::Error>(())
//! ```
//!
//! # Duration
//!
//! A span's duration is from when it is made to when it is closed, which is when its last handle is dropped: for an instrumented future, when the future
//! is. The time in which it is not entered is part of it.
//!
//! # Outcome
//!
//! - `error`: while the span was the innermost of those that are recorded, there was an event of level `ERROR`, as `#[tracing::instrument(err)]` emits one; or
//!   the span has a field called `error` that is not `false`;
//! - `panic`: it was closed while its thread unwound;
//! - `ok` otherwise. That a future was given up on does not show.
//!
//! # Cost
//!
//! A span or event that is not [asked for](LayerBuilder) costs what `tracing` takes to find out once for each place that emits it: whoever installs no
//! other layer pays nothing for it. An event that is counted is one look-up by hash; a span also takes the lock of its extensions.

mod builder;
mod filter;
mod layer;
mod outcome;

pub use self::builder::{LayerBuilder, layer};
