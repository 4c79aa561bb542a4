//! What does it cost to observe a duration in a histogram with OpenTelemetry's 14 bounds, alone and with a second thread?
//! And what in one with native buckets, for which nobody chose bounds?
//!
//! The input is a `Duration`, as a clock gives it: a contender that takes seconds as a float converts it as its users do.

use std::hint::black_box;
use std::time::Duration;

use instrument_benches::{DURATIONS, LATENCY_BOUNDS_SECONDS, Question, Ring, criterion, durations, floor};
use instrument_core::{Buckets, Registry};

type Durations = [Duration; DURATIONS];

fn main() {
    let mut criterion = criterion();
    let durations = durations();
    let mut question = Question::new(&mut criterion, "histogram");

    floor(&mut question, &durations);
    instrument(&mut question, &durations);
    prometheus(&mut question, &durations);
    prometheus_client(&mut question, &durations);
    metrics(&mut question, &durations);
    measured(&mut question, &durations);

    drop(question);
    criterion.final_summary();
}

fn floor(question: &mut Question<'_>, durations: &Durations) {
    question.ask("floor_single_writer", |thread| {
        let first_cell = black_box(&0);
        let mut durations = Ring::new(durations, thread);
        move || floor::observe(*first_cell, *durations.step())
    });
}

/// `Buckets::latency` are the same 14 bounds, and the default. The native buckets are Prometheus' of schema 3, each 9 % wide: the durations
/// fall into a hundred of them, and 160 are what OpenTelemetry's exponential histograms have by default.
fn instrument(question: &mut Question<'_>, durations: &Durations) {
    let registry = Registry::new();
    for (contender, buckets) in
        [("instrument", Buckets::latency()), ("instrument_native_schema_3", Buckets::native(3, 160))]
    {
        let histogram = registry
            .histogram::<Duration>(contender, "Durations.")
            .buckets(buckets)
            .register()
            .expect("first of its name");
        question.ask(contender, |thread| {
            let mut durations = Ring::new(durations, thread);
            let histogram = black_box(&histogram);
            move || histogram.observe(*durations.step())
        });
    }
}

fn prometheus(question: &mut Question<'_>, durations: &Durations) {
    let options = prometheus::HistogramOpts::new("request_duration_seconds", "Durations.")
        .buckets(LATENCY_BOUNDS_SECONDS.to_vec());
    let histogram = prometheus::Histogram::with_opts(options).expect("valid name and bounds");
    question.ask("prometheus", |thread| {
        let mut durations = Ring::new(durations, thread);
        let histogram = black_box(&histogram);
        move || histogram.observe(durations.step().as_secs_f64())
    });
}

fn prometheus_client(question: &mut Question<'_>, durations: &Durations) {
    let histogram = prometheus_client::metrics::histogram::Histogram::new(LATENCY_BOUNDS_SECONDS);
    question.ask("prometheus_client", |thread| {
        let mut durations = Ring::new(durations, thread);
        let histogram = black_box(&histogram);
        move || histogram.observe(durations.step().as_secs_f64())
    });
}

/// A kept handle; buckets are set, so that the exporter gives a histogram and not a summary.
///
/// A record only appends to a list, which the exporter's upkeep empties every five seconds. Here upkeep runs after each
/// sample, or memory would grow by gigabytes; its time is not counted, which favours this contender.
fn metrics(question: &mut Question<'_>, durations: &Durations) {
    use metrics_exporter_prometheus::PrometheusBuilder;

    let handle = PrometheusBuilder::new()
        .set_buckets(&LATENCY_BOUNDS_SECONDS)
        .and_then(PrometheusBuilder::install_recorder)
        .expect("bounds are given and it is the first recorder");
    let histogram = metrics::histogram!("request_duration_seconds");
    question.ask_and_settle(
        "metrics",
        |thread| {
            let mut durations = Ring::new(durations, thread);
            let histogram = black_box(&histogram);
            move || histogram.record(*durations.step())
        },
        || handle.run_upkeep(),
    );
}

fn measured(question: &mut Question<'_>, durations: &Durations) {
    let bounds = measured::metric::histogram::Thresholds::with_buckets(LATENCY_BOUNDS_SECONDS);
    let histogram = measured::Histogram::with_metadata(bounds);
    question.ask("measured", |thread| {
        let mut durations = Ring::new(durations, thread);
        let histogram = black_box(&histogram);
        move || histogram.get_metric().observe_duration(*durations.step())
    });
}
