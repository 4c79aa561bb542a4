use std::borrow::Cow;
use std::sync::{Arc, Mutex};

use instrument_core::{Collector, Emitter, LabelVisitor, Labels};

use super::*;

mod histograms;
mod names;

/// A label set of two texts.
struct Pair(&'static str, &'static str);

impl Labels for Pair {
    const CARDINALITY: Option<usize> = None;

    fn names() -> Vec<&'static str> {
        vec!["method", "route"]
    }

    fn visit(&self, visitor: &mut impl LabelVisitor) {
        visitor.value(self.0);
        visitor.value(self.1);
    }

    fn index(&self) -> usize {
        0
    }

    fn texts_at(_: usize) -> Vec<Cow<'static, str>> {
        Vec::new()
    }
}

fn ledger(prefix: &str) -> Ledger {
    let naming = Naming { prefix: prefix.into(), ..Naming::default() };
    Ledger::new(naming, Form::Samples { max: 20 })
}

/// Reads the registry and takes all that is due, with the name of each.
fn take(ledger: &mut Ledger, registry: &Registry) -> Vec<(String, Due)> {
    ledger.read(registry);
    let mut all = Vec::new();
    for place in 0..ledger.len() {
        let mut due = Vec::new();
        ledger.take(place, &mut due);
        let Name { text, tags } = ledger.name(place).unwrap();
        let name = String::from_utf8([&text[..], tags].concat()).unwrap();
        all.extend(due.into_iter().map(|due| (name.clone(), due)));
    }
    all
}

fn counts(due: &[(String, Due)]) -> Vec<(&str, i64)> {
    let count = |due: &Due| match due.value {
        Value::Count(count) => count,
        other => panic!("{other:?}"),
    };
    due.iter().map(|(name, due)| (name.as_str(), count(due))).collect()
}

#[test]
fn only_what_is_new_is_due() {
    let registry = Registry::new();
    let jobs = registry.counter("jobs", "").register().unwrap();
    jobs.inc_by(2);
    let mut ledger = ledger("app.");
    assert_eq!(counts(&take(&mut ledger, &registry)), [("app.jobs", 2)]);
    assert_eq!(take(&mut ledger, &registry), []);
    jobs.inc_by(3);
    assert_eq!(counts(&take(&mut ledger, &registry)), [("app.jobs", 3)]);
}

#[test]
fn what_is_given_back_is_part_of_the_next_delta() {
    let registry = Registry::new();
    let jobs = registry.counter("jobs", "").register().unwrap();
    jobs.inc_by(2);
    let mut ledger = ledger("");
    let due = take(&mut ledger, &registry);
    ledger.give_back(&due[0].1.change);
    assert_eq!(ledger.lines_owed(), 1);
    jobs.inc_by(3);
    assert_eq!(counts(&take(&mut ledger, &registry)), [("jobs", 5)]);
    assert_eq!(ledger.lines_owed(), 0);
}

#[test]
fn a_count_that_no_line_can_hold_is_said_in_two_flushes() {
    let registry = Registry::new();
    registry.counter("jobs", "").register().unwrap().inc_by(u64::MAX);
    let mut ledger = ledger("");
    assert_eq!(counts(&take(&mut ledger, &registry)), [("jobs", i64::MAX)]);
    assert_eq!(counts(&take(&mut ledger, &registry)), [("jobs", i64::MAX)]);
    assert_eq!(counts(&take(&mut ledger, &registry)), [("jobs", 1)]);
}

#[test]
fn a_series_made_anew_counts_from_zero() {
    for count in [2, 5, 7] {
        let registry = Registry::new();
        let requests = registry.counter("requests", "").labels::<Pair>().register().unwrap();
        let sizes = registry.histogram::<u64>("size", "").labels::<Pair>().register().unwrap();
        let labels = Pair("GET", "/");
        requests.with(&labels).inc_by(5);
        (0..5).for_each(|_| sizes.with(&labels).observe(1));
        let mut ledger = ledger("");
        take(&mut ledger, &registry);
        requests.remove(&labels);
        sizes.remove(&labels);
        requests.with(&labels).inc_by(count);
        (0..count).for_each(|_| sizes.with(&labels).observe(1));
        let due = take(&mut ledger, &registry);
        assert_eq!(counts(&due[..1]), [("requests.method.GET.route.-", count as i64)]);
        assert_eq!(due[1..].iter().map(|(_, due)| due.weight).sum::<u64>(), count);
        assert_eq!(take(&mut ledger, &registry), []);
    }
}

#[test]
fn what_was_owed_of_a_series_is_owed_when_it_is_made_anew() {
    let registry = Registry::new();
    let requests = registry.counter("requests", "").labels::<Pair>().register().unwrap();
    let labels = Pair("GET", "/");
    requests.with(&labels).inc_by(5);
    let mut ledger = ledger("");
    let due = take(&mut ledger, &registry);
    ledger.give_back(&due[0].1.change);
    requests.remove(&labels);
    requests.with(&labels).inc_by(7);
    assert_eq!(counts(&take(&mut ledger, &registry)), [("requests.method.GET.route.-", 12)]);
}

#[test]
fn a_series_that_is_gone_has_another_chance_to_be_sent_and_is_then_forgotten() {
    let registry = Registry::new();
    let requests = registry.counter("requests", "").labels::<Pair>().register().unwrap();
    requests.with(&Pair("GET", "/")).inc();
    let mut ledger = ledger("");
    let due = take(&mut ledger, &registry);
    ledger.give_back(&due[0].1.change);
    requests.remove(&Pair("GET", "/"));

    let due = take(&mut ledger, &registry);
    assert_eq!(counts(&due), [("requests.method.GET.route.-", 1)]);
    ledger.give_back(&due[0].1.change);
    assert_eq!(ledger.read(&registry), 1);
    assert_eq!(ledger.len(), 0);
    assert!(ledger.places.is_empty());
}

#[test]
fn places_are_right_after_another_series_was_forgotten() {
    let registry = Registry::new();
    let requests = registry.counter("requests", "").labels::<Pair>().register().unwrap();
    let (a, b) = (Pair("GET", "a"), Pair("GET", "b"));
    requests.with(&a).inc();
    requests.with(&b).inc();
    let mut ledger = ledger("");
    take(&mut ledger, &registry);
    requests.remove(&a);
    take(&mut ledger, &registry);
    requests.with(&b).inc_by(4);
    assert_eq!(counts(&take(&mut ledger, &registry)), [("requests.method.GET.route.b", 4)]);
    assert_eq!(ledger.len(), 1);
}

#[test]
fn gauges_are_due_every_time_until_they_are_gone() {
    let registry = Registry::new();
    let fill = registry.gauge("fill", "").unit("ratio").register().unwrap();
    let open = registry.up_down_counter("open", "").labels::<Pair>().register().unwrap();
    fill.set(0.5);
    open.with(&Pair("", "")).dec();
    let mut ledger = ledger("");
    for _ in 0..2 {
        let due = take(&mut ledger, &registry);
        let values: Vec<_> = due.iter().map(|(name, due)| (name.as_str(), due.value)).collect();
        assert_eq!(values, [("fill_ratio", Value::Gauge(0.5)), ("open", Value::Gauge(-1.0))]);
        assert!(!due[0].1.change.can_be_given_back());
    }
    open.remove(&Pair("", ""));
    assert_eq!(take(&mut ledger, &registry).len(), 1);
}

#[test]
fn an_info_and_each_state_of_a_state_set_are_gauges() {
    let registry = Registry::new();
    registry.info("build", "").label("version", "1.2").register().unwrap();
    let locked = registry.state_set::<bool>("locked", "").register().unwrap();
    let mut ledger = ledger("");
    let gauges = |due: Vec<(String, Due)>| -> Vec<(String, Value<'static>)> {
        due.into_iter().map(|(name, due)| (name, due.value)).collect()
    };
    let expected = |locked: f64| {
        [
            ("build_info.version.1_2".to_owned(), Value::Gauge(1.0)),
            ("locked.locked.false".to_owned(), Value::Gauge(1.0 - locked)),
            ("locked.locked.true".to_owned(), Value::Gauge(locked)),
        ]
    };
    locked.set(&false);
    assert_eq!(gauges(take(&mut ledger, &registry)), expected(0.0));
    locked.set(&true);
    assert_eq!(gauges(take(&mut ledger, &registry)), expected(1.0));
}

#[test]
fn a_counter_with_fractions_goes_in_whole_units_and_time_in_milliseconds() {
    struct Meter(Arc<Mutex<f64>>);

    impl Collector for Meter {
        fn collect(&self, emitter: &mut Emitter<'_>) {
            let value = *self.0.lock().unwrap();
            emitter.float_counter("cpu", "").unit("seconds").value(value);
            emitter.float_counter("energy", "").unit("joules").value(value);
        }
    }

    let registry = Registry::new();
    let value = Arc::new(Mutex::new(0.0));
    registry.register_collector(Meter(Arc::clone(&value)));
    let mut ledger = ledger("");
    let mut take_at = |now: f64| {
        *value.lock().unwrap() = now;
        take(&mut ledger, &registry)
    };
    assert_eq!(counts(&take_at(0.75)), [("cpu_ms", 750)]);
    let due = take_at(1.5);
    assert_eq!(counts(&due), [("cpu_ms", 750), ("energy_joules", 1)]);
    assert_eq!(take_at(1.5), []);
    // It was started anew.
    assert_eq!(counts(&take_at(0.5)), [("cpu_ms", 500), ("energy_joules", 1)]);
    ledger.give_back(&due[1].1.change);
    assert_eq!(ledger.lines_owed(), 1);
}
