//! The look-up by two enums, whose values are known when the program is compiled.

use std::hint::black_box;

use criterion::Criterion;
use instrument_benches::{LABEL_PAIRS, Question, Ring, floor, label_order};
use instrument_core::LabelValue;
use measured::FixedCardinalityLabel;
use prometheus_client::encoding::EncodeLabelValue;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, LabelValue, EncodeLabelValue, FixedCardinalityLabel)]
enum Method {
    Get,
    Post,
    Put,
    Delete,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, LabelValue, EncodeLabelValue, FixedCardinalityLabel)]
enum Route {
    Index,
    Quote,
    Quotes,
    QuoteById,
    AuthorOfQuote,
    Authors,
    AuthorById,
    QuotesOfAuthor,
}

type Pairs = [(Method, Route); LABEL_PAIRS];

/// The same pairs in the same order as the strings of `label_pairs`.
fn pairs() -> Box<Pairs> {
    const METHODS: [Method; 4] = [Method::Get, Method::Post, Method::Put, Method::Delete];
    const ROUTES: [Route; 8] = [
        Route::Index,
        Route::Quote,
        Route::Quotes,
        Route::QuoteById,
        Route::AuthorOfQuote,
        Route::Authors,
        Route::AuthorById,
        Route::QuotesOfAuthor,
    ];
    Box::new(label_order().map(|(method, route)| (METHODS[method], ROUTES[route])))
}

pub(crate) fn ask(criterion: &mut Criterion) {
    let pairs = pairs();
    let mut question = Question::new(criterion, "labelled_finite");
    floor_single_writer(&mut question, &pairs);
    instrument(&mut question, &pairs);
    prometheus_client(&mut question, &pairs);
    measured(&mut question, &pairs);
}

/// A row of cells with an index made of both labels: nothing is looked up, and nobody could remove a series.
fn floor_single_writer(question: &mut Question<'_>, pairs: &Pairs) {
    question.ask("floor_single_writer", |thread| {
        let mut pairs = Ring::new(pairs, thread);
        let first = black_box(&0);
        move || {
            let (method, route) = *pairs.step();
            floor::add(first + 8 * method as usize + route as usize, 1);
        }
    });
}

/// A `Family` over a derived label set of enums, an index into a dense table: recording in it, and by a handle that lives for the one call.
fn instrument(question: &mut Question<'_>, pairs: &Pairs) {
    use instrument_core::{Labels, Registry};

    #[derive(Labels)]
    struct Request {
        method: Method,
        route: Route,
    }

    let registry = Registry::new();
    let counters =
        registry.counter("requests", "Requests.").labels::<Request>().register().expect("first of its name");
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

/// A `Family` over a derived label set of enums. It hashes them, as it does strings.
fn prometheus_client(question: &mut Question<'_>, pairs: &Pairs) {
    use prometheus_client::encoding::EncodeLabelSet;
    use prometheus_client::metrics::{counter::Counter, family::Family};

    #[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
    struct Labels {
        method: Method,
        route: Route,
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

/// A `CounterVec` over two `FixedCardinalityLabel`s: an index into a dense table.
fn measured(question: &mut Question<'_>, pairs: &Pairs) {
    use measured::{CounterVec, LabelGroup};

    #[derive(Clone, Copy, LabelGroup)]
    #[label(set = LabelsSet)]
    struct Labels {
        method: Method,
        route: Route,
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
