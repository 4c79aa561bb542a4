//! A walk that is left and gone on with.

use std::ops::ControlFlow;
use std::sync::mpsc;

use instrument_core::{Collector, Description, Emitter, Labels, Registry, Sample, Series, Visitor, Walk};

#[derive(Labels)]
struct Number {
    number: u32,
}

struct Weather;

impl Collector for Weather {
    fn collect(&self, emitter: &mut Emitter<'_>) {
        emitter.gauge("wind", "").labelled(&[("number", "1")], 1.0).labelled(&[("number", "2")], 2.0);
    }
}

/// A registry with each kind of family: registered, computed, emitted, empty, and one that is over its bound.
fn registry() -> Registry {
    let registry = Registry::new();
    let hits = registry.counter("hits", "").labels::<Number>().max_series(3).register().unwrap();
    (0..5).for_each(|number| hits.with(&Number { number }).inc());
    for number in ["1", "2"] {
        registry.gauge_fn("load", "", || 0.5).label("number", number).register().unwrap();
    }
    let _ = registry.gauge("nothing", "").labels::<Number>().register().unwrap();
    registry.register_collector(Weather);
    registry
}

/// Notes what it is shown, and leaves after so many series.
struct Notes {
    lines: Vec<String>,
    left: usize,
}

impl Visitor for Notes {
    fn family(&mut self, family: &Description) -> ControlFlow<()> {
        self.lines.push(family.name.clone());
        ControlFlow::Continue(())
    }

    fn series(&mut self, family: &Description, series: &Series<'_>, _: &Sample<'_>) -> ControlFlow<()> {
        self.lines.push(format!("{} {series:?}", family.name));
        self.left -= 1;
        if self.left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

fn whole(registry: &Registry) -> Vec<String> {
    let mut notes = Notes { lines: Vec::new(), left: usize::MAX };
    registry.visit(&mut notes);
    notes.lines
}

#[test]
fn a_walk_in_steps_shows_what_a_walk_at_once_shows() {
    let registry = registry();
    let expected = whole(&registry);
    assert!(expected.iter().any(|line| line.contains("__overflow__")), "{expected:?}");
    for step in 1..=expected.len() {
        let mut notes = Notes { lines: Vec::new(), left: step };
        let mut walk = registry.walk();
        while walk.visit(&mut notes).is_break() {
            notes.left = step;
        }
        assert_eq!(notes.lines, expected, "{step} series at a time");
        assert!(walk.visit(&mut notes).is_continue());
        assert_eq!(notes.lines, expected, "a walk that has ended shows nothing more");
    }
}

#[test]
fn a_family_can_be_where_a_walk_is_left() {
    struct Families(Vec<String>);
    impl Visitor for Families {
        fn family(&mut self, family: &Description) -> ControlFlow<()> {
            self.0.push(family.name.clone());
            ControlFlow::Break(())
        }
        fn series(&mut self, family: &Description, _: &Series<'_>, _: &Sample<'_>) -> ControlFlow<()> {
            self.0.push(format!("series of {}", family.name));
            ControlFlow::Continue(())
        }
    }
    let registry = Registry::new();
    registry.counter("a", "").register().unwrap();
    registry.counter("b", "").register().unwrap();
    let (mut walk, mut families) = (registry.walk(), Families(Vec::new()));
    while walk.visit(&mut families).is_break() {}
    assert_eq!(families.0, ["a", "series of a", "b", "series of b"]);
}

#[test]
fn a_walk_that_waits_holds_nothing_up_and_sees_what_comes_behind_it() {
    let registry = Registry::new();
    let hits = registry.counter("hits", "").labels::<Number>().register().unwrap();
    (0..3).for_each(|number| hits.with(&Number { number }).inc());
    let mut notes = Notes { lines: Vec::new(), left: 1 };
    let mut walk = registry.walk();
    assert!(walk.visit(&mut notes).is_break());

    // From another thread, which no lock must hold up.
    let (send, receive) = mpsc::channel::<Walk>();
    std::thread::scope(|threads| {
        threads.spawn(|| {
            assert!(hits.remove(&Number { number: 1 }));
            hits.with(&Number { number: 7 }).inc();
            registry.counter("later", "").register().unwrap().inc();
            send.send(walk).unwrap();
        });
    });
    notes.left = usize::MAX;
    assert!(receive.recv().unwrap().visit(&mut notes).is_continue());
    // A new series may have the place of the one that was removed.
    notes.lines.sort();
    assert_eq!(
        notes.lines,
        ["hits", r#"hits {"number": "0"}"#, r#"hits {"number": "2"}"#, r#"hits {"number": "7"}"#]
    );
}
