//! Registries that stand in for the global one.
#![cfg(feature = "macros")]

mod functions;
mod futures;
mod handles;
mod nesting;
#[cfg(feature = "tokio")]
mod runtimes;

use instrument_core::{HistogramSnapshot, Registry, Snapshot};

/// Counts one job in whatever is the global registry here.
fn count_a_job() {
    Registry::global().counter("jobs", "Jobs run.").register().unwrap().inc();
}

/// How many jobs were counted in a registry, if any.
fn jobs(registry: &Registry) -> Option<u64> {
    registry.snapshot().counter("jobs_total", &[])
}

/// The calls of a function that returned, by the module that it is in.
fn calls(snapshot: &Snapshot, module: &str, function: &str) -> Option<u64> {
    let labels = [("function", function), ("module", module), ("outcome", "ok")];
    snapshot.histogram("function_duration_seconds", &labels).map(HistogramSnapshot::count)
}
