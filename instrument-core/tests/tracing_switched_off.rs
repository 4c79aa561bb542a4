//! What a layer does not ask for, in a process that has no other: `tracing` decides for all subscribers together.

#![cfg(feature = "tracing")]

use instrument_core::Registry;
use instrument_core::bridge::tracing::LayerBuilder;
use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;

#[test]
fn what_no_layer_asks_for_is_switched_off_where_it_is_emitted() {
    let spans = Targets::new().with_default(Level::WARN);
    let layer = LayerBuilder::new(&Registry::new()).spans(spans).events(Targets::new()).build().unwrap();
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
        assert!(tracing::span_enabled!(Level::WARN));
        assert!(!tracing::span_enabled!(Level::INFO));
        // An error may fail its span; no other event is of use.
        assert!(tracing::event_enabled!(Level::ERROR));
        assert!(!tracing::event_enabled!(Level::WARN));
    });
}
