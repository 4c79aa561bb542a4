//! Registries, written by each encoder and read back by parsers that know nothing of it.
//!
//! `PROPTEST_CASES` says how many registries.

use instrument_core::{Description, FamilySnapshot, HistogramSnapshot, SeriesSnapshot, Snapshot, Value};
use instrument_http::{OpenMetricsEncoder, ProtobufEncoder, TextEncoder};
use proptest::prelude::*;
use proptest::test_runner::Config;

use crate::exposition::{self, Exemplars, Samples};
use crate::messages::{self, Metric};
use crate::{generate, parser};

/// What the samples of a text say, and their exemplars.
fn read(families: &[parser::Family]) -> (Samples, Exemplars) {
    let (mut samples, mut exemplars) = (Samples::new(), Exemplars::new());
    for sample in families.iter().flat_map(|family| &family.samples) {
        let labels = sample.labels.iter().map(|(name, value)| (&**name, &**value));
        let mut labels = exposition::labels(labels, None);
        for (name, value) in &mut labels {
            if name == "le" {
                *value = value.parse::<f64>().unwrap().to_string();
            }
        }
        let key = (sample.name.clone(), labels);
        if let Some(exemplar) = &sample.exemplar {
            let labels = exemplar.labels.iter().map(|(name, value)| (&**name, &**value));
            exemplars.insert(key.clone(), (exposition::labels(labels, None), exemplar.value.to_bits()));
            assert!(exemplar.time > 1e9 && exemplar.time < 1e11, "no time of today: {exemplar:?}");
        }
        assert!(samples.insert(key, sample.value.to_bits()).is_none(), "twice: {sample:?}");
    }
    (samples, exemplars)
}

/// Whether OpenMetrics lets a histogram have a sum.
fn may_have_sum(histogram: &HistogramSnapshot) -> bool {
    let no_negative_bound = histogram.bounds().iter().all(|&bound| bound >= 0.0);
    let no_negative_bucket = histogram.native().is_none_or(|native| native.negative().is_empty());
    no_negative_bound && no_negative_bucket && histogram.sum() >= 0.0
}

/// An exemplar is in the range of its bucket, and the spelling of bounds is the canonical one.
fn check_buckets(families: &[parser::Family]) {
    for family in families.iter().filter(|family| family.kind == "histogram") {
        let mut lower = f64::NEG_INFINITY;
        for sample in family.samples.iter().filter(|sample| sample.name.ends_with("_bucket")) {
            let bound = &sample.labels.iter().find(|(name, _)| name == "le").unwrap().1;
            assert!(bound == "+Inf" || bound.contains(['.', 'e']), "{bound}");
            let upper: f64 = bound.parse().unwrap();
            if let Some(exemplar) = &sample.exemplar {
                let value = exemplar.value;
                assert!(
                    value <= upper && (value > lower || lower == f64::NEG_INFINITY),
                    "{value} in ({lower}, {upper}]"
                );
            }
            lower = if upper.is_finite() { upper } else { f64::NEG_INFINITY };
        }
    }
}

fn check_metadata(families: &[parser::Family], snapshot: &Snapshot, is_openmetrics: bool) {
    let described = snapshot.families().iter().filter(|family| !family.series().is_empty());
    let described: Vec<_> = described.map(FamilySnapshot::description).collect();
    assert_eq!(families.len(), described.len());
    for (family, description) in families.iter().zip(described) {
        let help = family.help.as_deref().map(parser::unescaped).unwrap_or_default();
        assert_eq!(help, description.help);
        if is_openmetrics {
            assert_eq!((&family.name, &family.unit), (&description.name, &description.unit));
        } else {
            assert_eq!(family.name, description.exposed_name());
        }
    }
}

/// A series of a message against that of the picture.
fn check_metric(metric: &Metric, value: &Value) {
    match value {
        Value::Counter(value) => {
            let counter = metric.counter.as_ref().unwrap();
            assert_eq!(counter.value, Some(*value as f64));
            assert!(counter.created.as_ref().unwrap().seconds > Some(1_700_000_000));
        }
        Value::Gauge(value) => {
            let read = metric.gauge.as_ref().unwrap().value.unwrap();
            assert_eq!(read.to_bits(), value.to_bits());
        }
        Value::UpDownCounter(value) => {
            assert_eq!(metric.gauge.as_ref().unwrap().value, Some(*value as f64));
        }
        Value::Histogram(histogram) => {
            let read = metric.histogram.as_ref().unwrap();
            assert_eq!(read.count, Some(histogram.count()));
            assert_eq!(read.sum.unwrap().to_bits(), histogram.sum().to_bits());
            let buckets = read.bucket.iter();
            let buckets =
                buckets.map(|bucket| (bucket.upper_bound.unwrap(), bucket.cumulative_count.unwrap()));
            assert!(buckets.eq(histogram.buckets()));
            let Some(native) = histogram.native() else {
                assert_eq!((read.schema, read.zero_threshold), (None, None));
                return;
            };
            assert_eq!((read.schema, read.zero_count), (Some(native.schema()), Some(native.zero_count())));
            assert_eq!(read.native_buckets(), [native.negative(), native.positive()]);
            // By one of these Prometheus 2.42 knows a native histogram, and 3 by one of these or a span.
            let is_seen = !read.positive_delta.is_empty() || !read.negative_delta.is_empty();
            assert!(is_seen || native.zero_count() > 0 || read.zero_threshold > Some(0.0));
            assert!(native.count() > 0 || !read.positive_span.is_empty());
        }
        other => panic!("{other:?}"),
    }
}

fn check_messages(families: &[messages::MetricFamily], snapshot: &Snapshot) {
    let described = snapshot.families().iter().filter(|family| !family.series().is_empty());
    let described: Vec<_> = described.collect();
    assert_eq!(families.len(), described.len());
    for (family, described) in families.iter().zip(described) {
        let description = described.description();
        assert_eq!(family.name.as_deref(), Some(&*description.exposed_name()));
        assert_eq!(family.help.as_deref().unwrap_or_default(), description.help);
        assert_eq!(family.unit, description.unit);

        let mut metrics: Vec<_> = family.metric.iter().map(|metric| (metric.labels(), metric)).collect();
        metrics.sort_by(|(one, _), (other, _)| one.cmp(other));
        let mut expected: Vec<_> =
            described.series().iter().flat_map(|series| shown(description, series)).collect();
        expected.sort_by(|(one, _), (other, _)| one.cmp(other));
        assert!(metrics.iter().map(|(labels, _)| labels).eq(expected.iter().map(|(labels, _)| labels)));
        for ((_, metric), (_, value)) in metrics.iter().zip(&expected) {
            check_metric(metric, value);
        }
    }
}

/// What there is a metric of: the series, or each of its states as a gauge.
fn shown(family: &Description, series: &SeriesSnapshot) -> Vec<(Vec<(String, String)>, Value)> {
    let labels = |more| exposition::labels(series.labels(), more);
    match series.value() {
        Value::StateSet(states) => states
            .states()
            .map(|(state, active)| {
                (labels(Some((&*family.name, state.to_owned()))), Value::Gauge(f64::from(u8::from(active))))
            })
            .collect(),
        value => vec![(labels(None), value.clone())],
    }
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, max_shrink_time: 30_000, ..Config::default() })]

    #[test]
    fn what_is_written_is_what_is_read(families in generate::families()) {
        let registry = generate::registry(&families);
        let snapshot = registry.snapshot();

        let text = parser::classic(&TextEncoder::new().encode(&registry));
        check_metadata(&text, &snapshot, false);
        prop_assert_eq!(read(&text), (exposition::samples(&snapshot, |_| true), Exemplars::new()));

        let text = parser::open_metrics(&OpenMetricsEncoder::new().encode(&registry));
        check_metadata(&text, &snapshot, true);
        check_buckets(&text);
        let (samples, exemplars) = read(&text);
        prop_assert_eq!(samples, exposition::samples(&snapshot, may_have_sum));
        prop_assert_eq!(exemplars, exposition::exemplars(&snapshot));

        check_messages(&messages::decode(&ProtobufEncoder::new().encode(&registry)), &snapshot);
    }
}
