//! Families that are emitted when they are read.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use instrument_core::collector::EmittedHistogram;
use instrument_core::{Collector, Emitter, Registry, Snapshot};

/// Emits what a function says.
struct Emits<F>(F);

impl<F: Fn(&mut Emitter<'_>) + Send + Sync + 'static> Collector for Emits<F> {
    fn collect(&self, emitter: &mut Emitter<'_>) {
        (self.0)(emitter);
    }
}

fn skipped(snapshot: &Snapshot, family: &str, reason: &str) -> Option<u64> {
    snapshot.counter("instrument_collector_skipped_total", &[("family", family), ("reason", reason)])
}

#[test]
fn families_are_shown_among_the_registered_ones_in_the_order_of_their_names() {
    let registry = Registry::builder().prefix("app").constant_label("region", "eu").build().unwrap();
    registry.gauge("m", "").register().unwrap();
    registry.register_collector(Emits(|emitter: &mut Emitter<'_>| {
        emitter.gauge("z", "The last.").value(1.0);
        emitter.counter("a_total", "The first.").unit("bytes").labelled(&[("b", "1")], 2);
        emitter.gauge("plain", "").without_prefix().value(3.0);
    }));
    let snapshot = registry.snapshot();
    let names: Vec<String> =
        snapshot.families().iter().map(|family| family.description().exposed_name()).collect();
    assert_eq!(names, ["app_a_bytes_total", "app_m", "app_z", "plain"]);
    assert_eq!(snapshot.counter("app_a_bytes_total", &[("b", "1"), ("region", "eu")]), Some(2));
    assert_eq!(snapshot.gauge("plain", &[("region", "eu")]), Some(3.0));
    assert_eq!(snapshot.family("app_z").unwrap().description().help, "The last.");
}

#[test]
fn each_kind_can_be_emitted() {
    let registry = Registry::new();
    registry.register_collector(Emits(|emitter: &mut Emitter<'_>| {
        emitter.counter("c", "").value(u64::MAX);
        emitter.float_counter("f", "").value(0.5);
        emitter.gauge("g", "").value(f64::NEG_INFINITY);
        let counts = EmittedHistogram { bounds: &[1.0, 2.0], counts: &[1, 0, 2], sum: 9.5 };
        emitter.histogram("h", "").value(counts);
        emitter.info("i", "").labelled(&[("who", "me")], ());
        emitter.state_set("s", "").labelled(&[("who", "me")], &[("up", false), ("down", true)]);
    }));
    let snapshot = registry.snapshot();
    assert_eq!(snapshot.counter("c", &[]), Some(u64::MAX));
    assert_eq!((snapshot.counter("f", &[]), snapshot.float_counter("f", &[])), (None, Some(0.5)));
    assert_eq!(snapshot.gauge("g", &[]), Some(f64::NEG_INFINITY));
    let histogram = snapshot.histogram("h", &[]).unwrap();
    assert_eq!((histogram.count(), histogram.sum()), (3, 9.5));
    assert_eq!(histogram.buckets().collect::<Vec<_>>(), [(1.0, 1), (2.0, 1), (f64::INFINITY, 3)]);
    assert!(snapshot.info("i_info", &[("who", "me")]));
    let states = snapshot.state_set("s", &[("who", "me")]).unwrap();
    assert_eq!(states.states().collect::<Vec<_>>(), [("up", false), ("down", true)]);
    assert_eq!(skipped(&registry.snapshot(), "c", "collision"), None);
}

#[test]
fn what_was_counted_between_two_reads_is_their_difference() {
    let registry = Registry::new();
    let seconds = Arc::new(AtomicU64::new(3));
    let read = Arc::clone(&seconds);
    registry.register_collector(Emits(move |emitter: &mut Emitter<'_>| {
        let seconds = read.load(Ordering::Relaxed) as f64;
        emitter.float_counter("busy", "").unit("seconds").value(seconds / 2.0);
    }));
    let before = registry.snapshot();
    seconds.store(10, Ordering::Relaxed);
    let delta = |before| registry.snapshot().delta(before).float_counter("busy_seconds_total", &[]);
    assert_eq!(delta(&before), Some(3.5));
    seconds.store(2, Ordering::Relaxed);
    assert_eq!(delta(&before), Some(1.0), "it was started anew");
}

#[test]
fn collectors_may_emit_series_of_one_family() {
    let registry = Registry::new();
    for pool in ["a", "b"] {
        registry.register_collector(Emits(move |emitter: &mut Emitter<'_>| {
            emitter.gauge("pool_size", "Size.").labelled(&[("pool", pool)], 1.0);
            emitter.gauge("pool_size", "Size.").labelled(&[("pool", pool), ("idle", "yes")], 2.0);
        }));
    }
    let snapshot = registry.snapshot();
    assert_eq!(snapshot.families().len(), 1);
    assert_eq!(snapshot.families()[0].series().len(), 4);
    assert_eq!(snapshot.gauge("pool_size", &[("pool", "b"), ("idle", "yes")]), Some(2.0));
}

#[test]
fn what_no_read_can_show_is_left_out_and_counted() {
    let registry = Registry::builder().constant_label("region", "eu").build().unwrap();
    registry.histogram::<u64>("taken", "").register().unwrap();
    registry.register_collector(Emits(|emitter: &mut Emitter<'_>| {
        emitter.gauge("1st", "").value(1.0).labelled(&[("a", "b")], 1.0);
        emitter.gauge("x", "").unit("per second").value(1.0);
        emitter.gauge("taken", "").value(1.0);
        emitter.counter("taken_count", "").value(1);
        emitter.counter("mine", "").value(1);
        emitter.gauge("mine_total", "").value(1.0);
        emitter.gauge("labels", "").labelled(&[("le", "1")], 1.0).labelled(&[("region", "us")], 1.0);
        emitter.gauge("labels", "").labelled(&[("a", "1"), ("a", "2")], 1.0).labelled(&[("b", "")], 4.0);
        emitter.gauge("twice", "").labelled(&[("a", "1"), ("b", "2"), ("c", "")], 5.0);
        emitter.gauge("twice", "").labelled(&[("b", "2"), ("a", "1")], 6.0);
        emitter.float_counter("numbers", "").value(-1.0).value(f64::NAN).value(f64::INFINITY);
        let counts = |bounds, counts| EmittedHistogram { bounds, counts, sum: 0.0 };
        emitter.histogram("h", "").value(counts(&[1.0], &[1])).value(counts(&[2.0, 1.0], &[1, 1, 1]));
        emitter.histogram("h", "").value(counts(&[f64::INFINITY], &[1, 1]));
        let states = emitter.state_set("s", "").value(&[]).value(&[("a", true), ("a", false)]);
        states.value(&[("", true)]).value(&[("a", true); 65]).labelled(&[("s", "")], &[("a", true)]);
        let mut many = emitter.gauge("many", "").max_series(2);
        for n in ["1", "2", "3", "4"] {
            many = many.labelled(&[("n", n)], 0.0);
        }
    }));
    let _ = registry.snapshot();
    let snapshot = registry.snapshot();
    let region = ("region", "eu");
    assert_eq!(snapshot.counter("mine_total", &[region]), Some(1));
    assert_eq!(snapshot.gauge("labels", &[region]), Some(4.0));
    assert_eq!(snapshot.gauge("twice", &[("a", "1"), ("b", "2"), region]), Some(5.0));
    assert_eq!(snapshot.family("many").unwrap().series().len(), 2);
    assert_eq!(snapshot.histogram("taken", &[region]).unwrap().count(), 0);
    let skipped = |family, reason| {
        let labels = [("family", family), ("reason", reason), region];
        snapshot.counter("instrument_collector_skipped_total", &labels)
    };
    // Both reads counted.
    for (family, reason, count) in [
        ("1st", "name", 2),
        ("x", "name", 2),
        ("taken", "collision", 2),
        ("taken_count", "collision", 2),
        ("mine_total", "collision", 2),
        ("labels", "label", 6),
        ("twice", "duplicate", 2),
        ("numbers", "value", 6),
        ("h", "buckets", 6),
        ("s", "states", 8),
        ("s", "label", 2),
        ("many", "max_series", 4),
    ] {
        assert_eq!(skipped(family, reason), Some(count), "{family} {reason}\n{snapshot}");
    }
    let families = snapshot.family("instrument_collector_skipped_total").unwrap();
    assert_eq!(families.series().len(), 12);
}

#[test]
fn a_panic_leaves_what_was_emitted_and_what_others_emit() {
    struct Breaks;
    impl Collector for Breaks {
        fn collect(&self, emitter: &mut Emitter<'_>) {
            emitter.gauge("before", "").value(1.0);
            panic!("on purpose");
        }
    }
    let registry = Registry::new();
    registry.register_collector(Breaks);
    registry.register_collector(Emits(|emitter: &mut Emitter<'_>| {
        emitter.gauge("other", "").value(2.0);
    }));
    let snapshot = registry.snapshot();
    assert_eq!((snapshot.gauge("before", &[]), snapshot.gauge("other", &[])), (Some(1.0), Some(2.0)));
    let panics = snapshot.family("instrument_collector_panics_total").unwrap();
    let (name, value) = panics.series()[0].labels().next().unwrap();
    assert_eq!(name, "collector");
    assert!(value.ends_with("Breaks"), "{value}");
}

#[test]
fn a_collector_that_is_unregistered_is_dropped_and_asked_no_more() {
    let registry = Registry::new();
    let kept = Arc::new(AtomicU64::new(0));
    let asked = Arc::clone(&kept);
    let registered = registry.register_collector(Emits(move |emitter: &mut Emitter<'_>| {
        emitter.counter("asked", "").value(asked.fetch_add(1, Ordering::Relaxed));
    }));
    let _ = registry.snapshot();
    registered.unregister();
    assert!(registry.snapshot().families().is_empty());
    assert_eq!(Arc::try_unwrap(kept).unwrap().into_inner(), 1);
}

#[test]
fn a_collector_may_read_and_register_and_sees_nothing_of_itself() {
    let registry = Registry::new();
    let inner = registry.clone();
    registry.register_collector(Emits(move |emitter: &mut Emitter<'_>| {
        inner.counter("collections", "").register().unwrap().inc();
        emitter.gauge("families", "").value(inner.snapshot().families().len() as f64);
    }));
    assert_eq!(registry.snapshot().gauge("families", &[]), Some(1.0));
    assert_eq!(registry.snapshot().counter("collections", &[]), Some(2));
}

#[test]
fn reads_on_several_threads_each_see_all() {
    let registry = Registry::new();
    registry.register_collector(Emits(|emitter: &mut Emitter<'_>| {
        emitter.gauge("there", "").value(1.0);
    }));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..200 {
                    assert_eq!(registry.snapshot().gauge("there", &[]), Some(1.0));
                }
            });
        }
    });
}
