use std::time::Duration;

use instrument_core::{
    Buckets, Counter, Exemplar, Family, Gauge, Histogram, HistogramSnapshot, Labels, Red, Registry,
    UpDownCounter, Use, instrument_red,
};

/// A metric of every kind that recording goes through.
#[derive(Clone)]
pub struct Everything {
    registry: Registry,
    counter: Counter,
    open: UpDownCounter,
    level: Gauge,
    took: Histogram<Duration>,
    size: Histogram<u64>,
    ratio: Histogram<f64>,
    rows: Histogram<u64>,
    by_place: Family<Place<'static>, Counter>,
    red: Red,
    pool: Use,
}

#[derive(Labels)]
struct Place<'a> {
    place: &'a str,
}

/// It records into the global registry.
#[instrument_red(labels(place = place))]
fn function(place: &str, fails: bool) -> Result<(), ()> {
    if fails { Err(()) } else { Ok(()) }
}

impl Everything {
    pub fn new() -> Self {
        let registry = Registry::new();
        Self {
            counter: registry.counter("events", "").register().unwrap(),
            open: registry.up_down_counter("open", "").register().unwrap(),
            level: registry.gauge("level", "").register().unwrap(),
            took: registry.histogram("took", "").register().unwrap(),
            size: registry.histogram("size", "").buckets(Buckets::explicit([10.0])).register().unwrap(),
            ratio: registry.histogram("ratio", "").register().unwrap(),
            rows: registry.histogram("rows", "").buckets(Buckets::native(8, 160)).register().unwrap(),
            by_place: registry.counter("events_by_place", "").labels().register().unwrap(),
            red: Red::register(&registry, "call").unwrap(),
            pool: Use::register(&registry, "pool", 10).unwrap(),
            registry,
        }
    }

    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Records into each, in every way there is. The place is that of a series, which is made for the first that comes.
    pub fn record(&self, place: &str) {
        self.counter.inc();
        self.counter.inc_by_with(2, Exemplar::trace_id(place));
        self.open.add(3);
        drop(self.open.track());
        self.level.set(7.0);
        self.level.add(0.5);
        self.took.observe_with(Duration::from_secs(1), Exemplar::trace_id(place));
        self.took.start().observe();
        self.took.time(|| ());
        self.size.observe(10);
        self.size.observe_with(11, Exemplar::trace_id("x".repeat(200)));
        self.ratio.observe(-0.5);
        self.ratio.observe(f64::NAN);
        // As a rule in a bucket that nobody has observed in.
        self.rows.observe(place.len() as u64);
        self.by_place.with(&Place { place }).inc();
        self.by_place.inc(&Place { place });
        self.red.start().ok();
        self.red.start().end("timeout");
        drop(self.red.start());
        drop(self.pool.busy());
        self.pool.error();
        function(place, false).unwrap();
        function(place, true).unwrap_err();
    }

    /// Asserts that it was recorded into from these places, each once, and from no other. No two tests have the same. Spans that were
    /// dropped have this `outcome`.
    pub fn assert_recorded(&self, places: &[&str], outcome: &str) {
        let times = places.len() as u64;
        let snapshot = self.registry.snapshot();
        let counter = |name, labels: &[(&str, &str)]| snapshot.counter(name, labels);
        let count =
            |name, labels: &[(&str, &str)]| snapshot.histogram(name, labels).map(HistogramSnapshot::count);
        assert_eq!(counter("events_total", &[]), Some(3 * times));
        assert_eq!(self.counter.get(), 3 * times);
        assert_eq!(snapshot.up_down_counter("open", &[]), Some(3 * times.cast_signed()));
        assert_eq!(self.open.get(), 3 * times.cast_signed());
        assert_eq!(count("took_seconds", &[]), Some(3 * times));
        assert_eq!(snapshot.histogram("size", &[]).unwrap().counts(), [times, times]);
        assert_eq!(snapshot.histogram("size", &[]).unwrap().sum(), (21 * times) as f64);
        assert_eq!(snapshot.histogram("ratio", &[]).unwrap().sum(), -0.5 * times as f64);
        assert_eq!(snapshot.histogram("ratio", &[]).unwrap().not_numbers(), times);
        let rows = snapshot.histogram("rows", &[]).unwrap();
        assert_eq!((rows.count(), rows.native().unwrap().count()), (times, times));
        assert_eq!(rows.sum(), places.iter().map(|place| place.len()).sum::<usize>() as f64);
        for place in places {
            assert_eq!(counter("events_by_place_total", &[("place", place)]), Some(2), "{place}");
            for outcome in ["ok", "error"] {
                let labels = [
                    ("function", "function"),
                    ("module", module_path!()),
                    ("place", place),
                    ("outcome", outcome),
                ];
                let global = Registry::global().snapshot();
                let function = global.histogram("function_duration_seconds", &labels);
                assert_eq!(function.map(HistogramSnapshot::count), Some(1), "{outcome} of {place}");
            }
        }
        for outcome in ["ok", "timeout", outcome] {
            assert_eq!(count("call_duration_seconds", &[("outcome", outcome)]), Some(times), "{outcome}");
        }
        assert_eq!(snapshot.up_down_counter("call_in_flight", &[]), Some(0));
        assert_eq!(snapshot.gauge("pool_utilization_ratio", &[]), Some(0.0));
        assert_eq!(counter("pool_errors_total", &[]), Some(times));
        assert_eq!(counter("instrument_exemplars_dropped_total", &[("family", "size")]), Some(times));
        assert!(snapshot.gauge("level", &[]).is_some_and(|level| level >= 7.5));
        let [exemplar] = snapshot.exemplars("events_total", &[]) else { panic!("{snapshot}") };
        assert!(exemplar.labels().all(|(_, place)| places.contains(&place)), "{exemplar:?}");
    }
}
