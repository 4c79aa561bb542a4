use std::time::Duration;

use instrument_core::{Buckets, Exemplar, Labels, Registry, Snapshot};
use serde_json::json;

#[derive(Labels)]
struct Served<'a> {
    lang: &'a str,
    source: &'a str,
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
    registry.counter("without_series", "").labels::<Served>().register().unwrap();
    registry.snapshot()
}

#[test]
fn what_is_read_is_what_was_written() {
    let snapshot = example();
    let text = serde_json::to_string(&snapshot).unwrap();
    assert_eq!(serde_json::from_str::<Snapshot>(&text).unwrap(), snapshot);
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
                "series": [{ "labels": { "lang": "fr", "source": "disk" }, "value": { "counter": 1 } }],
            },
            {
                "description": {
                    "given_name": "size", "name": "size_bytes", "help": "", "unit": "bytes", "kind": "histogram",
                },
                "series": [{
                    "labels": {},
                    "value": { "histogram": { "bounds": [1.0, 2.0], "counts": [0, 1, 0], "sum": 2.0, "not_numbers": 0 } },
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

#[test]
fn a_number_that_is_none_is_refused() {
    let registry = Registry::new();
    registry.gauge("load", "").register().unwrap();
    let mut written = serde_json::to_value(registry.snapshot()).unwrap();
    written["families"][0]["series"][0]["value"]["gauge"] = json!("much");
    let error = serde_json::from_value::<Snapshot>(written).unwrap_err();
    assert_eq!(
        error.to_string(),
        "invalid value: string \"much\", expected a number, \"+Inf\", \"-Inf\" or \"NaN\""
    );
}
