//! Metrics from what is logged by `tracing`: spans become rate, errors and duration, and events are counted.
//!
//!     $ cargo run -p instrument-examples --example bridge_tracing
//!     tracing_events_total{level="info",target="shop"} 2
//!     tracing_events_total{level="error",target="shop"} 1
//!     tracing_span_duration_seconds_count{span="checkout",target="shop",outcome="error"} 1
//!     tracing_span_duration_seconds_count{span="checkout",target="shop",outcome="ok"} 1
//!
//! The log itself goes to stderr, as before. Where functions are instrumented already, nothing is changed.

use instrument_core::bridge::tracing::layer;
use instrument_core::{Error, Registry};
use instrument_http::TextEncoder;
use tracing_subscriber::layer::SubscriberExt;

#[tracing::instrument(target = "shop")]
fn checkout(items: u32) {
    if items == 0 {
        tracing::error!(target: "shop", "the basket is empty");
    }
    tracing::info!(target: "shop", items, "checked out");
}

fn main() -> Result<(), Error> {
    let registry = Registry::new();
    let log = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let subscriber = tracing_subscriber::registry().with(log).with(layer(&registry)?);
    tracing::subscriber::with_default(subscriber, || {
        checkout(2);
        checkout(0);
    });

    print!("{}", TextEncoder::new().encode(&registry));
    Ok(())
}
