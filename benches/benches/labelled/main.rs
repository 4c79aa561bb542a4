//! What does one increment cost when the series is looked up by two labels, alone and with a second thread?
//!
//! `labelled`: two strings that are not known ahead. Where a contender can take `&'static str` without copying it, it does.
//! `labelled_finite`: two enums, for the contenders that take enums; the users of the others pay `labelled`.
//! Each contender gets the same 32 pairs in the same order, all of them series that exist already.

use std::hint::black_box;

use instrument_benches::{LABEL_PAIRS, Question, Ring, criterion, label_pairs};

type Pairs = [(&'static str, &'static str); LABEL_PAIRS];

mod finite;

fn main() {
    let mut criterion = criterion();
    let pairs = label_pairs();
    let mut question = Question::new(&mut criterion, "labelled");

    instrument(&mut question, &pairs);
    prometheus(&mut question, &pairs);
    prometheus_client(&mut question, &pairs);
    metrics(&mut question, &pairs);
    measured(&mut question, &pairs);
    drop(question);

    finite::ask(&mut criterion);
    criterion.final_summary();
}

/// A `Family` over a derived label set that borrows its strings: recording in it, and by a handle that lives for the one call.
fn instrument(question: &mut Question<'_>, pairs: &Pairs) {
    use instrument_core::{Labels, Registry};

    #[derive(Labels)]
    struct Request<'a> {
        method: &'a str,
        route: &'a str,
    }

    let registry = Registry::new();
    let counters = registry
        .counter("requests", "Requests.")
        .labels::<Request<'_>>()
        .register()
        .expect("first of its name");
    question.ask("instrument", |thread| {
        let mut pairs = Ring::new(pairs, thread);
        let counters = black_box(&counters);
        move || {
            let (method, route) = *pairs.step();
            counters.inc(&Request { method, route });
        }
    });
    question.ask("instrument_with", |thread| {
        let mut pairs = Ring::new(pairs, thread);
        let counters = black_box(&counters);
        move || {
            let (method, route) = *pairs.step();
            counters.with(&Request { method, route }).inc();
        }
    });
}

/// `IntCounterVec` and `with_label_values`, as in its documentation.
fn prometheus(question: &mut Question<'_>, pairs: &Pairs) {
    let options = prometheus::Opts::new("requests_total", "Requests.");
    let counters = prometheus::IntCounterVec::new(options, &["method", "route"]).expect("valid names");
    question.ask("prometheus", |thread| {
        let mut pairs = Ring::new(pairs, thread);
        let counters = black_box(&counters);
        move || {
            let (method, route) = *pairs.step();
            counters.with_label_values(&[method, route]).inc();
        }
    });
}

/// A `Family` over a derived label set of `&'static str`, so that a look-up allocates nothing.
fn prometheus_client(question: &mut Question<'_>, pairs: &Pairs) {
    use prometheus_client::encoding::EncodeLabelSet;
    use prometheus_client::metrics::{counter::Counter, family::Family};

    #[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
    struct Labels {
        method: &'static str,
        route: &'static str,
    }

    let counters = Family::<Labels, Counter>::default();
    question.ask("prometheus_client", |thread| {
        let mut pairs = Ring::new(pairs, thread);
        let counters = black_box(&counters);
        move || {
            let (method, route) = *pairs.step();
            counters.get_or_create(&Labels { method, route }).inc();
        }
    });
}

/// The macro, which looks the series up in the installed Prometheus recorder; the strings are static, so none is copied.
fn metrics(question: &mut Question<'_>, pairs: &Pairs) {
    metrics_exporter_prometheus::PrometheusBuilder::new().install_recorder().expect("first recorder");
    question.ask("metrics", |thread| {
        let mut pairs = Ring::new(pairs, thread);
        move || {
            let (method, route) = *pairs.step();
            metrics::counter!("requests_total", "method" => method, "route" => route).increment(1);
        }
    });
}

/// A `CounterVec` over two `ParaCord` sets: what it offers for strings that are not known ahead.
fn measured(question: &mut Question<'_>, pairs: &Pairs) {
    use measured::{CounterVec, LabelGroup};
    use paracord::ParaCord;

    #[derive(Clone, Copy, LabelGroup)]
    #[label(set = LabelsSet)]
    struct Labels<'a> {
        #[label(dynamic_with = ParaCord, default)]
        method: &'a str,
        #[label(dynamic_with = ParaCord, default)]
        route: &'a str,
    }

    let counters = CounterVec::with_label_set(LabelsSet::default());
    question.ask("measured", |thread| {
        let mut pairs = Ring::new(pairs, thread);
        let counters = black_box(&counters);
        move || {
            let (method, route) = *pairs.step();
            counters.inc(Labels { method, route });
        }
    });
}
