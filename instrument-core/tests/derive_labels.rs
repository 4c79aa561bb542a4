//! `#[derive(Labels)]`: names, texts and positions, as a family and a reader of its table see them.
#![cfg(feature = "macros")]

use std::borrow::Cow;
use std::marker::PhantomData;

use instrument_core::{LabelValue, LabelVisitor, Labels, Registry};

#[derive(LabelValue, Clone, Copy, Debug, PartialEq)]
enum Kind {
    Hit,
    Miss,
    Stale,
}

const KINDS: [Kind; 3] = [Kind::Hit, Kind::Miss, Kind::Stale];

#[derive(Default)]
struct Texts(Vec<String>);

impl LabelVisitor for Texts {
    fn value(&mut self, text: &str) {
        self.0.push(text.to_owned());
    }
}

fn texts(labels: &impl Labels) -> Vec<String> {
    let mut texts = Texts::default();
    labels.visit(&mut texts);
    texts.0
}

#[derive(Labels)]
struct Lookup {
    kind: Kind,
    cached: bool,
    retry: Option<Kind>,
}

fn all_lookups() -> impl Iterator<Item = Lookup> {
    let retries = [None].into_iter().chain(KINDS.map(Some));
    KINDS.into_iter().flat_map(move |kind| {
        let retries = retries.clone();
        [false, true]
            .into_iter()
            .flat_map(move |cached| retries.clone().map(move |retry| Lookup { kind, cached, retry }))
    })
}

#[test]
fn a_set_of_finite_labels_is_finite_and_its_positions_are_those_of_its_texts() {
    assert_eq!(Lookup::CARDINALITY, Some(3 * 2 * 4));
    let mut positions = Vec::new();
    for lookup in all_lookups() {
        assert_eq!(Lookup::texts_at(lookup.index()), texts(&lookup));
        positions.push(lookup.index());
    }
    assert_eq!(positions, (0..24).collect::<Vec<_>>());
    assert_eq!(Lookup::texts_at(24), Vec::<Cow<'_, str>>::new());
    assert_eq!(Lookup::texts_at(usize::MAX), Vec::<Cow<'_, str>>::new());
}

#[test]
fn one_open_label_makes_the_set_open() {
    #[derive(Labels)]
    struct Tenant<'a> {
        kind: Kind,
        tenant: &'a str,
    }

    assert_eq!(Tenant::CARDINALITY, None);
    let tenant = Tenant { kind: Kind::Stale, tenant: "acme" };
    assert_eq!(tenant.index(), 0);
    assert_eq!(Tenant::texts_at(0), Vec::<Cow<'_, str>>::new());
    assert_eq!(texts(&tenant), ["stale", "acme"]);
}

#[test]
fn a_product_beyond_all_numbers_is_an_open_set() {
    struct Many;

    impl LabelValue for Many {
        const CARDINALITY: Option<usize> = Some(usize::MAX);

        fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R {
            read("many")
        }

        fn index(&self) -> usize {
            usize::MAX - 1
        }
    }

    #[derive(Labels)]
    struct Two {
        one: Many,
        other: Many,
    }

    assert_eq!(Two::CARDINALITY, None);
    assert_eq!(Two { one: Many, other: Many }.index(), 0);
}

#[test]
fn names_are_those_of_the_fields_or_given() {
    #[derive(Labels)]
    struct Request {
        r#type: u16,
        #[labels(rename = "http_route")]
        route: String,
        #[labels(skip)]
        _started: std::time::Instant,
    }

    assert_eq!(Request::names(), ["type", "http_route"]);
    let request = Request { r#type: 7, route: "/".to_owned(), _started: std::time::Instant::now() };
    assert_eq!(texts(&request), ["7", "/"]);
}

#[test]
fn a_skipped_label_does_not_count() {
    #[derive(Labels)]
    struct Lookup<'a> {
        kind: Kind,
        #[labels(skip)]
        _text: &'a str,
    }

    assert_eq!(Lookup::CARDINALITY, Some(3));
    assert_eq!(Lookup { kind: Kind::Stale, _text: "" }.index(), 2);
}

#[test]
fn structs_may_be_generic() {
    #[derive(Labels)]
    struct Call<'a, T: ?Sized, K, const N: usize>
    where
        K: Copy,
    {
        text: &'a T,
        kind: Option<K>,
        #[labels(skip)]
        _marker: PhantomData<[K; N]>,
    }

    #[derive(Clone, Copy)]
    struct Mark;

    #[derive(Labels)]
    struct Marked<T> {
        on: bool,
        #[labels(skip)]
        _marker: PhantomData<T>,
    }

    let call = Call::<str, Kind, 1> { text: "t", kind: Some(Kind::Hit), _marker: PhantomData };
    assert_eq!(texts(&call), ["t", "hit"]);
    assert_eq!(texts(&Marked::<Mark> { on: true, _marker: PhantomData }), ["true"]);
}

#[test]
fn no_labels_are_one_set() {
    #[derive(Labels)]
    struct Empty {}

    #[derive(Labels)]
    struct Unit;

    assert_eq!((Empty::CARDINALITY, Unit::CARDINALITY), (Some(1), Some(1)));
    assert_eq!((Empty {}.index(), Unit.index()), (0, 0));
    assert_eq!((Empty::names(), Unit::names()), (vec![], vec![]));
    assert_eq!(Unit::texts_at(0), texts(&Unit));
}

#[test]
fn a_family_takes_it() {
    let registry = Registry::new();
    let lookups = registry.counter("lookups", "Look-ups.").labels::<Lookup>().register().unwrap();
    for (count, lookup) in (1..).zip(all_lookups()) {
        lookups.with(&lookup).inc_by(count);
    }
    let snapshot = registry.snapshot();
    for (count, lookup) in (1..).zip(all_lookups()) {
        let names = Lookup::names();
        let texts = texts(&lookup);
        let labels: Vec<_> = names.into_iter().zip(texts.iter().map(String::as_str)).collect();
        assert_eq!(snapshot.counter("lookups_total", &labels), Some(count));
    }
}

mod elsewhere {
    pub(crate) use ::instrument_core as metrics;
}

#[test]
fn the_library_may_be_found_elsewhere() {
    #[derive(LabelValue)]
    #[label_value(crate = elsewhere::metrics)]
    enum Side {
        Left,
    }

    #[derive(Labels)]
    #[labels(crate = elsewhere::metrics)]
    struct Turn {
        side: Side,
    }

    assert_eq!(texts(&Turn { side: Side::Left }), ["left"]);
}
