//! `#[derive(Labels)]`: names, texts and positions, as a family and a reader of its table see them.
#![cfg(feature = "macros")]

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use instrument_core::{Error, InRange, LabelValue, LabelVisitor, Labels, Registry};

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
    assert_consistent(all_lookups());
    let positions: Vec<usize> = all_lookups().map(|lookup| lookup.index()).collect();
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

/// Checks that all that a finite set says of itself agrees, given each of its members once.
fn assert_consistent<L: Labels>(members: impl IntoIterator<Item = L>) {
    let sets = L::CARDINALITY.expect("the set is finite");
    let mut positions = HashSet::new();
    let mut seen = HashSet::new();
    for member in members {
        let shown = texts(&member);
        assert!(member.index() < sets);
        assert!(positions.insert(member.index()), "{shown:?} has the position of another");
        assert_eq!(L::texts_at(member.index()), shown);
        assert_eq!(L::names().len(), shown.len());
        assert!(seen.insert(shown));
    }
    assert_eq!(positions.len(), sets);
    assert_eq!(L::texts_at(sets), Vec::<Cow<'_, str>>::new());
}

#[derive(Labels, Clone, Copy)]
struct Try {
    #[labels(range = 1..=3)]
    attempt: u8,
    #[labels(range = -1..1)]
    shard: Option<i64>,
}

/// Each of the positions once: the last of the range stands for what is outside of it.
fn all_tries() -> impl Iterator<Item = Try> + Clone {
    [1, 2, 3, 200].into_iter().flat_map(|attempt| {
        [None, Some(-1), Some(0), Some(1)].into_iter().map(move |shard| Try { attempt, shard })
    })
}

#[test]
fn integers_of_a_range_are_finite_and_those_outside_are_one_value_more() {
    assert_eq!(Try::CARDINALITY, Some(4 * 4));
    assert_consistent(all_tries());
    assert_eq!(texts(&Try { attempt: 0, shard: Some(i64::MAX) }), ["other", "other"]);
    assert_eq!(texts(&Try { attempt: 3, shard: None }), ["3", ""]);
}

#[test]
fn the_ends_of_a_range_can_be_constants() {
    const FIRST: i8 = -2;

    struct Limits;
    impl Limits {
        const END: usize = 2;
    }

    #[derive(Labels)]
    struct Step<T> {
        #[labels(range = FIRST..Limits::END)]
        step: i32,
        #[labels(range = 0..=Limits::END + 1)]
        other: T,
    }

    assert_eq!(Step::<u8>::CARDINALITY, Some(5 * 5));
    assert_consistent(
        [-3, -2, -1, 0, 1]
            .into_iter()
            .flat_map(|step| [0, 1, 2, 3, 9_u8].into_iter().map(move |other| Step { step, other })),
    );
}

#[test]
fn a_flattened_set_takes_the_place_of_its_field() {
    #[derive(Labels)]
    struct Call<'a, L> {
        kind: Kind,
        #[labels(flatten)]
        r#try: L,
        #[labels(flatten)]
        again: &'a Again,
        last: bool,
    }

    #[derive(Labels)]
    struct Again {
        #[labels(rename = "again")]
        value: InRange<0, 1>,
        #[labels(flatten)]
        nothing: (),
    }

    let agains = [0, 1, 2].map(|value| Again { value: InRange::new(value), nothing: () });
    let agains = &agains;
    assert_eq!(Call::<Try>::names(), ["kind", "attempt", "shard", "again", "last"]);
    assert_eq!(Call::<Try>::CARDINALITY, Some(3 * 16 * 3 * 2));
    assert_consistent(KINDS.into_iter().flat_map(|kind| {
        all_tries().flat_map(move |r#try| {
            agains.iter().flat_map(move |again| [false, true].map(|last| Call { kind, r#try, again, last }))
        })
    }));
}

#[test]
fn an_open_set_within_makes_the_whole_open() {
    #[derive(Labels)]
    struct Peer {
        address: IpAddr,
    }

    #[derive(Labels)]
    struct Call {
        kind: Kind,
        #[labels(flatten)]
        peer: Peer,
    }

    assert_eq!(Call::CARDINALITY, None);
    assert_eq!(Call::texts_at(0), Vec::<Cow<'_, str>>::new());
    let call = |address| Call { kind: Kind::Stale, peer: Peer { address } };
    let local = call(Ipv4Addr::LOCALHOST.into());
    assert_eq!((local.index(), texts(&local)), (0, vec!["stale".to_owned(), "127.0.0.1".to_owned()]));
    let longest = Ipv6Addr::from(u128::MAX);
    assert_eq!(texts(&call(longest.into()))[1], longest.to_string());
}

#[test]
fn a_name_that_flattening_doubles_is_refused_at_registration() {
    #[derive(Labels)]
    struct Inner {
        kind: Kind,
    }

    #[derive(Labels)]
    struct Outer {
        kind: Kind,
        #[labels(flatten)]
        inner: Inner,
    }

    let registry = Registry::new();
    let error = registry.counter("calls", "Calls.").labels::<Outer>().register().unwrap_err();
    assert!(matches!(&error, Error::InvalidLabel { label, .. } if label == "kind"), "{error}");
    assert_consistent(
        KINDS.into_iter().flat_map(|kind| KINDS.map(|other| Outer { kind, inner: Inner { kind: other } })),
    );
}

#[test]
fn what_a_field_displays_can_be_its_value() {
    struct Version(u32, u32);

    impl fmt::Display for Version {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{}.{}", self.0, self.1)
        }
    }

    #[derive(Labels)]
    struct Client<'a, T: ?Sized> {
        #[labels(display, rename = "client_version")]
        version: Version,
        #[labels(display)]
        name: &'a T,
        finite: bool,
    }

    assert_eq!(Client::<str>::names(), ["client_version", "name", "finite"]);
    assert_eq!(Client::<str>::CARDINALITY, None);
    let client = Client { version: Version(1, 88), name: "curl", finite: true };
    assert_eq!(texts(&client), ["1.88", "curl", "true"]);
    assert_eq!(client.index(), 0);
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
