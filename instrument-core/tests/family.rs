//! Series told apart by labels.

use std::borrow::Cow;
use std::thread;

use instrument_core::{LabelVisitor, Labels, Registry};

/// An open label set.
struct User<'a>(&'a str);

impl Labels for User<'_> {
    const CARDINALITY: Option<usize> = None;

    fn names() -> Vec<&'static str> {
        vec!["user"]
    }

    fn visit(&self, visitor: &mut impl LabelVisitor) {
        visitor.value(self.0);
    }

    fn index(&self) -> usize {
        0
    }

    fn texts_at(_: usize) -> Vec<Cow<'static, str>> {
        Vec::new()
    }
}

/// A finite one.
struct Hit(bool);

impl Labels for Hit {
    const CARDINALITY: Option<usize> = Some(2);

    fn names() -> Vec<&'static str> {
        vec!["hit"]
    }

    fn visit(&self, visitor: &mut impl LabelVisitor) {
        visitor.value(if self.0 { "true" } else { "false" });
    }

    fn index(&self) -> usize {
        usize::from(self.0)
    }

    fn texts_at(index: usize) -> Vec<Cow<'static, str>> {
        vec![Cow::Borrowed(if index == 0 { "false" } else { "true" })]
    }
}

#[test]
fn beyond_the_bound_records_go_to_one_series_and_are_counted() {
    let registry = Registry::builder().prefix("app").build().unwrap();
    let logins = registry.counter("logins", "").labels::<User>().max_series(100).register().unwrap();
    for user in 0..1000 {
        logins.with(&User(&user.to_string())).inc();
    }
    assert_eq!(logins.len(), 100);
    let snapshot = registry.snapshot();
    assert_eq!(snapshot.counter("logins", &[("user", "99")]), Some(1));
    assert_eq!(snapshot.counter("logins", &[("user", "100")]), None);
    assert_eq!(snapshot.counter("logins", &[("user", "__overflow__")]), Some(900));
    assert_eq!(snapshot.counter("instrument_overflow_total", &[("family", "app_logins")]), Some(900));
    assert_eq!(snapshot.family("logins").unwrap().series().len(), 101);
    // Those that are in stay in.
    logins.with(&User("5")).inc();
    assert_eq!(logins.with(&User("5")).get(), 2);
}

#[test]
fn a_removed_series_comes_back_at_zero_and_its_handles_count_unseen() {
    let registry = Registry::new();
    let open = registry.counter("open", "").labels::<User>().register().unwrap();
    let dense = registry.counter("dense", "").labels::<Hit>().register().unwrap();
    let kept = open.with(&User("ann"));
    kept.inc_by(5);
    dense.with(&Hit(true)).inc_by(5);

    assert!(open.remove(&User("ann")));
    assert!(!open.remove(&User("ann")));
    assert!(dense.remove(&Hit(true)));
    assert_eq!((open.len(), dense.len()), (0, 0));
    kept.inc();
    assert_eq!(registry.snapshot().counter("open", &[("user", "ann")]), None);
    assert_eq!(registry.snapshot().counter("dense", &[("hit", "true")]), None);

    open.with(&User("ann")).inc();
    dense.with(&Hit(true)).inc();
    dense.with(&Hit(true)).inc();
    let snapshot = registry.snapshot();
    assert_eq!(snapshot.counter("open", &[("user", "ann")]), Some(1));
    assert_eq!(snapshot.counter("dense", &[("hit", "true")]), Some(2));
    assert_eq!(kept.get(), 6);
}

#[test]
fn retain_keeps_what_it_is_told_to() {
    let registry = Registry::new();
    let logins = registry.counter("logins", "").labels::<User>().max_series(3).register().unwrap();
    for user in ["ann", "bob", "cy"] {
        logins.with(&User(user)).inc();
    }
    logins.retain(|labels| labels == [("user", "bob")]);
    assert_eq!(logins.len(), 1);
    // The places of the others are free again.
    logins.with(&User("dan")).inc();
    logins.with(&User("eve")).inc();
    assert_eq!(logins.len(), 3);
    assert_eq!(registry.snapshot().counter("instrument_overflow", &[("family", "logins")]), None);
}

#[test]
fn two_threads_that_look_up_the_same_series_find_one() {
    let registry = Registry::new();
    let logins = registry.counter("logins", "").labels::<User>().register().unwrap();
    let hits = registry.counter("hits", "").labels::<Hit>().register().unwrap();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for user in 0..500 {
                    logins.with(&User(&user.to_string())).inc();
                    hits.with(&Hit(user % 2 == 0)).inc();
                }
            });
        }
    });
    assert_eq!(logins.len(), 500);
    let snapshot = registry.snapshot();
    assert!((0..500).all(|user| snapshot.counter("logins", &[("user", &user.to_string())]) == Some(4)));
    assert_eq!(snapshot.counter("hits", &[("hit", "true")]), Some(1000));
    assert_eq!(snapshot.counter("hits", &[("hit", "false")]), Some(1000));
}

#[test]
fn a_label_that_spells_the_overflow_is_the_overflow() {
    let registry = Registry::new();
    let logins = registry.counter("logins", "").labels::<User<'_>>().max_series(1).register().unwrap();
    for user in ["__overflow__", "ann", "bob"] {
        logins.with(&User(user)).inc();
    }
    let snapshot = registry.snapshot();
    assert_eq!(snapshot.family("logins").unwrap().series().len(), 2);
    assert_eq!(snapshot.counter("logins", &[("user", "__overflow__")]), Some(2));
    assert_eq!(snapshot.counter("instrument_overflow", &[("family", "logins")]), Some(1));
}

#[test]
fn what_does_not_fit_is_counted_whatever_the_constant_labels_are_called() {
    let registry = Registry::builder().constant_label("family", "x").build().unwrap();
    let logins = registry.counter("logins", "").labels::<User<'_>>().max_series(1).register().unwrap();
    logins.with(&User("ann")).inc();
    logins.with(&User("bob")).inc();
    assert_eq!(registry.snapshot().counter("instrument_overflow", &[("family", "logins")]), Some(1));
}

#[test]
fn a_family_without_labels_starts_anew_when_its_series_is_removed() {
    let registry = Registry::new();
    let family = registry.counter("lone", "").labels::<()>().register().unwrap();
    family.with(&()).inc_by(5);
    assert!(family.remove(&()));
    assert_eq!(family.with(&()).get(), 0);
}

#[test]
fn a_label_value_may_count_in_the_family_it_is_looked_up_in() {
    use instrument_core::{Counter, Family};

    struct Counting<'a>(&'a Family<User<'static>, Counter>);
    impl Labels for Counting<'_> {
        const CARDINALITY: Option<usize> = None;
        fn names() -> Vec<&'static str> {
            vec!["user"]
        }
        fn visit(&self, visitor: &mut impl LabelVisitor) {
            self.0.with(&User("inner")).inc();
            visitor.value("outer");
        }
        fn index(&self) -> usize {
            0
        }
        fn texts_at(_: usize) -> Vec<Cow<'static, str>> {
            Vec::new()
        }
    }
    let registry = Registry::new();
    let inner = registry.counter("logins", "").labels::<User<'static>>().register().unwrap();
    let outer = registry.counter("logins", "").labels::<Counting<'_>>().register().unwrap();
    outer.with(&Counting(&inner)).inc();
    let snapshot = registry.snapshot();
    assert_eq!(snapshot.counter("logins", &[("user", "outer")]), Some(1));
    assert!(snapshot.counter("logins", &[("user", "inner")]) > Some(0));
}
