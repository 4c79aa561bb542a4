//! Protobuf, decoded by prost.

use instrument_core::{Buckets, Exemplar, Registry};
use instrument_http::{EscapingScheme, ProtobufEncoder};

use crate::messages::{BucketSpan, Histogram, MetricFamily, decode};
use crate::registry::{Route, of_each_kind};

fn families(registry: &Registry) -> Vec<MetricFamily> {
    decode(&ProtobufEncoder::new().encode(registry))
}

/// The one histogram of a registry that was given these values.
fn histogram(buckets: Buckets, values: &[f64]) -> Histogram {
    let registry = Registry::new();
    let histogram = registry.histogram::<f64>("values", "").buckets(buckets).register().unwrap();
    values.iter().for_each(|&value| histogram.observe(value));
    families(&registry).remove(0).metric.remove(0).histogram.unwrap()
}

fn spans(spans: &[BucketSpan]) -> Vec<(i32, u32)> {
    spans.iter().map(|span| (span.offset.unwrap(), span.length.unwrap())).collect()
}

#[test]
fn each_kind_of_metric_has_the_name_and_type_of_the_text_format() {
    let shown: Vec<_> = families(&of_each_kind())
        .into_iter()
        .map(|family| (family.name.unwrap(), family.kind.unwrap()))
        .collect();
    let expected = [
        ("build_info", 1),
        ("depth", 1),
        ("drift", 4),
        ("latency_seconds", 4),
        ("load", 1),
        ("locked", 1),
        ("restarts_total", 0),
        ("sealed", 1),
        ("sent_bytes_total", 0),
        ("upload_bytes", 4),
    ];
    assert_eq!(shown, expected.map(|(name, kind)| (name.to_owned(), kind)));
}

#[test]
fn native_buckets_are_spans_and_differences_with_short_gaps_filled() {
    // Schema 0: bucket `i` ends at 2^i.
    let values = [1.0, 2.0, 2.0, 2.0, 16.0, 1024.0, 1024.0, -0.25, -0.5];
    let read = histogram(Buckets::native(0, 160), &values);
    assert_eq!((read.schema, read.zero_count), (Some(0), Some(0)));
    // 2^2 and 2^3 are empty and written; from 2^5 to 2^9 it is another span.
    assert_eq!(spans(&read.positive_span), [(0, 5), (5, 1)]);
    assert_eq!(read.positive_delta, [1, 2, -3, 0, 1, 1]);
    assert_eq!(spans(&read.negative_span), [(-2, 2)]);
    assert_eq!(read.negative_delta, [1, 0]);
    assert_eq!((read.count, read.sum), (Some(9), Some(values.iter().sum())));
}

#[test]
fn classic_buckets_stand_beside_native_ones() {
    let read = histogram(Buckets::explicit([1.0, 10.0]).and_native(3, 160), &[0.5, 5.0, 50.0]);
    let buckets: Vec<_> = read
        .bucket
        .iter()
        .map(|bucket| (bucket.upper_bound.unwrap(), bucket.cumulative_count.unwrap()))
        .collect();
    assert_eq!(buckets, [(1.0, 1), (10.0, 2), (f64::INFINITY, 3)]);
    assert_eq!(read.native_buckets()[1].len(), 3);
}

/// Prometheus 2.42 knows an empty native histogram by its zero threshold, Prometheus 3 by that or a span.
#[test]
fn an_empty_native_histogram_is_still_known_for_one() {
    for buckets in [Buckets::native(3, 160), Buckets::native(3, 160).zero_threshold(0.0)] {
        let read = histogram(buckets, &[]);
        assert_eq!(read.zero_threshold, Some(2_f64.powi(-128)));
        assert_eq!(spans(&read.positive_span), [(0, 0)]);
        assert!(read.positive_delta.is_empty());
    }
    let read = histogram(Buckets::native(3, 160).zero_threshold(0.0), &[0.0]);
    assert_eq!((read.zero_threshold, read.zero_count), (Some(0.0), Some(1)));
}

#[test]
fn a_classic_histogram_has_no_field_of_a_native_one() {
    let read = histogram(Buckets::explicit([1.0]), &[0.5]);
    assert_eq!((read.schema, read.zero_threshold, read.zero_count), (None, None, None));
    assert!(read.positive_span.is_empty() && read.exemplars.is_empty());
}

#[test]
fn exemplars_of_native_histograms_are_where_either_prometheus_looks() {
    let registry = Registry::new();
    let both = Buckets::explicit([1.0]).and_native(3, 160);
    for (name, buckets) in
        [("both", both), ("classic", Buckets::explicit([1.0])), ("native", Buckets::native(3, 160))]
    {
        let histogram = registry.histogram::<f64>(name, "").buckets(buckets).register().unwrap();
        histogram.observe_with(0.5, Exemplar::trace_id("low"));
        std::thread::sleep(std::time::Duration::from_millis(2)); // the clock must have moved on
        histogram.observe_with(2.0, Exemplar::trace_id("high"));
    }
    let value = |exemplar: &crate::messages::Exemplar| {
        assert!(exemplar.timestamp.as_ref().unwrap().seconds > Some(1_700_000_000));
        assert_eq!(exemplar.label[0].name.as_deref(), Some("trace_id"));
        exemplar.value.unwrap()
    };
    let shown = families(&registry).into_iter().map(|family| {
        let read = family.metric[0].histogram.clone().unwrap();
        let in_buckets: Vec<_> =
            read.bucket.iter().map(|bucket| bucket.exemplar.as_ref().map(value)).collect();
        (family.name.unwrap(), in_buckets, read.exemplars.iter().map(value).collect())
    });
    let expected = [
        ("both", vec![Some(0.5), Some(2.0)], vec![0.5, 2.0]),
        ("classic", vec![Some(0.5), Some(2.0)], vec![]),
        ("native", vec![Some(2.0)], vec![0.5, 2.0]),
    ];
    assert_eq!(
        shown.collect::<Vec<_>>(),
        expected.map(|(name, buckets, own)| (name.to_owned(), buckets, own))
    );
}

#[test]
fn counters_say_since_when_they_count_and_what_was_last() {
    let registry = Registry::new();
    let hits = registry.counter("hits", "").labels::<Route>().register().unwrap();
    hits.with(&Route { method: "GET", path: None }).inc_by_with(3, Exemplar::trace_id("4bf9"));
    let counter = families(&registry)[0].metric[0].counter.clone().unwrap();
    assert_eq!(counter.value, Some(3.0));
    assert_eq!(counter.exemplar.unwrap().value, Some(3.0));
    assert!(counter.created.unwrap().seconds > Some(1_700_000_000));
}

#[test]
fn names_are_escaped_by_the_scheme() {
    let registry = Registry::new();
    let hits = registry.counter("page_hits", "").labels::<Route>().register().unwrap();
    hits.with(&Route { method: "GET", path: None }).inc();
    let read = decode(&ProtobufEncoder::new().escaping(EscapingScheme::Dots).encode(&registry));
    assert_eq!(read[0].name.as_deref(), Some("page__hits__total"));
    assert_eq!(families(&registry)[0].name.as_deref(), Some("page_hits_total"));
}
