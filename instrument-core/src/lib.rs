//! Application metrics for services that cannot afford to wait: lock-free counters, gauges and histograms with typed labels, a
//! registry, and the RED and USE methods ready made.
//!
//! ```
//! use std::time::Duration;
//!
//! use instrument_core::{LabelValue, Labels, Red, Registry};
//!
//! #[derive(LabelValue)]
//! enum Kind {
//!     Hit,
//!     Miss,
//! }
//!
//! #[derive(Labels)]
//! struct Lookup {
//!     kind: Kind,
//! }
//!
//! let registry = Registry::new();
//!
//! // A metric of your own, with labels that cannot be misspelled.
//! let lookups = registry.counter("cache_lookups", "Look-ups in the cache.").labels::<Lookup>().register()?;
//! lookups.with(&Lookup { kind: Kind::Hit }).inc();
//!
//! // Rate, errors and duration of an operation.
//! let fetch = Red::register(&registry, "fetch")?;
//! fetch.start().ok();
//!
//! let snapshot = registry.snapshot();
//! assert_eq!(snapshot.counter("cache_lookups_total", &[("kind", "hit")]), Some(1));
//! assert_eq!(snapshot.histogram("fetch_duration_seconds", &[("outcome", "ok")]).unwrap().count(), 1);
//! # Ok::<(), instrument_core::Error>(())
//! ```
//!
//! With the attribute, a function needs nothing else; it records into [`Registry::global`]:
//!
//! ```
//! use instrument_core::{Registry, instrument_red};
//!
//! #[instrument_red]
//! fn parse(text: &str) -> Result<u32, std::num::ParseIntError> {
//!     text.parse()
//! }
//!
//! let _ = parse("x");
//!
//! let labels = [("function", "parse"), ("module", module_path!()), ("outcome", "error")];
//! assert_eq!(Registry::global().snapshot().histogram("function_duration_seconds", &labels).unwrap().count(), 1);
//! ```
//!
//! # What to use
//!
//! | for | use |
//! |---|---|
//! | what only grows: requests, bytes, failures | [`Counter`] |
//! | what is set: a temperature, a share | [`Gauge`] |
//! | what goes up and down: requests in flight | [`UpDownCounter`] |
//! | what has sizes: durations, bytes, items | [`Histogram`] with [`Buckets`] |
//! | what describes the service: its version, its region | [`Info`], [`build_info!`] |
//! | which of some states something is in | [`StateSet`] |
//! | which request it was: the id of a trace, kept with a number | [`Exemplar`] |
//! | the same, told apart by labels | [`Family`] with [`Labels`] |
//! | rate, errors and duration of an operation | [`Red`], or [`macro@instrument_red`] on a function; [`RedFamily`] by labels |
//! | utilization, saturation and errors of a resource | [`Use`]; [`UseFamily`] by labels |
//! | all metrics of a part of a service | [`Metrics`] on a struct |
//! | what something else counts, asked for at each read | [`Registry::gauge_fn`], [`Registry::counter_fn`], [`Collector`] |
//! | what the system, the runtime or the allocator says of the process | [`collector`] |
//! | what libraries emit through the crates `metrics` and `tracing` | `bridge`, see [Features](#features) |
//! | reading them: in a test, in an exporter | [`Snapshot`], [`Visitor`] |
//! | a list of them: for a page, for the tools of a team, for a test of their names | [`Catalogue`] with its [`Lint`] |
//! | a global registry for each test | [`Registry::scope`] |
//!
//! # In a test
//!
//! A test reads what was counted from a [`Snapshot`], without a server. Within a [scope](Registry::scope) the global registry is one of the test's own, so
//! tests that run side by side do not see each other. There are scopes for closures, threads and futures, and for whole tokio runtimes.
//!
//! ```
//! use instrument_core::{Registry, instrument_red};
//!
//! #[instrument_red]
//! fn greet(lang: &str) -> Result<&'static str, String> {
//!     if lang == "fr" { Ok("Bonjour") } else { Err(format!("no {lang} here")) }
//! }
//!
//! let registry = Registry::new();
//! let _scope = registry.enter_scope();
//! assert!(greet("fr").is_ok());
//!
//! let before = registry.snapshot();
//! assert!(greet("la").is_err());
//! let happened = registry.snapshot().delta(&before);
//!
//! let labels = |outcome| [("function", "greet"), ("module", module_path!()), ("outcome", outcome)];
//! assert_eq!(happened.expect_histogram("function_duration_seconds", &labels("error")).count(), 1);
//! assert_eq!(happened.expect_histogram("function_duration_seconds", &labels("ok")).count(), 0);
//! ```
//!
//! A look-up such as [`expect_histogram`](Snapshot::expect_histogram) that finds nothing fails the test with the nearest series that there are, and
//! `println!("{snapshot}")` shows all of them.
//!
//! # Cost
//!
//! Every thread counts in memory of its own; a reader sums. So an increment is a plain addition, without a lock and without a
//! cache line that threads share, and costs the same on one thread and on many. Nothing allocates, locks, blocks or panics once a series
//! is known. What a thread counted stays when the thread ends.
//!
//! Do not count from within a global allocator: a thread's first addition allocates.
//!
//! # One version in a program
//!
//! Two versions of this crate in a program would have a global registry each, and what one of them counts would be missing from the page of the
//! other. So Cargo refuses to choose two, before it compiles anything. It then says that a package "links to the native library
//! `instrument-core`", as another does, and which dependencies ask for the one and for the other. There is no such library: the name stands in
//! the key `links` of the manifest, which Cargo gives to one package alone. The way out is to bring the dependencies that are named to releases
//! that ask for the same version. A plug-in that is loaded at run time is beyond Cargo's sight, and has a registry of its own.
//!
//! # In a manifest
//!
//! Not on crates.io yet; the `instrument-core` there is another project. Depend on a clone of the repository:
//!
//! ```toml
//! instrument-core = { path = "../instrument/instrument-core" }
//! ```
//!
//! # Features
//!
//! | feature | what it adds |
//! |---|---|
//! | `macros` (default) | the attribute and the derives |
//! | `actix` | actix's responses by their status as outcomes |
//! | `http` | the crate `http`: methods and status codes as label values, responses by their status as outcomes |
//! | `metrics-facade` | `bridge::metrics_facade`, which takes what libraries count through the crate `metrics` |
//! | `opentelemetry` | `Exemplar::current`, the ids of the trace and the span that are active. It goes with version 0.33 of the crate `opentelemetry`, and for spans of `tracing` with 0.34 of `tracing-opentelemetry` |
//! | `process` | `collector::Process`, the `process_*` metrics that other client libraries have: time, memory, files, threads. On Linux |
//! | `serde` | a [`Snapshot`] as data, written and read |
//! | `stream` | `#[instrument_red(stream)]`, on functions that return a stream |
//! | `tokio` | `Registry::scope_runtime`, a scope for all that a tokio runtime does; `track`, a semaphore and a bounded channel that keep a [`Use`] by themselves; `collector::TokioRuntime` and `collector::PollTimes` |
//! | `tracing` | `bridge::tracing`, a layer that makes RED of spans and counters of events |

// On docs.rs, what a feature adds says so.
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(any(feature = "metrics-facade", feature = "tracing"))]
pub mod bridge;
mod buckets;
mod build_info;
mod catalogue;
mod cells;
mod clock;
mod collect;
pub mod collector;
mod description;
mod error;
mod exemplar;
mod family;
mod guarded;
mod label;
mod metric;
mod metrics;
mod name;
mod red;
mod registry;
mod series;
mod snapshot;
mod sync;
mod use_method;

#[doc(hidden)]
#[path = "private/mod.rs"]
pub mod __private;

pub use crate::buckets::{Buckets, NativeBuckets};
pub use crate::catalogue::{Catalogue, CatalogueEntry, CatalogueLabel, Lint, LintFinding, LintRule};
pub use crate::collect::{HistogramSample, NativeSample, Sample, Series, StateSetSample, Visitor};
pub use crate::collector::{Collector, Emitter};
pub use crate::description::{Description, MetricKind, Shape};
pub use crate::error::Error;
pub use crate::exemplar::{Exemplar, RecordedExemplar};
pub use crate::family::Family;
pub use crate::label::{Displayed, InRange, LabelValue, LabelVisitor, Labels};
pub use crate::metric::{
    Counter, Gauge, Histogram, HistogramValue, InFlight, Info, Metric, StateSet, Timer, UpDownCounter,
};
pub use crate::metrics::Metrics;
pub use crate::red::{Outcome, Red, RedBuilder, RedFamily, RedFamilyBuilder, RedSpan};
pub use crate::registry::{
    FamilyBuilder, FunctionBuilder, InfoBuilder, MetricBuilder, Registered, Registry, RegistryBuilder,
    ScopeGuard, ScopedFuture, Walk,
};
pub use crate::snapshot::{
    FamilySnapshot, HistogramSnapshot, LabelPairs, NoSuchSeries, SeriesSnapshot, Snapshot, StateSetSnapshot,
    Value,
};
pub use crate::use_method::{Busy, InUse, Queued, Use, UseBuilder, UseFamily, UseFamilyBuilder};

#[cfg(feature = "tokio")]
pub use crate::use_method::track;

#[cfg(feature = "macros")]
pub use instrument_macros::{LabelValue, Labels, Metrics, instrument_red};

/// Sets how many threads of the process may count in memory of their own; 256 without it.
///
/// Threads beyond share one set of cells, where an increment is an atomic addition. Threads that have memory of their own already keep
/// it, and when one of them ends, another takes its place.
///
/// ```
/// instrument_core::set_max_threads(64);
/// ```
pub fn set_max_threads(threads: usize) {
    cells::set_max_threads(threads);
}
