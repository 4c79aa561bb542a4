//! Exemplars of the trace that is active, as OpenTelemetry's own SDK and `tracing`'s bridge to it make it.
#![cfg(feature = "opentelemetry")]

use instrument_core::{Exemplar, Registry};
use opentelemetry::trace::{TraceContextExt as _, Tracer as _, TracerProvider as _};
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tracing_subscriber::layer::SubscriberExt as _;

/// The ids of the active span, as an exemplar says them.
fn ids() -> Option<[(String, String); 2]> {
    let registry = Registry::new();
    let counter = registry.counter("events", "").register().unwrap();
    counter.inc_with(Exemplar::current());
    let snapshot = registry.snapshot();
    let exemplar = snapshot.exemplars("events", &[]).first()?;
    let owned = |(name, id): (&str, &str)| (name.to_owned(), id.to_owned());
    exemplar.labels().map(owned).collect::<Vec<_>>().try_into().ok()
}

/// The same, as OpenTelemetry says them.
fn expected() -> Option<[(String, String); 2]> {
    let context = opentelemetry::Context::current();
    let span = context.span().span_context().clone();
    Some([
        ("trace_id".to_owned(), span.trace_id().to_string()),
        ("span_id".to_owned(), span.span_id().to_string()),
    ])
}

#[test]
fn the_active_span_of_opentelemetry_is_the_exemplar() {
    let tracer = SdkTracerProvider::default().tracer("test");
    assert_eq!(ids(), None);
    tracer.in_span("outer", |_| {
        let outer = ids();
        assert_eq!(outer, expected());
        tracer.in_span("inner", |_| {
            let inner = ids();
            assert_eq!(inner, expected());
            let ([outer_trace, outer_span], [inner_trace, inner_span]) =
                (outer.clone().unwrap(), inner.unwrap());
            assert_eq!(outer_trace, inner_trace);
            assert_ne!(outer_span, inner_span);
        });
        assert_eq!(ids(), outer);
    });
    assert_eq!(ids(), None);
}

#[test]
fn a_span_that_is_not_sampled_is_no_exemplar() {
    let provider = SdkTracerProvider::builder().with_sampler(Sampler::AlwaysOff).build();
    provider.tracer("test").in_span("unseen", |_| assert_eq!(ids(), None));
}

#[test]
fn a_span_of_tracing_that_is_entered_is_the_exemplar() {
    let provider = SdkTracerProvider::default();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
    let _default = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
    let outer = tracing::info_span!("outer");
    assert_eq!(ids(), None, "it is not entered yet");
    let first = outer.in_scope(|| {
        let [outer_trace, outer_span] = ids().unwrap();
        let [inner_trace, inner_span] = tracing::info_span!("inner").in_scope(|| ids().unwrap());
        assert_eq!(outer_trace, inner_trace);
        assert_ne!(outer_span, inner_span);
        assert_eq!(outer_trace.1.len(), 32);
        assert_eq!(outer_span.1.len(), 16);
        [outer_trace, outer_span]
    });
    assert_eq!(outer.in_scope(ids), Some(first), "entered again it is the same");
    assert_eq!(ids(), None);
}

#[test]
fn there_is_no_exemplar_once_the_thread_has_dropped_its_context() {
    use std::cell::RefCell;
    use std::sync::mpsc::{Sender, channel};

    struct AskOnDrop(Sender<bool>);
    impl Drop for AskOnDrop {
        fn drop(&mut self) {
            self.0.send(Exemplar::current().is_none()).unwrap();
        }
    }
    thread_local! {
        static BEFORE: RefCell<Option<AskOnDrop>> = const { RefCell::new(None) };
        static AFTER: RefCell<Option<AskOnDrop>> = const { RefCell::new(None) };
    }
    let (answers, received) = channel();
    std::thread::spawn(move || {
        // One of the two destructors runs before that of the context, and one after.
        BEFORE.set(Some(AskOnDrop(answers.clone())));
        assert_eq!(Exemplar::current(), None);
        AFTER.set(Some(AskOnDrop(answers)));
    });
    assert_eq!(received.iter().collect::<Vec<_>>(), [true, true]);
}
