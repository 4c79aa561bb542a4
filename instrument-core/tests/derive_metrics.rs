//! `#[derive(Metrics)]`: what the fields of a struct are registered as.
#![cfg(feature = "macros")]

use std::time::Duration;

use instrument_core::{
    Buckets, Counter, Error, Family, Gauge, Histogram, HistogramValue, Labels, MetricKind, Metrics, Registry,
    UpDownCounter,
};

#[derive(Labels)]
struct Language<'a> {
    lang: &'a str,
}

const MAX_LANGUAGES: usize = 2;

#[derive(Metrics)]
#[metrics(prefix = "quotes")]
struct QuoteMetrics {
    /// Quotations served,
    /// by language.
    ///
    /// Since start.
    #[metric(max_series = MAX_LANGUAGES)]
    served: Family<Language<'static>, Counter>,
    /** Quotations stored. */
    stored: Gauge,
    /// Not what is shown.
    #[metric(help = "Readers connected.", name = "readers_now")]
    readers: UpDownCounter,
    /// How long a quotation took.
    #[metric(buckets = Buckets::explicit([0.1, 1.0]))]
    took: Histogram<Duration>,
    /// How long a quotation is.
    #[metric(unit = "bytes")]
    r#type: Histogram<u64>,
}

#[test]
fn every_field_is_a_metric_of_its_name_and_kind() {
    let registry = Registry::new();
    let metrics = QuoteMetrics::register(&registry).unwrap();
    metrics.stored.set(60.0);
    metrics.readers.inc();
    metrics.took.observe(Duration::from_millis(500));
    metrics.r#type.observe(100);

    let snapshot = registry.snapshot();
    let kinds: Vec<_> = snapshot
        .families()
        .iter()
        .filter(|family| family.description().name.starts_with("quotes"))
        .map(|family| (family.description().exposed_name(), family.description().kind))
        .collect();
    assert_eq!(
        kinds,
        [
            ("quotes_readers_now".to_owned(), MetricKind::UpDownCounter),
            ("quotes_served_total".to_owned(), MetricKind::Counter),
            ("quotes_stored".to_owned(), MetricKind::Gauge),
            ("quotes_took_seconds".to_owned(), MetricKind::Histogram),
            ("quotes_type_bytes".to_owned(), MetricKind::Histogram),
        ]
    );
    assert_eq!(snapshot.gauge("quotes_stored", &[]), Some(60.0));
    assert_eq!(snapshot.up_down_counter("quotes_readers_now", &[]), Some(1));
    assert_eq!(snapshot.histogram("quotes_took_seconds", &[]).unwrap().counts(), [0, 1, 0]);
    assert_eq!(snapshot.histogram("quotes_type_bytes", &[]).unwrap().sum(), 100.0);
}

#[test]
fn doc_comments_are_the_help() {
    let registry = Registry::new();
    let metrics = QuoteMetrics::register(&registry).unwrap();
    metrics.served.with(&Language { lang: "fr" }).inc();
    let snapshot = registry.snapshot();
    let help = |name| snapshot.family(name).unwrap().description().help.clone();
    assert_eq!(help("quotes_served"), "Quotations served, by language. Since start.");
    assert_eq!(help("quotes_stored"), "Quotations stored.");
    assert_eq!(help("quotes_readers_now"), "Readers connected.");
}

#[test]
fn max_series_bounds_the_family() {
    let registry = Registry::new();
    let served = QuoteMetrics::register(&registry).unwrap().served;
    for lang in ["fr", "de", "it", "es"] {
        served.with(&Language { lang }).inc();
    }
    let snapshot = registry.snapshot();
    let count = |lang| snapshot.counter("quotes_served_total", &[("lang", lang)]);
    assert_eq!(
        (count("fr"), count("de"), count("it"), count("__overflow__")),
        (Some(1), Some(1), None, Some(2))
    );
}

#[test]
fn an_error_of_registration_is_handed_on() {
    let registry = Registry::new();
    registry.counter("quotes_stored", "Another metric.").register().unwrap();
    let error = QuoteMetrics::register(&registry).err().unwrap();
    assert!(matches!(&error, Error::Conflict { name, .. } if name.contains("quotes_stored")), "{error}");
}

#[test]
fn without_a_prefix_the_names_are_the_fields() {
    #[derive(Metrics)]
    struct Jobs {
        /// Jobs run.
        jobs: Counter,
    }

    let registry = Registry::new();
    Jobs::register(&registry).unwrap().jobs.inc();
    assert_eq!(registry.snapshot().counter("jobs_total", &[]), Some(1));
}

#[test]
fn structs_may_be_generic() {
    #[derive(Metrics)]
    struct Sizes<L: Labels, V>
    where
        V: HistogramValue,
    {
        /// Sizes.
        sizes: Histogram<V>,
        /// Sizes refused.
        refused: Family<L, Counter>,
    }

    let registry = Registry::new();
    let metrics = Sizes::<Language<'_>, u64>::register(&registry).unwrap();
    metrics.sizes.observe(3);
    metrics.refused.with(&Language { lang: "fr" }).inc();
    assert_eq!(registry.snapshot().histogram("sizes", &[]).unwrap().count(), 1);
}

mod elsewhere {
    pub(crate) use ::instrument_core as metrics;
}

#[test]
fn the_library_may_be_found_elsewhere() {
    #[derive(Metrics)]
    #[metrics(crate = elsewhere::metrics)]
    struct Jobs {
        /// Jobs run.
        jobs: Counter,
    }

    assert!(Jobs::register(&Registry::new()).is_ok_and(|metrics| metrics.jobs.get() == 0));
}
