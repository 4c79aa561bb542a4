//! OpenMetrics text, against a file that prometheus_client's strict parser has read.

use std::time::Duration;

use instrument_core::{Buckets, Exemplar, Registry};
use instrument_http::{EscapingScheme, OpenMetricsEncoder};

use crate::registry::{Route, of_each_kind};

fn text(registry: &Registry) -> String {
    OpenMetricsEncoder::new().encode(registry)
}

/// The lines with a word in them.
fn lines_with<'t>(text: &'t str, word: &str) -> Vec<&'t str> {
    text.lines().filter(|line| line.contains(word)).collect()
}

#[test]
fn each_kind_of_metric_is_written_as_openmetrics_has_it() {
    assert_eq!(text(&of_each_kind()), include_str!("kinds.openmetrics"));
}

#[test]
fn an_empty_registry_has_its_end_marked() {
    assert_eq!(text(&Registry::new()), "# EOF\n");
}

#[test]
fn help_escapes_quotes_too() {
    let registry = Registry::new();
    registry.gauge("odd", "Back\\slash, \"quotes\"\nand a second line.").register().unwrap();
    let expected = "# HELP odd Back\\\\slash, \\\"quotes\\\"\\nand a second line.";
    assert_eq!(lines_with(&text(&registry), "HELP"), [expected]);
}

#[test]
fn exemplars_stand_behind_the_counter_and_the_bucket_that_they_are_of() {
    let registry = Registry::new();
    let hits = registry.counter("hits", "").labels::<Route>().register().unwrap();
    hits.with(&Route { method: "GET", path: None })
        .inc_by_with(3, Exemplar::new([("trace_id", "a\"b"), ("span_id", "c")]));
    let lookup = registry
        .histogram::<Duration>("lookup", "")
        .buckets(Buckets::explicit([0.25, 0.5]))
        .register()
        .unwrap();
    lookup.observe_with(Duration::from_millis(500), Exemplar::trace_id("4bf9"));
    lookup.observe_with(Duration::from_millis(600), Exemplar::new([] as [(&str, &str); 0]));

    let text = text(&registry);
    // The times are of today.
    let lines: Vec<_> =
        lines_with(&text, " # ").into_iter().map(|line| line.rsplit_once(' ').unwrap().0).collect();
    assert_eq!(
        lines,
        [
            r#"hits_total{method="GET"} 3 # {trace_id="a\"b",span_id="c"} 3"#,
            r#"lookup_seconds_bucket{le="0.5"} 1 # {trace_id="4bf9"} 0.5"#,
            r#"lookup_seconds_bucket{le="+Inf"} 2 # {} 0.6"#,
        ]
    );
}

#[test]
fn native_buckets_alone_are_one_bucket_that_shows_the_latest_exemplar() {
    let registry = Registry::new();
    let items = registry.histogram::<u64>("items", "").buckets(Buckets::native(3, 160)).register().unwrap();
    for value in [1000, 7] {
        items.observe_with(value, Exemplar::trace_id(value));
        std::thread::sleep(Duration::from_millis(2)); // the clock must have moved on
    }
    let text = text(&registry);
    let expected = "items_bucket{le=\"+Inf\"} 2 # {trace_id=\"7\"} 7 ";
    assert!(lines_with(&text, "_bucket")[0].starts_with(expected), "{text}");
    assert_eq!(lines_with(&text, "_bucket").len(), 1);
    assert!(text.ends_with("items_sum 1007\nitems_count 2\n# EOF\n"), "{text}");
}

#[test]
fn a_sum_that_can_go_down_is_left_out_with_the_count() {
    let registry = Registry::new();
    for (name, bounds, values) in [
        ("bound_below_zero", vec![-1.0, 1.0], vec![0.5]),
        ("value_below_zero", vec![0.0, 1.0], vec![0.5, -3.0]),
        ("no_number", vec![1.0], vec![f64::INFINITY, f64::NEG_INFINITY]),
        ("positive", vec![0.0, 1.0], vec![0.5, f64::INFINITY]),
    ] {
        let histogram =
            registry.histogram::<f64>(name, "").buckets(Buckets::explicit(bounds)).register().unwrap();
        values.into_iter().for_each(|value| histogram.observe(value));
    }
    let text = text(&registry);
    assert_eq!(lines_with(&text, "_sum "), ["positive_sum +Inf"]);
    assert_eq!(lines_with(&text, "_count "), ["positive_count 2"]);
    assert_eq!(lines_with(&text, "le=\"+Inf\"").len(), 4);
}

#[test]
fn since_when_a_series_counts_is_shown_to_who_wants_it() {
    let registry = Registry::new();
    let hits = registry.counter("hits", "").labels::<Route>().register().unwrap();
    hits.with(&Route { method: "GET", path: None }).inc();
    registry.histogram::<u64>("items", "").buckets(Buckets::explicit([1.0])).register().unwrap().observe(1);
    registry.gauge("load", "").register().unwrap();
    assert_eq!(lines_with(&text(&registry), "_created"), [""; 0]);

    let text = OpenMetricsEncoder::new().created(true).encode(&registry);
    let created = lines_with(&text, "_created");
    assert_eq!(created.len(), 2);
    for (line, start) in created.iter().zip(["hits_created{method=\"GET\"} ", "items_created "]) {
        let time: f64 = line.strip_prefix(start).unwrap_or_else(|| panic!("{line}")).parse().unwrap();
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs_f64();
        assert!((now - time).abs() < 3600.0, "{line}");
    }
    let after = text.lines().position(|line| line.starts_with("hits_created"));
    assert_eq!(after, Some(2), "{text}");
}

#[test]
fn names_with_dots_for_underscores_keep_their_suffixes() {
    let registry = Registry::new();
    let sent = registry.counter("data_sent", "").unit("bytes").labels::<Route>().register().unwrap();
    sent.with(&Route { method: "GET", path: None }).inc_with(Exemplar::trace_id("4bf9"));
    registry.info("build", "").label("rust_version", "1").register().unwrap();
    registry
        .histogram::<u64>("row_count", "")
        .buckets(Buckets::explicit([1.0]))
        .register()
        .unwrap()
        .observe(1);
    let text = OpenMetricsEncoder::new().escaping(EscapingScheme::Dots).encode(&registry);
    // No scheme changes the names in exemplars.
    let (_, time) = text.split_once(" # {trace_id=\"4bf9\"} 1 ").unwrap_or_else(|| panic!("{text}"));
    let exemplar = format!(" # {{trace_id=\"4bf9\"}} 1 {}", time.split_once('\n').unwrap().0);
    assert_eq!(
        text.replace(&exemplar, ""),
        "# TYPE build_ info\nbuild__info{rust__version=\"1\"} 1\n\
         # TYPE data__sent__bytes_ counter\n# UNIT data__sent__bytes_ bytes\n\
         data__sent__bytes__total{method=\"GET\"} 1\n\
         # TYPE row__count histogram\nrow__count_bucket{le=\"1.0\"} 1\nrow__count_bucket{le=\"+Inf\"} 1\n\
         row__count_sum 1\nrow__count_count 1\n# EOF\n"
    );
}
