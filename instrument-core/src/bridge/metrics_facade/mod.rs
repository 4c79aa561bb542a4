//! The facade of the crate [`metrics`](https://docs.rs/metrics): what libraries count through it lands in a registry of ours.
//!
//! ```
//! use instrument_core::Registry;
//! use instrument_core::bridge::metrics_facade::Recorder;
//!
//! let registry = Registry::new();
//! Recorder::new(&registry).install()?;
//!
//! // In a library, somewhere:
//! metrics::counter!("cache.hits", "cache" => "users").increment(1);
//!
//! assert_eq!(registry.snapshot().counter("cache_hits_total", &[("cache", "users")]), Some(1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Names and labels
//!
//! A name keeps its letters, digits, `_` and `:`, and has `_` for all else; one that starts with a digit gets a `_` before it. Counters are shown with
//! `_total`, and a unit ends the name if it was described before the metric was first used, as the help text must be.
//!
//! Call sites may give other labels to the same metric. A label whose name is no name, or is taken (`le`, by a constant label of the registry), is
//! called `exported_…`, as Prometheus does. The order of labels does not matter.
//!
//! # Kinds
//!
//! Counters and histograms are those of this crate, so they count in memory of the thread. `absolute` reads the sum over all threads, under a lock:
//! it is for numbers that are taken over from elsewhere now and then. Histograms are of `f64`.
//!
//! # Bounds
//!
//! For each metric, and each set of label names, the bounds of a [`Family`](crate::Family) hold: what has no room counts in a series
//! `__overflow__` and in `instrument_overflow_total{family}`. What cannot be registered is not recorded, and each look-up of it counts in
//! `instrument_registration_errors_total{family}`: a name that a metric of another kind has, more than 10,000 names, more than 100 sets of label names for one of
//! them.

mod builder;
mod described;
mod handles;
mod key;
mod recorder;

pub use self::builder::RecorderBuilder;
pub use self::recorder::Recorder;
