//! Spans and events of `tracing`, in a registry of ours.

#![cfg(feature = "tracing")]

use std::panic::{AssertUnwindSafe, catch_unwind};

use instrument_core::bridge::tracing::{LayerBuilder, layer};
use instrument_core::{Buckets, HistogramSnapshot, Registry, Snapshot};
use tracing::field::Empty;
use tracing::subscriber::with_default;
use tracing::{Level, debug, error, error_span, info, info_span, trace, warn};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;

fn recorded_by(make: impl FnOnce(LayerBuilder) -> LayerBuilder, run: impl FnOnce()) -> Snapshot {
    let registry = Registry::new();
    let layer = make(LayerBuilder::new(&registry)).build().unwrap();
    with_default(tracing_subscriber::registry().with(layer), run);
    registry.snapshot()
}

fn recorded(run: impl FnOnce()) -> Snapshot {
    recorded_by(|builder| builder, run)
}

fn spans(snapshot: &Snapshot, span: &str, outcome: &str) -> u64 {
    let labels = [("span", span), ("target", "tracing"), ("outcome", outcome)];
    snapshot.histogram("tracing_span_duration_seconds", &labels).map_or(0, HistogramSnapshot::count)
}

fn events(snapshot: &Snapshot, level: &str) -> Option<u64> {
    snapshot.counter("tracing_events", &[("level", level), ("target", "tracing")])
}

#[test]
fn a_span_is_in_flight_from_when_it_is_made_until_it_is_closed() {
    let registry = Registry::new();
    let in_flight = || {
        let labels = [("span", "work"), ("target", "tracing")];
        registry.snapshot().up_down_counter("tracing_span_in_flight", &labels)
    };
    let subscriber = tracing_subscriber::registry().with(layer(&registry).unwrap());
    with_default(subscriber, || {
        let span = info_span!("work");
        assert_eq!(in_flight(), Some(1));
        span.in_scope(|| ());
        span.in_scope(|| ());
        let other = span.clone();
        drop(span);
        assert_eq!((in_flight(), spans(&registry.snapshot(), "work", "ok")), (Some(1), 0));
        drop(other);
        assert_eq!((in_flight(), spans(&registry.snapshot(), "work", "ok")), (Some(0), 1));
    });
}

#[test]
fn an_error_fails_the_innermost_span_alone() {
    let snapshot = recorded(|| {
        let _outer = info_span!("outer").entered();
        info_span!("inner").in_scope(|| error!("it broke"));
        info_span!("inner").in_scope(|| warn!("it creaked"));
    });
    assert_eq!((spans(&snapshot, "inner", "error"), spans(&snapshot, "inner", "ok")), (1, 1));
    assert_eq!((spans(&snapshot, "outer", "error"), spans(&snapshot, "outer", "ok")), (0, 1));
}

#[test]
fn an_error_that_names_its_span_fails_that_one() {
    let snapshot = recorded(|| {
        let named = info_span!("named");
        let _current = info_span!("current").entered();
        error!(parent: &named, "it broke");
        error!(parent: None, "nobody's");
    });
    assert_eq!((spans(&snapshot, "named", "error"), spans(&snapshot, "current", "ok")), (1, 1));
    assert_eq!(events(&snapshot, "error"), Some(2));
}

#[test]
fn an_error_field_fails_its_span_when_it_is_set() {
    let snapshot = recorded(|| {
        drop(info_span!("from_the_start", error = "broken"));
        let late = info_span!("late", error = Empty);
        late.record("error", tracing::field::display("broken"));
        drop(late);
        drop(info_span!("never", error = Empty));
        drop(info_span!("no", error = false, failure = "x"));
        drop(info_span!("yes", error = true));
    });
    for failed in ["from_the_start", "late", "yes"] {
        assert_eq!((spans(&snapshot, failed, "error"), spans(&snapshot, failed, "ok")), (1, 0), "{failed}");
    }
    for fine in ["never", "no"] {
        assert_eq!((spans(&snapshot, fine, "error"), spans(&snapshot, fine, "ok")), (0, 1), "{fine}");
    }
}

#[test]
fn functions_under_the_attribute_of_tracing_are_recorded_with_their_errors() {
    #[tracing::instrument(err)]
    fn parse(text: &str) -> Result<u32, std::num::ParseIntError> {
        text.parse()
    }
    let snapshot = recorded(|| {
        let _ = (parse("17"), parse("x"), parse("y"));
    });
    assert_eq!((spans(&snapshot, "parse", "ok"), spans(&snapshot, "parse", "error")), (1, 2));
}

#[test]
fn a_span_that_is_closed_by_a_panic_is_a_panic() {
    let snapshot = recorded(|| {
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            let _span = info_span!("work").entered();
            panic!("in the span");
        }));
        assert!(panicked.is_err());
    });
    assert_eq!((spans(&snapshot, "work", "panic"), spans(&snapshot, "work", "ok")), (1, 0));
}

#[test]
fn events_are_counted_by_level_and_target_from_info_on() {
    let snapshot = recorded(|| {
        error!("1");
        (0..2).for_each(|_| warn!("2"));
        (0..3).for_each(|_| info!("3"));
        debug!("4");
        trace!("5");
        info!(target: "elsewhere", "6");
    });
    let levels = ["error", "warn", "info", "debug", "trace"].map(|level| events(&snapshot, level));
    assert_eq!(levels, [Some(1), Some(2), Some(3), None, None]);
    assert_eq!(snapshot.counter("tracing_events", &[("level", "info"), ("target", "elsewhere")]), Some(1));
}

#[test]
fn targets_and_levels_include_and_exclude() {
    let spans_of = Targets::new().with_target("tracing", Level::DEBUG).with_target("noisy", LevelFilter::OFF);
    let events_of = Targets::new()
        .with_default(Level::WARN)
        .with_target("tracing", Level::TRACE)
        .with_target("noisy", LevelFilter::OFF);
    let snapshot = recorded_by(
        |builder| builder.spans(spans_of).events(events_of),
        || {
            drop(tracing::debug_span!("kept"));
            drop(tracing::trace_span!("too_fine"));
            drop(error_span!(target: "noisy", "left_out"));
            drop(error_span!(target: "other", "not_named"));
            trace!("counted");
            error!(target: "noisy", "left out");
            info!(target: "other", "too fine");
            warn!(target: "other", "counted");
        },
    );
    assert_eq!(spans(&snapshot, "kept", "ok"), 1);
    assert_eq!(snapshot.family("tracing_span_in_flight").unwrap().series().len(), 1);
    assert_eq!(events(&snapshot, "trace"), Some(1));
    assert_eq!(snapshot.counter("tracing_events", &[("level", "warn"), ("target", "other")]), Some(1));
    assert_eq!(snapshot.family("tracing_events").unwrap().series().len(), 2);
}

#[test]
fn an_error_fails_its_span_even_if_it_is_not_counted_and_a_span_between_is_not_recorded() {
    let snapshot = recorded_by(
        |builder| builder.spans(Targets::new().with_target("tracing", Level::INFO)).events(Targets::new()),
        || {
            let _work = info_span!("work").entered();
            let _detail = info_span!(target: "detail", "detail").entered();
            error!("it broke");
        },
    );
    assert_eq!(spans(&snapshot, "work", "error"), 1);
    assert_eq!(snapshot.family("tracing_events").unwrap().series().len(), 0);
}

#[test]
fn layers_of_one_subscriber_record_for_themselves() {
    let (all, few) = (Registry::new(), Registry::new());
    let only_warnings =
        LayerBuilder::new(&few).spans(Targets::new().with_default(Level::WARN)).build().unwrap();
    let subscriber = tracing_subscriber::registry().with(layer(&all).unwrap()).with(only_warnings);
    with_default(subscriber, || {
        info_span!("minor").in_scope(|| error!("it broke"));
        tracing::warn_span!("major").in_scope(|| info_span!("minor").in_scope(|| error!("it broke")));
    });
    let (all, few) = (all.snapshot(), few.snapshot());
    assert_eq!((spans(&all, "minor", "error"), spans(&all, "major", "ok")), (2, 1));
    assert_eq!((spans(&few, "minor", "error"), spans(&few, "major", "error")), (0, 1));
}

#[test]
fn targets_beyond_the_bound_share_a_series() {
    let snapshot = recorded_by(
        |builder| builder.max_series(1).buckets(Buckets::latency()),
        || {
            info!("first");
            warn!("second");
            drop(info_span!("first"));
            drop(info_span!("second"));
        },
    );
    assert_eq!((events(&snapshot, "info"), events(&snapshot, "warn")), (Some(1), None));
    let other = snapshot.counter("tracing_events", &[("level", "__overflow__"), ("target", "__overflow__")]);
    assert_eq!(other, Some(1));
    let labels = [("span", "__overflow__"), ("target", "__overflow__"), ("outcome", "ok")];
    assert_eq!(snapshot.histogram("tracing_span_duration_seconds", &labels).unwrap().count(), 1);
}

#[test]
fn spans_and_events_of_many_threads_are_all_counted() {
    let registry = Registry::new();
    let subscriber = tracing_subscriber::registry().with(layer(&registry).unwrap());
    let dispatch = tracing::Dispatch::new(subscriber);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                tracing::dispatcher::with_default(&dispatch, || {
                    for call in 0..500 {
                        let _span = info_span!("work").entered();
                        if call % 5 == 0 {
                            error!("it broke");
                        }
                    }
                });
            });
        }
    });
    let snapshot = registry.snapshot();
    assert_eq!((spans(&snapshot, "work", "ok"), spans(&snapshot, "work", "error")), (1600, 400));
    assert_eq!(events(&snapshot, "error"), Some(400));
}
