//! Which of some states are active.

use std::borrow::Cow;
use std::thread;

use instrument_core::{Error, LabelValue, Labels, Registry};

#[derive(LabelValue)]
enum Link {
    Down,
    Connecting,
    Up,
}

#[derive(Labels)]
struct Peer<'a> {
    peer: &'a str,
}

/// As many states as there are, by a number.
struct Many<const STATES: usize>(usize);

impl<const STATES: usize> LabelValue for Many<STATES> {
    const CARDINALITY: Option<usize> = Some(STATES);

    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R {
        read(&Self::text_at(self.0))
    }

    fn index(&self) -> usize {
        self.0
    }

    fn text_at(index: usize) -> Cow<'static, str> {
        index.to_string().into()
    }
}

fn active(registry: &Registry, name: &str, labels: &[(&str, &str)]) -> Vec<String> {
    let snapshot = registry.snapshot();
    snapshot.state_set(name, labels).unwrap().active().map(str::to_owned).collect()
}

#[test]
fn setting_a_state_makes_it_the_only_active_one() {
    let registry = Registry::new();
    let link = registry.state_set::<Link>("link", "").register().unwrap();
    assert_eq!(active(&registry, "link", &[]), [""; 0]);
    for state in [Link::Down, Link::Connecting, Link::Up, Link::Up] {
        link.set(&state);
        assert!(link.is_active(&state));
        assert_eq!(active(&registry, "link", &[]), [state.with_text(str::to_owned)]);
    }
    let names = |(name, _): (&str, bool)| name.to_owned();
    let snapshot = registry.snapshot();
    let all: Vec<String> = snapshot.state_set("link", &[]).unwrap().states().map(names).collect();
    assert_eq!(all, ["down", "connecting", "up"]);
    assert_eq!(snapshot.to_string(), "link    up\n");
}

#[test]
fn several_states_can_be_active_at_once() {
    let registry = Registry::new();
    let alarms = registry.state_set::<Many<64>>("alarms", "").register().unwrap();
    alarms.activate(&Many(0));
    alarms.activate(&Many(63));
    alarms.activate(&Many(7));
    alarms.deactivate(&Many(7));
    alarms.deactivate(&Many(8));
    assert_eq!(active(&registry, "alarms", &[]), ["0", "63"]);
    assert!(!alarms.is_active(&Many(7)));
}

#[test]
fn an_index_beyond_the_states_changes_nothing() {
    let registry = Registry::new();
    let two = registry.state_set::<Many<2>>("two", "").register().unwrap();
    for beyond in [2, 63, 64, usize::MAX] {
        two.activate(&Many(beyond));
    }
    let snapshot = registry.snapshot();
    assert_eq!(
        snapshot.state_set("two", &[]).unwrap().states().collect::<Vec<_>>(),
        [("0", false), ("1", false)]
    );
}

#[test]
fn a_reader_sees_exactly_one_active_while_others_set() {
    let registry = Registry::new();
    let link = registry.state_set::<Link>("link", "").register().unwrap();
    link.set(&Link::Down);
    thread::scope(|scope| {
        let setter = scope.spawn(|| {
            for round in 0..10_000 {
                link.set(if round % 2 == 0 { &Link::Up } else { &Link::Down });
            }
        });
        while !setter.is_finished() {
            assert_eq!(active(&registry, "link", &[]).len(), 1);
        }
    });
}

#[test]
fn each_label_set_has_its_own_states() {
    let registry = Registry::new();
    let links = registry.state_set::<Link>("link", "").labels::<Peer>().register().unwrap();
    links.with(&Peer { peer: "a" }).set(&Link::Up);
    links.with(&Peer { peer: "b" }).set(&Link::Down);
    assert_eq!(active(&registry, "link", &[("peer", "a")]), ["up"]);
    assert_eq!(active(&registry, "link", &[("peer", "b")]), ["down"]);
}

#[test]
fn the_same_name_and_type_is_the_same_set() {
    let registry = Registry::new();
    let first = registry.state_set::<Link>("link", "").register().unwrap();
    registry.state_set::<Link>("link", "").register().unwrap().set(&Link::Up);
    assert!(first.is_active(&Link::Up));
    let error = registry.state_set::<bool>("link", "").register().unwrap_err();
    assert_eq!(
        error.to_string(),
        "metric `link` is registered already as a state set of `state_set::Link` without labels and cannot be \
         a state set of `bool` without labels too: give both the same, or one of them another name"
    );
}

#[test]
fn states_that_cannot_be_shown_are_refused() {
    let registry = Registry::new();
    let rule = |error: Error| match error {
        Error::InvalidStates { metric, rule } if metric == "x" => rule,
        other => panic!("{other}"),
    };
    let rules = [
        rule(registry.state_set::<String>("x", "").register().unwrap_err()),
        rule(registry.state_set::<Many<0>>("x", "").register().unwrap_err()),
        rule(registry.state_set::<Many<65>>("x", "").register().unwrap_err()),
        rule(registry.state_set::<Option<bool>>("x", "").register().unwrap_err()),
        rule(registry.state_set::<Same>("x", "").register().unwrap_err()),
    ];
    for (rule, start) in
        rules.iter().zip(["their number", "there are none", "there are more", "one has", "two have"])
    {
        assert!(rule.starts_with(start), "{rule}");
    }
}

/// Two states of one name.
struct Same;

impl LabelValue for Same {
    const CARDINALITY: Option<usize> = Some(2);

    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R {
        read("same")
    }

    fn text_at(_: usize) -> Cow<'static, str> {
        "same".into()
    }
}

#[test]
fn the_label_of_the_states_must_be_free_and_a_name_for_a_label() {
    let registry = Registry::builder().constant_label("region", "eu").build().unwrap();
    for taken in ["peer", "region", "le", "job:state"] {
        let error = registry.state_set::<Link>(taken, "").labels::<Peer>().register().unwrap_err();
        assert!(matches!(&error, Error::InvalidLabel { label, .. } if label == taken), "{error}");
    }
}
