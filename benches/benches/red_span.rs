//! What does a whole RED span cost a call, alone and with a second thread: in-flight up and down, two clock reads, the
//! outcome, the count and the sum?
//!
//! The call inside the span is the same for all and not inlined; one in 64 fails. Each peer's span is written by hand, as
//! its users write it, in its fastest form: the handles of both outcomes are kept, none is looked up. None of the
//! handwritten spans takes its in-flight back when the call panics or its future is dropped.

use std::hint::black_box;
use std::time::Instant;

use instrument_benches::{
    LATENCY_BOUNDS_SECONDS, NotFound, QUOTE_IDS, Question, Ring, criterion, floor, quote, quote_ids,
};

type Ids = [u64; QUOTE_IDS];

fn main() {
    let mut criterion = criterion();
    let ids = quote_ids();
    let mut question = Question::new(&mut criterion, "red_span");

    floors(&mut question, &ids);
    instrument(&mut question, &ids);
    prometheus(&mut question, &ids);
    prometheus_client(&mut question, &ids);
    metrics(&mut question, &ids);
    measured(&mut question, &ids);

    drop(question);
    criterion.final_summary();
}

fn floors(question: &mut Question<'_>, ids: &Ids) {
    let clock = quanta::Clock::new();

    question.ask("floor_two_clock_reads", |_| {
        let clock = black_box(&clock);
        || {
            let start = clock.raw();
            black_box(clock.raw().wrapping_sub(start));
        }
    });

    question.ask("floor_call", |thread| {
        let mut ids = Ring::new(ids, thread);
        move || {
            let _ = black_box(quote(*ids.step()));
        }
    });

    const IN_FLIGHT: usize = 0;
    const OK: usize = 1;
    const ERROR: usize = OK + floor::HISTOGRAM_CELLS;
    question.ask("floor_span", |thread| {
        let mut ids = Ring::new(ids, thread);
        let (clock, first_cell) = (black_box(&clock), black_box(&0));
        move || {
            floor::add(*first_cell + IN_FLIGHT, 1);
            let start = clock.raw();
            let outcome = if quote(*ids.step()).is_ok() { OK } else { ERROR };
            floor::observe_nanos(*first_cell + outcome, clock.delta_as_nanos(start, clock.raw()));
            floor::sub(*first_cell + IN_FLIGHT, 1);
        }
    });
}

/// The attribute as users write it, with its 22 default bounds, and the same by hand with the 14. Both stay right when the call
/// panics or its future is dropped.
fn instrument(question: &mut Question<'_>, ids: &Ids) {
    use instrument_core::{Buckets, Red, Registry, instrument_red};

    #[instrument_red]
    #[inline(never)]
    fn quote_instrumented(id: u64) -> Result<u64, NotFound> {
        quote(id)
    }

    question.ask("instrument_attribute", |thread| {
        let mut ids = Ring::new(ids, thread);
        move || {
            let _ = quote_instrumented(*ids.step());
        }
    });

    let registry = Registry::new();
    let red =
        Red::builder("quote").buckets(Buckets::latency()).register(&registry).expect("first of its name");
    question.ask("instrument_span", |thread| {
        let mut ids = Ring::new(ids, thread);
        let red = black_box(&red);
        move || {
            let span = red.start();
            match quote(*ids.step()) {
                Ok(_) => span.ok(),
                Err(_) => span.error(),
            }
        }
    });
}

/// Two histograms of a `HistogramVec` and an `IntGauge`.
fn prometheus(question: &mut Question<'_>, ids: &Ids) {
    use prometheus::{Histogram, HistogramOpts, HistogramVec, IntGauge};

    struct Red {
        in_flight: IntGauge,
        ok: Histogram,
        error: Histogram,
    }

    impl Red {
        fn quote(&self, id: u64) -> Result<u64, NotFound> {
            self.in_flight.inc();
            let start = Instant::now();
            let result = quote(id);
            let histogram = if result.is_ok() { &self.ok } else { &self.error };
            histogram.observe(start.elapsed().as_secs_f64());
            self.in_flight.dec();
            result
        }
    }

    let options = HistogramOpts::new("quote_duration_seconds", "Durations.");
    let durations = HistogramVec::new(options.buckets(LATENCY_BOUNDS_SECONDS.to_vec()), &["outcome"])
        .expect("valid names and bounds");
    let red = Red {
        in_flight: IntGauge::new("quote_in_flight", "Calls in flight.").expect("valid name"),
        ok: durations.with_label_values(&["ok"]),
        error: durations.with_label_values(&["error"]),
    };
    question.ask("prometheus", |thread| {
        let mut ids = Ring::new(ids, thread);
        let red = black_box(&red);
        move || {
            let _ = red.quote(*ids.step());
        }
    });
}

/// Two histograms of a `Family` and a `Gauge`.
fn prometheus_client(question: &mut Question<'_>, ids: &Ids) {
    use prometheus_client::encoding::EncodeLabelSet;
    use prometheus_client::metrics::{family::Family, gauge::Gauge, histogram::Histogram};

    #[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
    struct Labels {
        outcome: &'static str,
    }

    struct Red {
        in_flight: Gauge,
        ok: Histogram,
        error: Histogram,
    }

    impl Red {
        fn quote(&self, id: u64) -> Result<u64, NotFound> {
            self.in_flight.inc();
            let start = Instant::now();
            let result = quote(id);
            let histogram = if result.is_ok() { &self.ok } else { &self.error };
            histogram.observe(start.elapsed().as_secs_f64());
            self.in_flight.dec();
            result
        }
    }

    let durations =
        Family::<Labels, Histogram>::new_with_constructor(|| Histogram::new(LATENCY_BOUNDS_SECONDS));
    let red = Red {
        in_flight: Gauge::default(),
        ok: durations.get_or_create_owned(&Labels { outcome: "ok" }),
        error: durations.get_or_create_owned(&Labels { outcome: "error" }),
    };
    question.ask("prometheus_client", |thread| {
        let mut ids = Ring::new(ids, thread);
        let red = black_box(&red);
        move || {
            let _ = red.quote(*ids.step());
        }
    });
}

/// Kept handles of the Prometheus recorder, with buckets set; upkeep after each sample, not counted, as in `histogram`.
fn metrics(question: &mut Question<'_>, ids: &Ids) {
    use metrics::{Gauge, Histogram, gauge, histogram};
    use metrics_exporter_prometheus::PrometheusBuilder;

    struct Red {
        in_flight: Gauge,
        ok: Histogram,
        error: Histogram,
    }

    impl Red {
        fn quote(&self, id: u64) -> Result<u64, NotFound> {
            self.in_flight.increment(1.0);
            let start = Instant::now();
            let result = quote(id);
            let histogram = if result.is_ok() { &self.ok } else { &self.error };
            histogram.record(start.elapsed());
            self.in_flight.decrement(1.0);
            result
        }
    }

    let handle = PrometheusBuilder::new()
        .set_buckets(&LATENCY_BOUNDS_SECONDS)
        .and_then(PrometheusBuilder::install_recorder)
        .expect("bounds are given and it is the first recorder");
    let red = Red {
        in_flight: gauge!("quote_in_flight"),
        ok: histogram!("quote_duration_seconds", "outcome" => "ok"),
        error: histogram!("quote_duration_seconds", "outcome" => "error"),
    };
    question.ask_and_settle(
        "metrics",
        |thread| {
            let mut ids = Ring::new(ids, thread);
            let red = black_box(&red);
            move || {
                let _ = red.quote(*ids.step());
            }
        },
        || handle.run_upkeep(),
    );
}

/// A `HistogramVec` over an enum, whose look-up is an index into a dense table, and a `Gauge`.
fn measured(question: &mut Question<'_>, ids: &Ids) {
    use measured::metric::histogram::Thresholds;
    use measured::{FixedCardinalityLabel, Gauge, HistogramVec, LabelGroup};

    #[derive(Clone, Copy, FixedCardinalityLabel)]
    enum Outcome {
        Ok,
        Error,
    }

    #[derive(Clone, Copy, LabelGroup)]
    #[label(set = LabelsSet)]
    struct Labels {
        outcome: Outcome,
    }

    struct Red {
        in_flight: Gauge,
        durations: HistogramVec<LabelsSet, { LATENCY_BOUNDS_SECONDS.len() }>,
    }

    impl Red {
        fn quote(&self, id: u64) -> Result<u64, NotFound> {
            self.in_flight.inc();
            let start = Instant::now();
            let result = quote(id);
            let outcome = if result.is_ok() { Outcome::Ok } else { Outcome::Error };
            self.durations.observe_duration_since(Labels { outcome }, start);
            self.in_flight.dec();
            result
        }
    }

    let red = Red {
        in_flight: Gauge::new(),
        durations: HistogramVec::with_metadata(Thresholds::with_buckets(LATENCY_BOUNDS_SECONDS)),
    };
    question.ask("measured", |thread| {
        let mut ids = Ring::new(ids, thread);
        let red = black_box(&red);
        move || {
            let _ = red.quote(*ids.step());
        }
    });
}
