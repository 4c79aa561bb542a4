use std::time::Duration;

use instrument_core::{Buckets, Collector, Emitter, Exemplar, Labels, Registry, Snapshot};
use serde_json::{Value, json};

#[derive(Labels)]
struct Served<'a> {
    lang: &'a str,
    source: &'a str,
}

struct Sunshine;

impl Collector for Sunshine {
    fn collect(&self, emitter: &mut Emitter<'_>) {
        emitter.float_counter("sunshine", "").value(3600.5);
    }
}

/// Something of every kind.
fn example() -> Snapshot {
    let registry = Registry::builder().prefix("app").constant_label("region", "eu").build().unwrap();
    let served = registry.counter("served", "Quotations served.").labels::<Served>().register().unwrap();
    served.with(&Served { lang: "la", source: "disk" }).inc_by(u64::MAX);
    served.with(&Served { lang: "fr", source: "" }).inc_with(Exemplar::trace_id("4bf92f"));
    registry.gauge("load", "").register().unwrap().set(0.1 + 0.2);
    registry.up_down_counter("readers", "").register().unwrap().add(i64::MIN + 1);
    registry.info("build", "").label("version", "1.2").register().unwrap();
    registry.state_set::<bool>("frozen", "").register().unwrap().set(&true);
    let buckets = Buckets::explicit([0.001, 0.1]);
    let fetch = registry.histogram::<Duration>("fetch", "").buckets(buckets).register().unwrap();
    fetch.observe_with(Duration::from_millis(3), Exemplar::trace_id("a3ce92"));
    registry.histogram::<f64>("never", "").register().unwrap();
    let native =
        registry.histogram::<f64>("balance", "").buckets(Buckets::native(3, 160)).register().unwrap();
    [-3.0, 0.0, 1.5, f64::INFINITY, f64::NAN].into_iter().for_each(|value| native.observe(value));
    registry.register_collector(Sunshine);
    registry.counter("without_series", "").labels::<Served>().register().unwrap();
    registry.snapshot()
}

#[test]
fn what_is_read_is_what_was_written() {
    let snapshot = example();
    let text = serde_json::to_string(&snapshot).unwrap();
    let bytes = rmp_serde::to_vec(&snapshot).unwrap();
    for read in [serde_json::from_str(&text).unwrap(), rmp_serde::from_slice::<Snapshot>(&bytes).unwrap()] {
        assert_eq!(read, snapshot);
        // Equal pictures can differ in exemplars, and in when their series were made.
        assert_eq!(format!("{read:?}"), format!("{snapshot:?}"));
    }
}

#[test]
fn a_snapshot_is_written_as_families_with_their_series() {
    let registry = Registry::new();
    let served = registry.counter("served", "Quotations served.").labels::<Served>().register().unwrap();
    served.with(&Served { lang: "fr", source: "disk" }).inc();
    let buckets = Buckets::explicit([1.0, 2.0]);
    let size = registry.histogram::<u64>("size", "").unit("bytes").buckets(buckets).register().unwrap();
    size.observe(2);

    let mut written = serde_json::to_value(registry.snapshot()).unwrap();
    for family in written["families"].as_array_mut().unwrap() {
        for series in family["series"].as_array_mut().unwrap() {
            let created = series.as_object_mut().unwrap().remove("created");
            assert!(created.unwrap()["secs_since_epoch"].is_u64());
        }
    }
    let expected = json!({
        "families": [
            {
                "description": {
                    "given_name": "served", "name": "served", "help": "Quotations served.", "unit": null, "kind": "counter",
                },
                "series": [{ "labels": { "lang": "fr", "source": "disk" }, "value": { "counter": 1 }, "exemplars": [] }],
            },
            {
                "description": {
                    "given_name": "size", "name": "size_bytes", "help": "", "unit": "bytes", "kind": "histogram",
                },
                "series": [{
                    "labels": {},
                    "value": {
                        "histogram": {
                            "bounds": [1.0, 2.0], "counts": [0, 1, 0], "native": null, "sum": 2.0, "not_numbers": 0,
                        },
                    },
                    "exemplars": [],
                }],
            },
        ],
    });
    assert_eq!(written, expected, "{written:#}");

    written["families"].as_array_mut().unwrap().reverse();
    let read: Snapshot = serde_json::from_value(written).unwrap();
    assert_eq!(read, registry.snapshot(), "look-ups rely on the order, whatever the order of what is read");
}

#[test]
fn numbers_that_json_has_not_are_text() {
    for (number, text) in [(f64::INFINITY, "+Inf"), (f64::NEG_INFINITY, "-Inf"), (f64::NAN, "NaN")] {
        let registry = Registry::new();
        registry.gauge("load", "").register().unwrap().set(number);
        let written = serde_json::to_value(registry.snapshot()).unwrap();
        assert_eq!(written["families"][0]["series"][0]["value"], json!({ "gauge": text }));
        let read: Snapshot = serde_json::from_value(written).unwrap();
        assert_eq!(read.gauge("load", &[]).map(f64::to_bits), Some(number.to_bits()));
    }
}

/// What reading says of a snapshot whose first value was written over.
fn refused(registry: &Registry, kind: &str, part: &str, value: Value) -> String {
    let mut written = serde_json::to_value(registry.snapshot()).unwrap();
    written["families"][0]["series"][0]["value"][kind][part] = value;
    serde_json::from_value::<Snapshot>(written).unwrap_err().to_string()
}

#[test]
fn what_no_snapshot_says_is_refused() {
    let registry = Registry::new();
    let buckets = Buckets::explicit([1.0, 2.0]).and_native(3, 160);
    registry.histogram::<f64>("size", "").buckets(buckets).register().unwrap().observe(1.5);
    let refused = |part, value| refused(&registry, "histogram", part, value);

    let number = "invalid value: string \"much\", expected a number, \"+Inf\", \"-Inf\" or \"NaN\"";
    assert_eq!(refused("sum", json!("much")), number);
    let rule = "histogram `size`: there must be one count more than there are bounds";
    assert_eq!(refused("counts", json!([0, 1])), rule);
    assert_eq!(refused("bounds", json!([2.0, 1.0])), "histogram `size`: the bounds must ascend");
    let native =
        json!({ "schema": 9, "zero_threshold": 0.0, "zero_count": 0, "positive": [], "negative": [] });
    let rule = "histogram `size`: the schema of native buckets must be from -4 to 8";
    assert_eq!(refused("native", native), rule);
}
