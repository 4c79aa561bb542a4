//! What libraries count through the facade `metrics`, in a registry of ours.

#![cfg(feature = "metrics-facade")]

use instrument_core::bridge::metrics_facade::Recorder;
use instrument_core::{Buckets, Error, MetricKind, Registry};
use metrics::{
    counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram, with_local_recorder,
};

fn recorded(run: impl FnOnce()) -> Registry {
    let registry = Registry::new();
    with_local_recorder(&Recorder::new(&registry), run);
    registry
}

#[test]
fn counters_are_incremented_and_brought_up_to_an_absolute_value() {
    let registry = recorded(|| {
        let jobs = counter!("jobs.run");
        jobs.increment(2);
        jobs.absolute(10);
        jobs.absolute(7);
        counter!("jobs.run").increment(1);
        counter!("jobs_total").absolute(5);
    });
    let snapshot = registry.snapshot();
    assert_eq!((snapshot.counter("jobs_run_total", &[]), snapshot.counter("jobs", &[])), (Some(11), Some(5)));
}

#[test]
fn an_absolute_value_is_reached_once_however_many_set_it() {
    let registry = Registry::new();
    let recorder = Recorder::new(&registry);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                with_local_recorder(&recorder, || (0..=1000).for_each(|n| counter!("read").absolute(n)));
            });
        }
    });
    assert_eq!(registry.snapshot().counter("read", &[]), Some(1000));
}

#[test]
fn gauges_and_histograms_hold_what_was_recorded() {
    let registry = recorded(|| {
        let depth = gauge!("queue-depth", "queue" => "mail");
        depth.set(5.0);
        depth.increment(2.5);
        depth.decrement(0.5);
        histogram!("took").record(0.02);
        histogram!("took").record_many(3.0, 2);
    });
    let snapshot = registry.snapshot();
    assert_eq!(snapshot.gauge("queue_depth", &[("queue", "mail")]), Some(7.0));
    let took = snapshot.histogram("took", &[]).unwrap();
    assert_eq!((took.count(), took.sum()), (3, 6.02));
}

#[test]
fn call_sites_may_have_other_labels_in_another_order() {
    let registry = recorded(|| {
        counter!("calls").increment(1);
        counter!("calls", "to" => "mail", "from" => "web").increment(1);
        counter!("calls", "from" => "web", "to" => "mail").increment(1);
        for user in ["a", "b", "a"] {
            counter!("calls", "user.id" => user.to_owned()).increment(1);
        }
    });
    let snapshot = registry.snapshot();
    let calls = |labels: &[(&str, &str)]| snapshot.counter("calls_total", labels);
    assert_eq!((calls(&[]), calls(&[("from", "web"), ("to", "mail")])), (Some(1), Some(2)));
    assert_eq!((calls(&[("user_id", "a")]), calls(&[("user_id", "b")])), (Some(2), Some(1)));
    assert_eq!(snapshot.families().len(), 1);
}

#[test]
fn labels_that_are_taken_or_no_names_are_exported_under_another() {
    let registry = Registry::builder().constant_label("region", "eu").build().unwrap();
    let recorder = Recorder::new(&registry);
    with_local_recorder(&recorder, || {
        counter!("c", "region" => "us", "le" => "1", "__x" => "2", "9" => "3").increment(1);
        counter!("d", "a.b" => "1", "a-b" => "2").increment(1);
    });
    let snapshot = registry.snapshot();
    let labels = [
        ("region", "eu"),
        ("exported_region", "us"),
        ("exported_le", "1"),
        ("exported___x", "2"),
        ("exported_9", "3"),
    ];
    assert_eq!(snapshot.counter("c", &labels), Some(1));
    assert_eq!(snapshot.counter("d", &[("region", "eu"), ("exported_a_b", "1"), ("a_b", "2")]), Some(1));
}

#[test]
fn a_description_that_comes_first_gives_help_and_unit() {
    let registry = recorded(|| {
        describe_histogram!("took", metrics::Unit::Milliseconds, "Time that it took.");
        describe_counter!("sent", metrics::Unit::Bytes, "Bytes sent.");
        describe_gauge!("users", metrics::Unit::Count, "Users.");
        histogram!("took").record(1.0);
        counter!("sent").increment(9);
        gauge!("users").set(3);
    });
    let snapshot = registry.snapshot();
    assert_eq!(snapshot.counter("sent_bytes_total", &[]), Some(9));
    assert_eq!(snapshot.gauge("users", &[]), Some(3.0));
    let took = snapshot.family("took_milliseconds").unwrap().description();
    assert_eq!((took.help.as_str(), took.unit.as_deref()), ("Time that it took.", Some("milliseconds")));
    assert_eq!(took.kind, MetricKind::Histogram);
}

#[test]
fn a_description_that_comes_late_does_not_make_another_metric() {
    let registry = recorded(|| {
        counter!("sent", "to" => "a").increment(1);
        describe_counter!("sent", metrics::Unit::Bytes, "Bytes sent.");
        counter!("sent", "to" => "b").increment(1);
    });
    let snapshot = registry.snapshot();
    assert_eq!(snapshot.families().len(), 1);
    assert_eq!(snapshot.counter("sent_total", &[("to", "b")]), Some(1));
}

#[test]
fn buckets_are_those_of_the_name_and_else_the_common_ones() {
    let registry = Registry::new();
    let recorder = Recorder::builder(&registry)
        .buckets(Buckets::explicit([1.0]))
        .buckets_for("response.size", Buckets::explicit([10.0, 20.0]))
        .build()
        .unwrap();
    with_local_recorder(&recorder, || {
        histogram!("response.size", "route" => "/").record(15.0);
        histogram!("took").record(0.5);
    });
    let snapshot = registry.snapshot();
    assert_eq!(snapshot.histogram("response_size", &[("route", "/")]).unwrap().counts(), [0, 1, 0]);
    assert_eq!(snapshot.histogram("took", &[]).unwrap().bounds(), [1.0]);

    let wrong = Recorder::builder(&registry).buckets_for("a.b", Buckets::explicit([2.0, 1.0])).build();
    assert!(matches!(wrong, Err(Error::InvalidBuckets { metric, .. }) if metric == "a_b"));
}

#[test]
fn what_cannot_be_registered_is_counted() {
    let registry = recorded(|| {
        counter!("jobs").increment(1);
        for _ in 0..2 {
            gauge!("jobs").set(7.0);
        }
        histogram!("").record(1.0);
        counter!("jobs").increment(1);
    });
    let snapshot = registry.snapshot();
    assert_eq!(snapshot.counter("jobs", &[]), Some(2));
    let errors = |family| snapshot.counter("instrument_registration_errors_total", &[("family", family)]);
    assert_eq!((errors("jobs"), errors("")), (Some(2), Some(1)));
}

#[test]
fn labels_beyond_the_bound_share_a_series_and_are_counted() {
    let registry = Registry::new();
    let recorder = Recorder::builder(&registry).max_series(2).build().unwrap();
    with_local_recorder(&recorder, || {
        for user in 0..5 {
            counter!("calls", "user" => user.to_string()).increment(1);
        }
        counter!("calls", "user" => "1").increment(1);
    });
    let snapshot = registry.snapshot();
    let calls = |user| snapshot.counter("calls", &[("user", user)]);
    assert_eq!(
        (calls("0"), calls("1"), calls("2"), calls("__overflow__")),
        (Some(1), Some(2), None, Some(3))
    );
    assert_eq!(snapshot.counter("instrument_overflow_total", &[("family", "calls")]), Some(3));
}

#[test]
fn label_names_without_bound_are_refused_and_counted() {
    let registry = recorded(|| {
        for number in 0..103 {
            let labels = [(format!("label_{number}"), "x")];
            gauge!("g", &labels).set(1.0);
        }
    });
    let snapshot = registry.snapshot();
    assert_eq!(snapshot.family("g").unwrap().series().len(), 100);
    assert_eq!(snapshot.counter("instrument_registration_errors_total", &[("family", "g")]), Some(3));
}

#[test]
fn a_metric_of_ours_with_the_same_name_is_the_same() {
    let registry = Registry::new();
    let ours = registry.counter("jobs", "Jobs run.").register().unwrap();
    with_local_recorder(&Recorder::new(&registry), || counter!("jobs").increment(2));
    ours.inc();
    assert_eq!(ours.get(), 3);
}

#[test]
fn threads_that_see_a_metric_first_share_it() {
    let registry = Registry::new();
    let recorder = Recorder::new(&registry);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                with_local_recorder(&recorder, || {
                    for call in 0..1000 {
                        counter!("calls", "user" => (call % 10).to_string()).increment(1);
                    }
                });
            });
        }
    });
    let snapshot = registry.snapshot();
    assert_eq!(snapshot.family("calls").unwrap().series().len(), 10);
    assert_eq!(snapshot.counter("calls", &[("user", "7")]), Some(400));
}
