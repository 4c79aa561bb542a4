//! What the text format looks like, against files that `promtool check metrics` and prometheus_client's parser have read.

use instrument_core::{Buckets, Registry};
use instrument_http::TextEncoder;

use crate::registry::{Route, of_each_kind};

fn text(registry: &Registry) -> String {
    TextEncoder::new().encode(registry)
}

#[test]
fn each_kind_of_metric_is_written_as_prometheus_has_it() {
    assert_eq!(text(&of_each_kind()), include_str!("kinds.txt"));
}

#[test]
fn odd_text_is_escaped_in_labels_and_in_help() {
    let registry = Registry::builder().prefix("app").constant_label("host", "a\"b\\c\nd").build().unwrap();
    let odd = registry.counter("odd", "Back\\slash, \"quotes\"\nand a second line.").labels::<Route>();
    let odd = odd.register().unwrap();
    for path in ["\"", "\\", "\n", "\\n", "\t", "é ✓ 🦀", "{}=,# TYPE"] {
        odd.with(&Route { method: "GET", path: Some(path) }).inc();
    }
    assert_eq!(text(&registry), include_str!("odd.txt"));
}

#[test]
fn gauges_that_are_not_finite_have_prometheus_names() {
    let registry = Registry::new();
    for (name, value) in
        [("nan", f64::NAN), ("plus", f64::INFINITY), ("minus", f64::NEG_INFINITY), ("tiny", 5e-324)]
    {
        registry.gauge(name, "").register().unwrap().set(value);
    }
    let expected = "# TYPE minus gauge\nminus -Inf\n# TYPE nan gauge\nnan NaN\n# TYPE plus gauge\nplus +Inf\n\
                    # TYPE tiny gauge\ntiny 5e-324\n";
    assert_eq!(text(&registry), expected);
}

#[test]
fn a_label_without_value_is_left_out() {
    let registry = Registry::new();
    let hits = registry.counter("hits", "").labels::<Route>().register().unwrap();
    hits.with(&Route { method: "GET", path: None }).inc();
    hits.with(&Route { method: "", path: None }).inc();
    assert_eq!(text(&registry), "# TYPE hits_total counter\nhits_total{method=\"GET\"} 1\nhits_total 1\n");
}

#[test]
fn a_family_without_series_is_left_out() {
    let registry = Registry::new();
    let _ = registry.counter("hits", "Hits.").labels::<Route>().register().unwrap();
    let gone = registry.gauge("seen", "Seen.").labels::<Route>().register().unwrap();
    gone.with(&Route { method: "GET", path: None }).set(1.0);
    gone.remove(&Route { method: "GET", path: None });
    assert_eq!(text(&registry), "");
}

#[test]
fn the_second_text_is_as_the_first_but_for_the_numbers() {
    let registry = Registry::new();
    let times = registry.histogram::<u64>("items", "").labels::<Route>().register().unwrap();
    times.with(&Route { method: "GET", path: Some("/a") }).observe(3);
    let mut buffer = Vec::new();
    TextEncoder::new().encode_into(&registry, &mut buffer);
    let first = String::from_utf8(buffer.clone()).unwrap();

    times.with(&Route { method: "GET", path: Some("/b") }).observe(70);
    buffer.clear();
    TextEncoder::new().encode_into(&registry, &mut buffer);
    let second = String::from_utf8(buffer).unwrap();
    assert!(second.starts_with(&first), "{second}");
    assert!(second.ends_with("items_count{method=\"GET\",path=\"/b\"} 1\n"), "{second}");
    // The bounds 4, 16 and 64 of what came second.
    assert!(second.contains("path=\"/b\",le=\"64\"} 0\n") && second.contains("path=\"/b\",le=\"256\"} 1\n"));
}

#[test]
fn bounds_are_those_of_the_family_that_is_written() {
    let registry = Registry::new();
    for (name, bounds) in [("one", vec![1.0, 2.0]), ("three", vec![3.0]), ("two", vec![1.0, 2.0])] {
        let buckets = Buckets::explicit(bounds);
        registry.histogram::<u64>(name, "").buckets(buckets).register().unwrap().observe(2);
    }
    let text = text(&registry);
    let buckets: Vec<&str> = text.lines().filter(|line| line.contains("_bucket")).collect();
    let expected = [
        "one_bucket{le=\"1\"} 0",
        "one_bucket{le=\"2\"} 1",
        "one_bucket{le=\"+Inf\"} 1",
        "three_bucket{le=\"3\"} 1",
        "three_bucket{le=\"+Inf\"} 1",
        "two_bucket{le=\"1\"} 0",
        "two_bucket{le=\"2\"} 1",
        "two_bucket{le=\"+Inf\"} 1",
    ];
    assert_eq!(buckets, expected);
}
