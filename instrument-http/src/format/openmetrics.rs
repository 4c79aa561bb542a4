use instrument_core::{Description, HistogramSample, MetricKind, RecordedExemplar, Registry, Sample, Series};

use super::escape::push_label_value;
use super::exemplars::{Exemplars, exemplar_labels};
use super::labels::{label_text, push_label};
use super::lines::SampleLines;
use super::number::{push_canonical_bound, push_integer, push_time, push_value};
use super::page::{Encode, Page};
use super::scheme::EscapingScheme;
use super::text::text_of;
use super::time::SinceEpoch;

/// Writes a registry in OpenMetrics text, version 1.0.0: what the text format has, and units, infos, state sets and exemplars.
///
/// ```
/// use instrument_core::Registry;
/// use instrument_http::OpenMetricsEncoder;
///
/// let registry = Registry::new();
/// registry.counter("sent", "Bytes sent.").unit("bytes").register()?.inc_by(42);
/// registry.state_set::<bool>("door_open", "Whether it is.").register()?.set(&true);
///
/// assert_eq!(
///     OpenMetricsEncoder::new().encode(&registry),
///     "\
/// ## TYPE door_open stateset
/// ## HELP door_open Whether it is.
/// door_open{door_open=\"false\"} 0
/// door_open{door_open=\"true\"} 1
/// ## TYPE sent_bytes counter
/// ## UNIT sent_bytes bytes
/// ## HELP sent_bytes Bytes sent.
/// sent_bytes_total 42
/// ## EOF
/// "
/// );
/// # Ok::<(), instrument_core::Error>(())
/// ```
///
/// Families are written in the order of their names. One that has no series yet is left out, and so is an empty help text. Up-down counters are
/// gauges. A bucket and a counter show their last exemplar; of a histogram with native buckets alone its `+Inf` bucket shows the latest.
///
/// A histogram that has bounds or native buckets below zero, or a sum there, shows neither sum nor count beside its buckets: the sum could go down, which
/// the specification allows no sum to do.
///
/// Source: [OpenMetrics 1.0](https://prometheus.io/docs/specs/om/open_metrics_spec/).
#[derive(Debug, Clone, Copy, Default)]
pub struct OpenMetricsEncoder {
    scheme: EscapingScheme,
    created: bool,
}

impl OpenMetricsEncoder {
    /// What an answer in this format says in its `Content-Type` header.
    pub const CONTENT_TYPE: &'static str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /// An encoder.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets what becomes of names that version 1.0.0 does not have; [`EscapingScheme::Underscores`] otherwise.
    #[must_use]
    pub fn escaping(mut self, scheme: EscapingScheme) -> Self {
        self.scheme = scheme;
        self
    }

    /// Sets whether counters and histograms have a sample `_created`, which says when they began to count; `false` otherwise, as Prometheus up to
    /// version 2 takes each for a series of its own.
    ///
    /// ```
    /// use instrument_core::Registry;
    /// use instrument_http::OpenMetricsEncoder;
    ///
    /// let registry = Registry::new();
    /// registry.counter("jobs", "").register()?;
    /// let text = OpenMetricsEncoder::new().created(true).encode(&registry);
    /// assert!(text.starts_with("# TYPE jobs counter\njobs_total 0\njobs_created 1"));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[must_use]
    pub fn created(mut self, shown: bool) -> Self {
        self.created = shown;
        self
    }

    /// The whole text.
    #[must_use]
    pub fn encode(&self, registry: &Registry) -> String {
        text_of(|text| self.encode_into(registry, text))
    }

    /// Appends the text to a buffer, which can be kept for the next time.
    pub fn encode_into(&self, registry: &Registry, text: &mut Vec<u8>) {
        self.page(registry).write_all(text);
    }

    pub(crate) fn page(&self, registry: &Registry) -> Page<OpenMetricsEncoding> {
        let lines = SampleLines::new(self.scheme, push_canonical_bound);
        Page::new(registry, OpenMetricsEncoding { lines, created: self.created })
    }
}

#[derive(Debug)]
pub(crate) struct OpenMetricsEncoding {
    lines: SampleLines,
    created: bool,
}

impl Encode for OpenMetricsEncoding {
    fn begin(&mut self, text: &mut Vec<u8>, family: &Description) {
        self.lines.begin(&family.exposed_name(), suffix(family.kind));
        self.comment(text, "TYPE", |text| {
            text.extend_from_slice(match family.kind {
                MetricKind::Counter => b"counter",
                MetricKind::Gauge | MetricKind::UpDownCounter => b"gauge",
                MetricKind::Histogram => b"histogram",
                MetricKind::Info => b"info",
                MetricKind::StateSet => b"stateset",
                _ => b"unknown",
            });
        });
        if let Some(unit) = &family.unit {
            self.comment(text, "UNIT", |text| text.extend_from_slice(unit.as_bytes()));
        }
        if !family.help.is_empty() {
            self.comment(text, "HELP", |text| push_label_value(text, &family.help));
        }
    }

    #[inline]
    fn series(&mut self, text: &mut Vec<u8>, family: &Description, series: &Series<'_>, sample: &Sample<'_>) {
        let lines = &self.lines;
        let labels = &*label_text(series, lines.scheme());
        let suffix = suffix(family.kind);
        match sample {
            Sample::Counter(value) => {
                lines.push_sample(text, suffix, labels, |text| push_integer(text, *value));
                if let [exemplar, ..] = &*series.exemplars() {
                    push_exemplar(text, exemplar);
                }
                text.push(b'\n');
                self.created(text, labels, series);
            }
            Sample::FloatCounter(value) => {
                lines.sample(text, suffix, labels, |text| push_value(text, *value));
                self.created(text, labels, series);
            }
            Sample::UpDownCounter(value) => {
                lines.sample(text, suffix, labels, |text| push_integer(text, *value));
            }
            Sample::Gauge(value) => lines.sample(text, suffix, labels, |text| push_value(text, *value)),
            Sample::Histogram(histogram) => self.histogram(text, labels, series, histogram),
            Sample::Info => lines.sample(text, suffix, labels, |text| text.push(b'1')),
            Sample::StateSet(states) => lines.states(text, labels, &family.name, states),
            // A kind that this crate does not know yet: it is of a newer instrument-core.
            _ => {}
        }
    }

    fn finish(&mut self, text: &mut Vec<u8>) {
        text.extend_from_slice(b"# EOF\n");
    }
}

/// What the samples of a kind have behind the family's name.
fn suffix(kind: MetricKind) -> &'static str {
    match kind {
        MetricKind::Counter => "_total",
        MetricKind::Info => "_info",
        _ => "",
    }
}

impl OpenMetricsEncoding {
    fn comment(&self, text: &mut Vec<u8>, keyword: &str, push_value: impl FnOnce(&mut Vec<u8>)) {
        text.extend_from_slice(b"# ");
        text.extend_from_slice(keyword.as_bytes());
        text.push(b' ');
        self.lines.push_name(text);
        text.push(b' ');
        push_value(text);
        text.push(b'\n');
    }

    fn histogram(
        &mut self,
        text: &mut Vec<u8>,
        labels: &[u8],
        series: &Series<'_>,
        histogram: &HistogramSample<'_>,
    ) {
        let exemplars = Exemplars::of(series);
        self.lines.buckets(text, labels, histogram, |text, bucket| {
            if let Some(exemplar) = exemplars.in_bucket(bucket) {
                push_exemplar(text, exemplar);
            }
        });
        if sum_only_grows(histogram) {
            self.lines.sample(text, "_sum", labels, |text| push_value(text, histogram.sum()));
            self.lines.sample(text, "_count", labels, |text| push_integer(text, histogram.count()));
        }
        self.created(text, labels, series);
    }

    /// Appends when a series began to count, if that is known and to be shown.
    fn created(&self, text: &mut Vec<u8>, labels: &[u8], series: &Series<'_>) {
        if let Some(time) = series.created().filter(|_| self.created).and_then(SinceEpoch::of) {
            self.lines.sample(text, "_created", labels, |text| push_time(text, time));
        }
    }
}

/// Whether a histogram shows that it has had no values below zero. Sums of others, and counts beside them, are not allowed.
///
/// Source: OpenMetrics 1.0, section "Histogram".
fn sum_only_grows(histogram: &HistogramSample<'_>) -> bool {
    let has_negative_bound = histogram.bounds().first().is_some_and(|&bound| bound < 0.0);
    let has_negative_values = histogram.native().is_some_and(|native| !native.negative().is_empty());
    // Not a number, as infinities of both signs make it, is no sum either.
    !has_negative_bound && !has_negative_values && histogram.sum() >= 0.0
}

/// Appends ` # {trace_id="4bf9"} 0.3 1700000000.123`. No scheme changes the names in exemplars.
fn push_exemplar(text: &mut Vec<u8>, exemplar: &RecordedExemplar) {
    let mut labels = Vec::new();
    for (name, value) in exemplar_labels(exemplar) {
        push_label(&mut labels, name, value, EscapingScheme::AllowUtf8);
    }
    text.extend_from_slice(b" # ");
    text.extend_from_slice(if labels.is_empty() { b"{" } else { &labels });
    text.extend_from_slice(b"} ");
    push_value(text, exemplar.value());
    if let Some(time) = SinceEpoch::of(exemplar.time()) {
        text.push(b' ');
        push_time(text, time);
    }
}
