//! What libraries count through the crate `metrics`, on the same page as everything else.
//!
//!     $ cargo run -p instrument-examples --example bridge_metrics
//!     cache_hits_total{cache="users"} 1
//!     cache_load_seconds_count 1
//!     quotes_served_total 1
//!
//! A program has one recorder of `metrics`; this one fills a registry of ours. A handle that is kept, as of
//! `let hits = counter!("cache.hits")`, costs what ours does; the macros look it up at each call.

use std::error::Error;

use instrument_core::Registry;
use instrument_core::bridge::metrics_facade::Recorder;
use instrument_http::TextEncoder;

/// Stands for a library that knows nothing of this project.
mod cache {
    use metrics::{Unit, counter, describe_histogram, histogram};

    pub(crate) fn look_up() {
        describe_histogram!("cache.load", Unit::Seconds, "Time to load an entry.");
        counter!("cache.hits", "cache" => "users").increment(1);
        histogram!("cache.load").record(0.25);
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let registry = Registry::global();
    Recorder::new(registry).install()?; // before the library counts

    registry.counter("quotes_served", "Quotations served.").register()?.inc();
    cache::look_up();

    print!("{}", TextEncoder::new().encode(registry));
    Ok(())
}
