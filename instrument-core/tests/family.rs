//! Series told apart by labels.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

use instrument_core::{Description, LabelVisitor, Labels, Registry, Sample, Series, Value, Visitor};

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
    assert_eq!((open.len(), dense.len()), (0, 1), "the other of the two was filled in");
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

#[test]
fn an_idle_series_goes_when_it_has_been_read_and_returns_at_zero() {
    let registry = Registry::new();
    let logins =
        registry.counter("logins", "").labels::<User>().idle_timeout(Duration::ZERO).register().unwrap();
    let count = |user| registry.snapshot().counter("logins", &[("user", user)]);
    logins.with(&User("ann")).inc_by(3);
    assert_eq!(count("ann"), Some(3));
    // Someone was there between the two readings.
    logins.with(&User("ann")).inc();
    assert_eq!(count("ann"), Some(4));
    // Where a look-up is under way on another thread, as in another test, a reading may put it off.
    assert!((0..10_000).any(|_| count("ann").is_none()));
    assert!(logins.is_empty());
    logins.with(&User("ann")).inc();
    assert_eq!(count("ann"), Some(1));
}

#[test]
fn a_series_with_a_handle_kept_on_it_never_expires() {
    let registry = Registry::new();
    let logins =
        registry.counter("logins", "").labels::<User>().idle_timeout(Duration::ZERO).register().unwrap();
    let kept = logins.with(&User("ann"));
    for expected in 0..5 {
        assert_eq!(registry.snapshot().counter("logins", &[("user", "ann")]), Some(expected));
        kept.inc();
    }
    drop(kept);
    // It goes when all that was counted has been read once more.
    let count = || registry.snapshot().counter("logins", &[("user", "ann")]);
    assert_eq!([count(), count()], [Some(5), Some(5)]);
    assert!((0..10_000).any(|_| count().is_none()));
}

#[test]
fn a_reading_that_is_broken_off_lets_nothing_expire() {
    struct BreakOff;
    impl Visitor for BreakOff {
        fn series(&mut self, _: &Description, _: &Series<'_>, _: &Sample<'_>) -> ControlFlow<()> {
            ControlFlow::Break(())
        }
    }
    let registry = Registry::new();
    let logins =
        registry.counter("logins", "").labels::<User>().idle_timeout(Duration::ZERO).register().unwrap();
    logins.with(&User("ann")).inc();
    for _ in 0..10 {
        registry.visit(&mut BreakOff);
    }
    assert_eq!(logins.len(), 1);
    assert!((0..10_000).any(|_| registry.snapshot().counter("logins", &[("user", "ann")]).is_none()));
}

#[test]
fn a_gauge_that_is_set_to_the_same_again_is_not_idle() {
    let registry = Registry::new();
    let load = registry.gauge("load", "").labels::<User>().idle_timeout(Duration::ZERO).register().unwrap();
    for _ in 0..5 {
        load.with(&User("ann")).set(1.0);
        assert_eq!(registry.snapshot().gauge("load", &[("user", "ann")]), Some(1.0));
    }
}

#[test]
fn a_long_timeout_keeps_series_and_a_finite_set_expires_too() {
    let registry = Registry::new();
    let hour = Duration::from_secs(3600);
    let logins = registry.counter("logins", "").labels::<User>().idle_timeout(hour).register().unwrap();
    let hits = registry.counter("hits", "").labels::<Hit>().idle_timeout(Duration::ZERO).register().unwrap();
    logins.with(&User("ann")).inc();
    hits.with(&Hit(true)).inc();
    assert!((0..10_000).any(|_| {
        drop(registry.snapshot());
        hits.is_empty()
    }));
    assert_eq!(logins.len(), 1);
    hits.with(&Hit(true)).inc();
    hits.with(&Hit(true)).inc();
    assert_eq!(registry.snapshot().counter("hits", &[("hit", "true")]), Some(2));
}

/// What is recorded by threads that look their series up each time, while a reader reads and series expire.
#[test]
fn nothing_is_lost_when_series_expire_under_way() {
    const THREADS: u64 = 3;
    const ROUNDS: u64 = 20_000;
    let registry = Registry::new();
    let logins =
        registry.counter("logins", "").labels::<User>().idle_timeout(Duration::ZERO).register().unwrap();
    let running = AtomicU64::new(THREADS);
    // What was read of a series before it went, for each series and each of its lives.
    let mut last: HashMap<String, (SystemTime, u64)> = HashMap::new();
    let mut gone = 0;
    let read = |last: &mut HashMap<String, (SystemTime, u64)>, gone: &mut u64| {
        let snapshot = registry.snapshot();
        let Some(family) = snapshot.family("logins") else { return };
        for series in family.series() {
            let user = series.labels().next().unwrap().1.to_owned();
            let Value::Counter(now) = *series.value() else { panic!("it is a counter") };
            let created = series.created().unwrap();
            let (life, count) = last.entry(user).or_insert((created, 0));
            if *life == created {
                assert!(now >= *count, "a counter stepped back");
            } else {
                *gone += *count;
                *life = created;
            }
            *count = now;
        }
    };
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (logins, running) = (&logins, &running);
            scope.spawn(move || {
                for round in 0..ROUNDS {
                    logins.with(&User(&((round / 50 + thread) % 7).to_string())).inc();
                }
                running.fetch_sub(1, Ordering::Relaxed);
            });
        }
        while running.load(Ordering::Relaxed) > 0 {
            read(&mut last, &mut gone);
        }
    });
    read(&mut last, &mut gone);
    assert_eq!(gone + last.values().map(|(_, count)| count).sum::<u64>(), THREADS * ROUNDS);
}

#[test]
fn a_budget_is_shared_by_families_and_given_back() {
    let registry = Registry::builder().max_series(3).build().unwrap();
    let logins = registry.counter("logins", "").labels::<User>().register().unwrap();
    let hits = registry.counter("hits", "").labels::<Hit>().register().unwrap();
    assert_eq!(hits.len(), 2, "filled with zeros");
    logins.with(&User("ann")).inc();
    logins.with(&User("bob")).inc();
    assert_eq!(logins.len(), 1);
    assert!(hits.remove(&Hit(true)));
    logins.with(&User("bob")).inc();
    assert_eq!(logins.len(), 2);
    hits.with(&Hit(true)).inc();
    let snapshot = registry.snapshot();
    assert_eq!(snapshot.counter("hits", &[("hit", "__overflow__")]), Some(1));
    assert_eq!(snapshot.counter("instrument_overflow", &[("family", "logins")]), Some(1));
    assert_eq!(snapshot.counter("instrument_overflow", &[("family", "hits")]), Some(1));
    // A metric without labels is always there.
    registry.counter("jobs", "").register().unwrap().inc();
    assert_eq!(registry.snapshot().counter("jobs", &[]), Some(1));
}

#[test]
fn finite_sets_are_filled_with_zeros_unless_told_otherwise() {
    let registry = Registry::new();
    registry.counter("filled", "").labels::<Hit>().register().unwrap();
    let bare = registry.counter("bare", "").labels::<Hit>().zero_fill(false).register().unwrap();
    let small = registry.counter("small", "").labels::<Hit>().max_series(1).register().unwrap();
    assert_eq!((bare.len(), small.len()), (0, 0));
    let snapshot = registry.snapshot();
    for hit in ["true", "false"] {
        assert_eq!(snapshot.counter("filled", &[("hit", hit)]), Some(0));
        assert_eq!(snapshot.counter("bare", &[("hit", hit)]), None);
    }
}

#[test]
fn series_that_come_and_go_leave_room_for_others() {
    let registry = Registry::new();
    let logins = registry.counter("logins", "").labels::<User>().max_series(10).register().unwrap();
    for round in 0..5000 {
        let user = round.to_string();
        logins.with(&User(&user)).inc();
        assert_eq!(logins.with(&User(&user)).get(), 1);
        assert!(logins.remove(&User(&user)));
    }
    assert!(logins.is_empty());
    let snapshot = registry.snapshot();
    assert!(snapshot.family("logins").unwrap().series().is_empty());
    assert_eq!(snapshot.counter("instrument_overflow", &[("family", "logins")]), None);
}
