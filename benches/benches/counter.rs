//! What does one increment cost a thread that holds the counter, alone and with a second thread on the same counter?

use std::cell::Cell;
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};

use instrument_benches::{Question, criterion, floor};

fn main() {
    let mut criterion = criterion();
    let mut question = Question::new(&mut criterion, "counter");

    floors(&mut question);
    instrument(&mut question);
    prometheus(&mut question);
    prometheus_client(&mut question);
    metrics(&mut question);
    measured(&mut question);

    drop(question);
    criterion.final_summary();
}

fn floors(question: &mut Question<'_>) {
    question.ask_on_one_thread("floor_cell", |_| {
        let cell = black_box(Box::new(Cell::new(0_u64)));
        move || cell.set(cell.get().wrapping_add(1))
    });

    // The id is what a handle holds; the slab is found through the thread-local pointer.
    question.ask("floor_single_writer", |_| {
        let id = black_box(&17);
        || floor::add(*id, 1)
    });

    let shared = AtomicU64::new(0);
    question.ask("floor_fetch_add", |_| {
        let shared = black_box(&shared);
        || {
            shared.fetch_add(1, Ordering::Relaxed);
        }
    });
}

fn instrument(question: &mut Question<'_>) {
    let registry = instrument_core::Registry::new();
    let counter = registry.counter("requests", "Requests.").register().expect("first of its name");
    question.ask("instrument", |_| {
        let counter = black_box(&counter);
        || counter.inc()
    });
}

/// `IntCounter`, which is one atomic integer; its `Counter` is a float and needs a compare-and-swap loop.
fn prometheus(question: &mut Question<'_>) {
    let counter = prometheus::IntCounter::new("requests_total", "Requests.").expect("valid name");
    prometheus::Registry::new().register(Box::new(counter.clone())).expect("first of its name");
    question.ask("prometheus", |_| {
        let counter = black_box(&counter);
        || counter.inc()
    });
}

/// `Counter` with its default storage, an `AtomicU64`.
fn prometheus_client(question: &mut Question<'_>) {
    let counter: prometheus_client::metrics::counter::Counter = Default::default();
    prometheus_client::registry::Registry::default().register("requests", "Requests.", counter.clone());
    question.ask("prometheus_client", |_| {
        let counter = black_box(&counter);
        || {
            counter.inc();
        }
    });
}

/// A kept handle of its Prometheus recorder: the macro without one is measured in `labelled`.
fn metrics(question: &mut Question<'_>) {
    metrics_exporter_prometheus::PrometheusBuilder::new().install_recorder().expect("first recorder");
    let counter = metrics::counter!("requests_total");
    question.ask("metrics", |_| {
        let counter = black_box(&counter);
        || counter.increment(1)
    });
}

/// `Counter`, one `AtomicU64` in the user's struct.
fn measured(question: &mut Question<'_>) {
    let counter = measured::Counter::new();
    question.ask("measured", |_| {
        let counter = black_box(&counter);
        || counter.inc()
    });
}
