//! Exemplars: which of them are kept, which are dropped, and that both leave the numbers alone.
#![cfg(feature = "macros")]

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

use instrument_core::{
    Buckets, Description, Exemplar, Histogram, Labels, RecordedExemplar, Registry, Sample, Series, Visitor,
};

fn sizes(registry: &Registry) -> Histogram<u64> {
    registry.histogram("size", "Sizes.").buckets(Buckets::explicit([10.0, 100.0])).register().unwrap()
}

fn kept(registry: &Registry, name: &str) -> Vec<(Option<usize>, f64, String)> {
    let text = |exemplar: &RecordedExemplar| {
        exemplar.labels().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(",")
    };
    let snapshot = registry.snapshot();
    let exemplars = snapshot.exemplars(name, &[]).iter();
    exemplars.map(|exemplar| (exemplar.bucket(), exemplar.value(), text(exemplar))).collect()
}

#[test]
fn the_last_exemplar_of_each_bucket_is_kept() {
    let registry = Registry::new();
    let sizes = sizes(&registry);
    assert_eq!(kept(&registry, "size"), []);
    for (size, id) in [(1, "a"), (500, "b"), (10, "c"), (11, "d"), (u64::MAX, "e")] {
        sizes.observe_with(size, Exemplar::new([("trace_id", id), ("region", "eu")]));
    }
    sizes.observe(2);
    let expected = [
        (Some(0), 10.0, "trace_id=c,region=eu".to_owned()),
        (Some(1), 11.0, "trace_id=d,region=eu".to_owned()),
        (Some(2), u64::MAX as f64, "trace_id=e,region=eu".to_owned()),
    ];
    assert_eq!(kept(&registry, "size"), expected);
    assert_eq!(kept(&registry, "size"), expected, "reading takes nothing away");
    assert_eq!(registry.snapshot().histogram("size", &[]).unwrap().counts(), [3, 1, 2]);
}

#[test]
fn with_native_buckets_alone_the_last_exemplar_of_each_power_of_two_is_kept() {
    let registry = Registry::new();
    let native = || Buckets::native(3, 160);
    let alone = registry.histogram::<f64>("alone", "").buckets(native()).register().unwrap();
    let both = Buckets::explicit([10.0]).and_native(3, 160);
    let both = registry.histogram::<f64>("both", "").buckets(both).register().unwrap();
    for (value, id) in
        [(1.0, "a"), (1.9, "b"), (2.0, "c"), (70.0, "d"), (0.0, "e"), (-3.0, "f"), (1e300, "g")]
    {
        alone.observe_with(value, Exemplar::trace_id(id));
        both.observe_with(value, Exemplar::trace_id(id));
    }
    let kept_alone = kept(&registry, "alone");
    assert!(kept_alone.iter().all(|(bucket, ..)| bucket.is_none()), "{kept_alone:?}");
    let values: Vec<f64> = kept_alone.iter().map(|(_, value, _)| *value).collect();
    assert_eq!(values, [-3.0, 0.0, 1.9, 70.0, 1e300]);
    let expected = [(Some(0), -3.0, "trace_id=f".to_owned()), (Some(1), 1e300, "trace_id=g".to_owned())];
    assert_eq!(kept(&registry, "both"), expected);

    for value in 0..10_000 {
        alone.observe_with(f64::from(value).exp(), Exemplar::trace_id(value));
    }
    assert!(kept(&registry, "alone").len() <= 32);
    assert_eq!(registry.snapshot().histogram("alone", &[]).unwrap().count(), 10_007);
}

#[test]
fn an_exemplar_has_the_value_in_the_unit_of_the_family_and_the_time() {
    let registry = Registry::new();
    let took = registry.histogram::<Duration>("took", "").register().unwrap();
    let ratio = registry.histogram::<f64>("ratio", "").register().unwrap();
    let sent = registry.counter("sent", "").register().unwrap();
    let before = SystemTime::now();
    took.observe_with(Duration::from_millis(20), Exemplar::trace_id(1));
    ratio.observe_with(-0.5, Exemplar::trace_id(2));
    sent.inc_with(Exemplar::trace_id(3));
    let after = SystemTime::now();

    let snapshot = registry.snapshot();
    for (name, value, bucket) in [("took", 0.02, Some(2)), ("ratio", -0.5, Some(0)), ("sent", 1.0, None)] {
        let [exemplar] = snapshot.exemplars(name, &[]) else { panic!("{name}: {snapshot:?}") };
        assert_eq!((exemplar.value(), exemplar.bucket()), (value, bucket), "{name}");
        assert!((before..=after).contains(&exemplar.time()), "{name}");
    }
    sent.inc_by_with(5, Exemplar::trace_id(4));
    assert_eq!(kept(&registry, "sent_total"), [(None, 5.0, "trace_id=4".to_owned())]);
    assert_eq!(sent.get(), 6);
}

#[test]
fn a_timer_observes_with_the_exemplar_it_is_given() {
    let registry = Registry::new();
    let took = registry.histogram::<Duration>("took", "").register().unwrap();
    let time = took.start().observe_with(Exemplar::trace_id("t"));
    let snapshot = registry.snapshot();
    assert_eq!(snapshot.histogram("took", &[]).unwrap().count(), 1);
    assert_eq!(snapshot.exemplars("took", &[])[0].value(), time.as_secs_f64());
}

#[test]
fn an_exemplar_that_breaks_a_rule_is_dropped_and_counted_and_the_number_counts_all_the_same() {
    let registry = Registry::builder().prefix("app").build().unwrap();
    let sizes = sizes(&registry);
    let ratio = registry.histogram::<f64>("ratio", "").register().unwrap();
    let sent = registry.counter("sent", "").register().unwrap();
    sizes.observe_with(5, Exemplar::trace_id("kept"));
    sizes.observe_with(6, Exemplar::trace_id("x".repeat(121)));
    sent.inc_with(Exemplar::new([("not a name", "x")]));
    sent.inc_with(None);
    ratio.observe_with(f64::NAN, Exemplar::trace_id("nowhere"));
    ratio.observe_with(f64::NAN, None);

    assert_eq!(kept(&registry, "size"), [(Some(0), 5.0, "trace_id=kept".to_owned())]);
    assert_eq!(kept(&registry, "sent"), []);
    assert_eq!(kept(&registry, "ratio"), []);
    let snapshot = registry.snapshot();
    assert_eq!(snapshot.histogram("size", &[]).unwrap().count(), 2);
    assert_eq!(snapshot.histogram("ratio", &[]).unwrap().not_numbers(), 2);
    assert_eq!(sent.get(), 2);
    for family in ["app_size", "app_ratio", "app_sent"] {
        let dropped = snapshot.counter("instrument_exemplars_dropped_total", &[("family", family)]);
        assert_eq!(dropped, Some(1), "{family}");
    }
}

#[test]
fn each_series_of_a_family_has_exemplars_of_its_own() {
    #[derive(Labels)]
    struct Route<'a> {
        route: &'a str,
    }
    let registry = Registry::new();
    let requests = registry.counter("requests", "").labels::<Route>().register().unwrap();
    requests.with(&Route { route: "/a" }).inc_with(Exemplar::trace_id("a"));
    requests.with(&Route { route: "/b" }).inc();
    requests.with(&Route { route: "/c" }).inc_with(Exemplar::trace_id("c"));

    let snapshot = registry.snapshot();
    for (route, ids) in [("/a", &["a"][..]), ("/b", &[]), ("/c", &["c"]), ("/none", &[])] {
        let exemplars = snapshot.exemplars("requests", &[("route", route)]).iter();
        let found: Vec<&str> = exemplars.flat_map(RecordedExemplar::labels).map(|(_, id)| id).collect();
        assert_eq!(found, ids, "{route}");
    }
}

#[test]
fn a_visitor_that_asks_for_exemplars_gets_them() {
    struct Ids(Vec<String>);
    impl Visitor for Ids {
        fn series(&mut self, _: &Description, series: &Series<'_>, _: &Sample<'_>) -> ControlFlow<()> {
            let exemplars = series.exemplars();
            self.0.extend(exemplars.iter().flat_map(RecordedExemplar::labels).map(|(_, id)| id.to_owned()));
            ControlFlow::Continue(())
        }
    }
    let registry = Registry::new();
    registry.counter("a", "").register().unwrap().inc_with(Exemplar::trace_id("first"));
    registry.gauge("b", "").register().unwrap().set(1.0);
    sizes(&registry).observe_with(1, Exemplar::trace_id("second"));
    let mut ids = Ids(Vec::new());
    registry.visit(&mut ids);
    assert_eq!(ids.0, ["first", "second"]);
}

#[test]
fn threads_that_put_while_others_read_leave_the_last_and_never_a_torn_one() {
    const PUTS: u64 = 20_000;
    let registry = Registry::new();
    let sizes = sizes(&registry);
    let put =
        |number: u64| sizes.observe_with(number % 5, Exemplar::new([("one", number), ("other", number)]));
    put(0);
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let readers: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let mut reads = 0_u64;
                    while !done.load(Ordering::Acquire) || reads == 0 {
                        let snapshot = registry.snapshot();
                        // Once there was one, there always is.
                        let [exemplar] = snapshot.exemplars("size", &[]) else { panic!("{snapshot:?}") };
                        let numbers: Vec<u64> =
                            exemplar.labels().map(|(_, text)| text.parse().unwrap()).collect();
                        assert_eq!(numbers[0], numbers[1]);
                        assert_eq!(exemplar.value(), (numbers[0] % 5) as f64);
                        reads += 1;
                    }
                })
            })
            .collect();
        let writers: Vec<_> = (1..=2)
            .map(|writer| scope.spawn(move || (0..PUTS).for_each(|number| put(writer * PUTS + number))))
            .collect();
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        done.store(true, Ordering::Release);
        readers.into_iter().for_each(|reader| reader.join().unwrap());
    });
    let [(_, _, last)] = &kept(&registry, "size")[..] else { panic!("one bucket was recorded into") };
    let last_of = |writer: u64| format!("one={0},other={0}", writer * PUTS + PUTS - 1);
    assert!([last_of(1), last_of(2)].contains(last), "{last}");
    assert_eq!(registry.snapshot().histogram("size", &[]).unwrap().count(), 2 * PUTS + 1);
}
