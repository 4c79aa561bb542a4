//! What does it cost to write 10,000 counter series and 1,000 histogram series of two labels as text?
//!
//! Each contender writes the whole text into memory it keeps from scrape to scrape, where it allows that, and each text is
//! checked before it is measured: 27,000 sample lines, and the right totals.

use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Throughput};
use instrument_benches::scrape::{
    COUNTERS, HELP, HISTOGRAMS, KeptLines, LABEL_NAMES, Series, Text, check, counters, histograms,
};
use instrument_benches::{LATENCY_BOUNDS_SECONDS, criterion};

fn main() {
    let mut criterion = criterion();
    let mut group = criterion.benchmark_group("scrape");
    group.sample_size(50);

    floor(&mut group);
    instrument(&mut group);
    prometheus(&mut group);
    prometheus_client(&mut group);
    metrics(&mut group);
    measured(&mut group);

    group.finish();
    criterion.final_summary();
}

/// Measures one contender. `write` appends the whole text to an empty buffer.
fn ask<T: Text>(group: &mut BenchmarkGroup<'_, WallTime>, contender: &str, mut write: impl FnMut(&mut T)) {
    let mut text = T::default();
    write(&mut text);
    if let Err(why) = check(&String::from_utf8_lossy(text.as_ref())) {
        panic!("{contender} does not write the same registry as the others: {why}");
    }
    group.throughput(Throughput::Bytes(text.as_ref().len() as u64));
    group.bench_function(contender, |bencher| {
        bencher.iter(|| {
            text.clear();
            write(&mut text);
            black_box(&text);
        });
    });
}

/// Its prefixes are taken from the text of one of the peers.
fn floor(group: &mut BenchmarkGroup<'_, WallTime>) {
    let text =
        prometheus::TextEncoder::new().encode_to_string(&filled_prometheus().gather()).expect("valid names");
    let lines = KeptLines::of(&text);
    ask(group, "floor_copied_prefixes", |text: &mut Vec<u8>| lines.write(text));
}

/// `encode_into` of both text encoders, which is what the endpoint calls.
fn instrument(group: &mut BenchmarkGroup<'_, WallTime>) {
    use std::time::Duration;

    use instrument_core::{Labels, Registry};
    use instrument_http::{OpenMetricsEncoder, TextEncoder};

    #[derive(Labels)]
    struct Request {
        route: String,
        tenant: String,
    }

    impl From<Series> for Request {
        fn from(Series { route, tenant }: Series) -> Self {
            Self { route, tenant }
        }
    }

    let registry = Registry::new();
    let counter_family =
        registry.counter(COUNTERS, HELP).labels::<Request>().register().expect("first of its name");
    for (series, value) in counters() {
        counter_family.with(&series.into()).inc_by(value);
    }
    let histogram_family = registry
        .histogram::<Duration>(HISTOGRAMS, HELP)
        .labels::<Request>()
        .register()
        .expect("first of its name");
    for (series, observed) in histograms() {
        let histogram = histogram_family.with(&series.into());
        observed.iter().for_each(|duration| histogram.observe(*duration));
    }
    let encoder = TextEncoder::new();
    ask(group, "instrument", |text: &mut Vec<u8>| encoder.encode_into(&registry, text));
    let encoder = OpenMetricsEncoder::new();
    ask(group, "instrument_openmetrics", |text: &mut Vec<u8>| encoder.encode_into(&registry, text));
}

/// `gather` and its `TextEncoder`, which is what its endpoint examples call.
fn prometheus(group: &mut BenchmarkGroup<'_, WallTime>) {
    use prometheus::TextEncoder;

    let registry = filled_prometheus();
    let encoder = TextEncoder::new();
    ask(group, "prometheus", |text: &mut String| {
        encoder.encode_utf8(&registry.gather(), text).expect("a String takes all");
    });
}

fn filled_prometheus() -> prometheus::Registry {
    use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, Opts, Registry};

    let registry = Registry::new();
    let counter_vec = IntCounterVec::new(Opts::new(COUNTERS, HELP), &LABEL_NAMES).expect("valid names");
    for (Series { route, tenant }, value) in counters() {
        counter_vec.with_label_values(&[route, tenant]).inc_by(value);
    }
    let options = HistogramOpts::new(HISTOGRAMS, HELP).buckets(LATENCY_BOUNDS_SECONDS.to_vec());
    let histogram_vec = HistogramVec::new(options, &LABEL_NAMES).expect("valid names and bounds");
    for (Series { route, tenant }, observed) in histograms() {
        let histogram = histogram_vec.with_label_values(&[route, tenant]);
        observed.iter().for_each(|duration| histogram.observe(duration.as_secs_f64()));
    }
    registry.register(Box::new(counter_vec)).expect("first of its name");
    registry.register(Box::new(histogram_vec)).expect("first of its name");
    registry
}

/// `encoding::text::encode`. It writes OpenMetrics text, which has the same sample lines.
fn prometheus_client(group: &mut BenchmarkGroup<'_, WallTime>) {
    use prometheus_client::encoding::{EncodeLabelSet, text::encode};
    use prometheus_client::metrics::{counter::Counter, family::Family, histogram::Histogram};
    use prometheus_client::registry::Registry;

    #[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
    struct Labels {
        route: String,
        tenant: String,
    }

    impl From<Series> for Labels {
        fn from(Series { route, tenant }: Series) -> Self {
            Self { route, tenant }
        }
    }

    let counter_family = Family::<Labels, Counter>::default();
    for (series, value) in counters() {
        counter_family.get_or_create(&series.into()).inc_by(value);
    }
    let histogram_family =
        Family::<Labels, Histogram>::new_with_constructor(|| Histogram::new(LATENCY_BOUNDS_SECONDS));
    for (series, observed) in histograms() {
        let histogram = histogram_family.get_or_create_owned(&series.into());
        observed.iter().for_each(|duration| histogram.observe(duration.as_secs_f64()));
    }
    let mut registry = Registry::default();
    registry.register(COUNTERS.trim_end_matches("_total"), HELP, counter_family); // it appends the suffix itself
    registry.register(HISTOGRAMS, HELP, histogram_family);

    ask(group, "prometheus_client", |text: &mut String| encode(text, &registry).expect("a String takes all"));
}

/// `render_to_write` of its Prometheus exporter. The first call empties the histograms' lists; upkeep does so in a service.
fn metrics(group: &mut BenchmarkGroup<'_, WallTime>) {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new()
        .set_buckets(&LATENCY_BOUNDS_SECONDS)
        .expect("bounds are given")
        .build_recorder();
    let handle = recorder.handle();
    metrics::with_local_recorder(&recorder, || {
        metrics::describe_counter!(COUNTERS, HELP);
        metrics::describe_histogram!(HISTOGRAMS, HELP);
        for (Series { route, tenant }, value) in counters() {
            metrics::counter!(COUNTERS, "route" => route, "tenant" => tenant).increment(value);
        }
        for (Series { route, tenant }, observed) in histograms() {
            let histogram = metrics::histogram!(HISTOGRAMS, "route" => route, "tenant" => tenant);
            observed.iter().for_each(|duration| histogram.record(*duration));
        }
    });
    ask(group, "metrics", |text: &mut Vec<u8>| handle.render_to_write(text).expect("a Vec takes all"));
}

/// `TextEncoder` over a kept buffer, with `ParaCord` label sets as in its own encoding benchmark.
fn measured(group: &mut BenchmarkGroup<'_, WallTime>) {
    use measured::metric::histogram::Thresholds;
    use measured::text::TextEncoder;
    use measured::{CounterVec, HistogramVec, LabelGroup, MetricGroup};

    #[derive(Clone, Copy, LabelGroup)]
    #[label(set = LabelsSet)]
    struct Labels<'a> {
        #[label(dynamic_with = paracord::ParaCord, default)]
        route: &'a str,
        #[label(dynamic_with = paracord::ParaCord, default)]
        tenant: &'a str,
    }

    /// The names and help texts are the same as the others'.
    #[derive(MetricGroup)]
    struct Metrics {
        /// What the scrape benchmark reads out.
        bench_requests_total: CounterVec<LabelsSet>,
        /// What the scrape benchmark reads out.
        bench_request_duration_seconds: HistogramVec<LabelsSet, { LATENCY_BOUNDS_SECONDS.len() }>,
    }

    let registry = Metrics {
        bench_requests_total: CounterVec::with_label_set(LabelsSet::default()),
        bench_request_duration_seconds: HistogramVec::with_metadata(Thresholds::with_buckets(
            LATENCY_BOUNDS_SECONDS,
        )),
    };
    for (Series { route, tenant }, value) in counters() {
        registry.bench_requests_total.inc_by(Labels { route: &route, tenant: &tenant }, value);
    }
    for (Series { route, tenant }, observed) in histograms() {
        for duration in observed {
            let labels = Labels { route: &route, tenant: &tenant };
            registry.bench_request_duration_seconds.observe_duration(labels, duration);
        }
    }
    ask(group, "measured", |text: &mut Vec<u8>| {
        let mut encoder = TextEncoder::new(text);
        registry.collect_group_into(&mut encoder).expect("a Vec takes all");
    });
}
