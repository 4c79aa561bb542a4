use std::time::Duration;

use instrument_core::{Buckets, Counter, Labels, Registry, Snapshot};

#[derive(Labels)]
struct Language<'a> {
    lang: &'a str,
}

fn fr() -> [(&'static str, &'static str); 1] {
    [("lang", "fr")]
}

#[test]
fn counters_and_histograms_are_less_what_they_were() {
    let registry = Registry::new();
    let jobs = registry.counter("jobs", "").register().unwrap();
    let buckets = Buckets::explicit([0.5, 1.5]);
    let durations = registry.histogram::<Duration>("wait", "").buckets(buckets).register().unwrap();
    let sizes = registry.histogram::<f64>("size", "").register().unwrap();
    jobs.inc_by(5);
    durations.observe(Duration::from_secs(1));
    sizes.observe(f64::NAN);
    let before = registry.snapshot();

    jobs.inc_by(2);
    durations.observe(Duration::from_secs(1));
    durations.observe(Duration::from_secs(4));
    sizes.observe(f64::NAN);
    let delta = registry.snapshot().delta(&before);
    assert_eq!(delta.counter("jobs", &[]), Some(2));
    let waited = delta.histogram("wait", &[]).unwrap();
    assert_eq!((waited.counts(), waited.sum()), (&[0, 1, 1][..], 5.0));
    assert_eq!(delta.histogram("size", &[]).unwrap().not_numbers(), 1);
}

#[test]
fn gauges_and_up_down_counters_are_as_they_are() {
    let registry = Registry::new();
    let load = registry.gauge("load", "").register().unwrap();
    let readers = registry.up_down_counter("readers", "").register().unwrap();
    load.set(3.0);
    readers.add(3);
    let before = registry.snapshot();
    load.set(2.0);
    readers.add(4);
    let delta = registry.snapshot().delta(&before);
    assert_eq!((delta.gauge("load", &[]), delta.up_down_counter("readers", &[])), (Some(2.0), Some(7)));
}

#[test]
fn a_series_made_since_counts_from_zero() {
    let registry = Registry::new();
    let served = registry.counter("served", "").labels::<Language>().register().unwrap();
    served.with(&Language { lang: "la" }).inc();
    let before = registry.snapshot();
    served.with(&Language { lang: "fr" }).inc_by(3);
    registry.counter("jobs", "").register().unwrap().inc();
    let delta = registry.snapshot().delta(&before);
    assert_eq!((delta.counter("served", &fr()), delta.counter("jobs", &[])), (Some(3), Some(1)));
    assert_eq!(delta.counter("served", &[("lang", "la")]), Some(0));
}

#[test]
fn a_series_made_anew_counts_from_zero() {
    let registry = Registry::new();
    let served = registry.counter("served", "").labels::<Language>().register().unwrap();
    served.with(&Language { lang: "fr" }).inc_by(5);
    let sizes = registry.histogram::<u64>("size", "").labels::<Language>().register().unwrap();
    (0..5).for_each(|_| sizes.with(&Language { lang: "fr" }).observe(1));
    let before = registry.snapshot();

    served.remove(&Language { lang: "fr" });
    sizes.remove(&Language { lang: "fr" });
    served.with(&Language { lang: "fr" }).inc_by(2);
    sizes.with(&Language { lang: "fr" }).observe(1);
    let delta = registry.snapshot().delta(&before);
    assert_eq!(delta.counter("served", &fr()), Some(2));
    let observed = delta.histogram("size", &fr()).unwrap();
    assert_eq!((observed.count(), observed.sum()), (1, 1.0));
}

#[test]
fn a_series_made_anew_that_has_more_than_before_counts_from_zero() {
    let registry = Registry::new();
    let served = registry.counter("served", "").labels::<Language>().register().unwrap();
    served.with(&Language { lang: "fr" }).inc_by(2);
    let before = registry.snapshot();
    let made = before.family("served").unwrap().series()[0].created();

    // Until the clock has moved, the new one is as old as the old one.
    while {
        served.remove(&Language { lang: "fr" });
        served.with(&Language { lang: "fr" }).inc_by(5);
        registry.snapshot().family("served").unwrap().series()[0].created() == made
    } {}
    assert_eq!(registry.snapshot().delta(&before).counter("served", &fr()), Some(5));
}

#[test]
fn a_series_that_is_gone_is_left_out() {
    let registry = Registry::new();
    let served = registry.counter("served", "").labels::<Language>().register().unwrap();
    served.with(&Language { lang: "fr" }).inc();
    let before = registry.snapshot();
    served.remove(&Language { lang: "fr" });
    assert_eq!(registry.snapshot().delta(&before).counter("served", &fr()), None);
}

/// Of two registries: what has the same name may be of another kind, or have other buckets.
#[test]
fn a_series_of_another_kind_or_other_buckets_counts_from_zero() {
    fn take(register: impl FnOnce(&Registry)) -> Snapshot {
        let registry = Registry::new();
        register(&registry);
        registry.snapshot()
    }

    let coarse = take(|registry| {
        registry.gauge("size", "").register().unwrap().set(7.0);
        let buckets = Buckets::explicit([1.0]);
        registry.histogram::<f64>("wait", "").buckets(buckets).register().unwrap().observe(0.5);
    });
    let fine = take(|registry| {
        registry.up_down_counter("size", "").register().unwrap().add(9);
        let buckets = Buckets::explicit([1.0, 2.0]);
        registry.histogram::<f64>("wait", "").buckets(buckets).register().unwrap().observe(0.5);
    });
    let delta = fine.delta(&coarse);
    assert_eq!(delta.up_down_counter("size", &[]), Some(9));
    assert_eq!(delta.histogram("wait", &[]).unwrap().counts(), [1, 0, 0]);
}

#[test]
fn nothing_has_happened_since_the_same_picture() {
    let registry = Registry::new();
    let jobs: Counter = registry.counter("jobs", "").register().unwrap();
    jobs.inc_by(u64::MAX);
    let snapshot = registry.snapshot();
    assert_eq!(snapshot, snapshot.clone());
    assert_eq!(snapshot.delta(&snapshot).counter("jobs", &[]), Some(0));
    assert_eq!(snapshot.delta(&Snapshot::default()), snapshot);
}
