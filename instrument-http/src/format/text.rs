use std::ops::ControlFlow;

use instrument_core::{
    Description, HistogramSample, MetricKind, Registry, Sample, Series, StateSetSample, Visitor,
};

use super::escape::{push_help, push_label_value};
use super::number::{push_bound, push_integer, push_value};

/// Writes a registry in the Prometheus text format, version 0.0.4.
///
/// ```
/// use instrument_core::{Labels, Registry};
/// use instrument_http::TextEncoder;
///
/// #[derive(Labels)]
/// struct Language<'a> {
///     lang: &'a str,
/// }
///
/// let registry = Registry::new();
/// let served = registry.counter("quotes_served", "Quotations served.").labels::<Language>().register()?;
/// served.with(&Language { lang: "fr" }).inc_by(3);
/// registry.up_down_counter("readers", "Readers at the door.").register()?.inc();
///
/// assert_eq!(
///     TextEncoder::new().encode(&registry),
///     "\
/// ## HELP quotes_served_total Quotations served.
/// ## TYPE quotes_served_total counter
/// quotes_served_total{lang=\"fr\"} 3
/// ## HELP readers Readers at the door.
/// ## TYPE readers gauge
/// readers 1
/// "
/// );
/// # Ok::<(), instrument_core::Error>(())
/// ```
///
/// Families are written in the order of their names. One that has no series yet is left out, and so is an empty help text. Up-down
/// counters, infos and state sets are gauges here; a state set has a sample for each of its states.
#[derive(Debug, Clone, Copy, Default)]
pub struct TextEncoder {
    _private: (),
}

impl TextEncoder {
    /// What an answer in this format says in its `Content-Type` header.
    ///
    /// ```
    /// use instrument_core::Registry;
    /// use instrument_http::TextEncoder;
    ///
    /// // In whatever server there is.
    /// let page = http::Response::builder()
    ///     .header("content-type", TextEncoder::CONTENT_TYPE)
    ///     .body(TextEncoder::new().encode(Registry::global()))?;
    /// # Ok::<(), http::Error>(())
    /// ```
    pub const CONTENT_TYPE: &'static str = "text/plain; version=0.0.4; charset=utf-8";

    /// An encoder.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The whole text.
    #[must_use]
    pub fn encode(&self, registry: &Registry) -> String {
        let mut text = Vec::new();
        self.encode_into(registry, &mut text);
        // Names and values come from `str`, and nothing is cut: the text is UTF-8.
        String::from_utf8(text).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }

    /// Appends the text to a buffer, which can be kept for the next time.
    ///
    /// ```
    /// use instrument_core::Registry;
    /// use instrument_http::TextEncoder;
    ///
    /// let registry = Registry::new();
    /// registry.gauge("load", "").register()?.set(0.7);
    ///
    /// let mut page = Vec::new();
    /// for _ in 0..2 {
    ///     page.clear();
    ///     TextEncoder::new().encode_into(&registry, &mut page);
    ///     assert_eq!(page, b"# TYPE load gauge\nload 0.7\n");
    /// }
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn encode_into(&self, registry: &Registry, text: &mut Vec<u8>) {
        registry.visit(&mut TextWriter { text, family: FamilyText::default() });
    }
}

/// Whose label text a series keeps: that of all text formats.
struct TextLabels;

struct TextWriter<'a> {
    text: &'a mut Vec<u8>,
    family: FamilyText,
}

/// What the lines of a family have in common.
#[derive(Default)]
struct FamilyText {
    /// Whether its first sample, and the comments before it, were written.
    begun: bool,
    /// The name that its samples start with, without the suffixes of a histogram.
    name: String,
    bounds: BoundTexts,
}

/// The end of each bucket's labels, `le="0.005"} `, one behind the other.
#[derive(Default)]
struct BoundTexts {
    /// Those that the texts are of.
    bounds: Vec<f64>,
    text: Vec<u8>,
    /// Where each text ends.
    ends: Vec<usize>,
}

impl Visitor for TextWriter<'_> {
    fn family(&mut self, _: &Description) -> ControlFlow<()> {
        self.family.begun = false;
        ControlFlow::Continue(())
    }

    fn series(&mut self, family: &Description, series: &Series<'_>, sample: &Sample<'_>) -> ControlFlow<()> {
        if !self.family.begun {
            self.begin(family);
        }
        let labels = &*series.kept::<TextLabels>(label_text);
        match sample {
            Sample::Counter(value) => self.sample("", labels, |text| push_integer(text, *value)),
            Sample::UpDownCounter(value) => self.sample("", labels, |text| push_integer(text, *value)),
            Sample::FloatCounter(value) => self.sample("", labels, |text| push_value(text, *value)),
            Sample::Gauge(value) => self.sample("", labels, |text| push_value(text, *value)),
            Sample::Histogram(histogram) => self.histogram(labels, histogram),
            Sample::Info => self.sample("", labels, |text| text.push(b'1')),
            Sample::StateSet(states) => self.states(labels, states),
            // A kind that this crate does not know yet: it is of a newer instrument-core.
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

impl TextWriter<'_> {
    /// Writes the comments that precede a family's samples.
    fn begin(&mut self, family: &Description) {
        self.family.begun = true;
        self.family.name = family.exposed_name();
        let name = self.family.name.as_bytes();
        if !family.help.is_empty() {
            self.text.extend_from_slice(b"# HELP ");
            self.text.extend_from_slice(name);
            self.text.push(b' ');
            push_help(self.text, &family.help);
            self.text.push(b'\n');
        }
        self.text.extend_from_slice(b"# TYPE ");
        self.text.extend_from_slice(name);
        self.text.extend_from_slice(match family.kind {
            MetricKind::Counter => b" counter\n",
            // Prometheus has no type for what is 1 or 0.
            MetricKind::Gauge | MetricKind::UpDownCounter | MetricKind::Info | MetricKind::StateSet => {
                b" gauge\n"
            }
            MetricKind::Histogram => b" histogram\n",
            _ => b" untyped\n",
        });
    }

    /// Writes a sample without a bound.
    #[inline]
    fn sample(&mut self, suffix: &str, labels: &[u8], push_number: impl FnOnce(&mut Vec<u8>)) {
        let name = self.family.name.as_bytes();
        // Once for all the pieces.
        self.text.reserve(name.len() + suffix.len() + labels.len() + LONGEST_NUMBER);
        self.text.extend_from_slice(name);
        self.text.extend_from_slice(suffix.as_bytes());
        self.text.extend_from_slice(labels);
        self.text.extend_from_slice(if labels.is_empty() { b" " } else { b"} " });
        push_number(self.text);
        self.text.push(b'\n');
    }

    /// Writes a sample for each state: the label that tells them apart has the name of the family.
    fn states(&mut self, labels: &[u8], states: &StateSetSample<'_>) {
        let mut with_state = labels.to_vec();
        for (name, active) in states.states() {
            with_state.truncate(labels.len());
            push_label(&mut with_state, &self.family.name, name);
            self.sample("", &with_state, |text| text.push(if active { b'1' } else { b'0' }));
        }
    }

    fn histogram(&mut self, labels: &[u8], histogram: &HistogramSample<'_>) {
        self.family.bounds.prepare(histogram.bounds());
        self.buckets(labels, histogram);
        self.sample("_sum", labels, |text| push_value(text, histogram.sum()));
        self.sample("_count", labels, |text| push_integer(text, histogram.count()));
    }

    fn buckets(&mut self, labels: &[u8], histogram: &HistogramSample<'_>) {
        let FamilyText { name, bounds, .. } = &self.family;
        let text = &mut *self.text;
        let start = text.len();
        text.extend_from_slice(name.as_bytes());
        text.extend_from_slice(b"_bucket");
        text.extend_from_slice(labels);
        text.push(if labels.is_empty() { b'{' } else { b',' });
        let prefix = start..text.len();
        text.reserve(bounds.ends.len() * (prefix.len() + LONGEST_NUMBER) + bounds.text.len());

        let mut bound_start = 0;
        for (&bound_end, (_, count)) in bounds.ends.iter().zip(histogram.cumulated()) {
            if bound_start > 0 {
                text.extend_from_within(prefix.clone());
            }
            text.extend_from_slice(&bounds.text[bound_start..bound_end]);
            push_integer(text, count);
            text.push(b'\n');
            bound_start = bound_end;
        }
    }
}

/// Room for a number and what stands around it. A float takes at most 24 bytes.
const LONGEST_NUMBER: usize = 32;

impl BoundTexts {
    /// Makes the texts, unless they are those of the series before.
    fn prepare(&mut self, bounds: &[f64]) {
        if self.bounds == bounds && !self.ends.is_empty() {
            return;
        }
        self.bounds = bounds.to_vec();
        self.text.clear();
        self.ends.clear();
        for &bound in bounds.iter().chain(&[f64::INFINITY]) {
            self.text.extend_from_slice(b"le=\"");
            push_bound(&mut self.text, bound);
            self.text.extend_from_slice(b"\"} ");
            self.ends.push(self.text.len());
        }
    }
}

/// The labels up to the closing brace, for a bucket has one more to add: `{method="GET",path="/"`. Nothing without labels.
fn label_text(series: &Series<'_>) -> Vec<u8> {
    let mut text = Vec::new();
    for (name, value) in series.labels() {
        push_label(&mut text, name, value);
    }
    text
}

fn push_label(text: &mut Vec<u8>, name: &str, value: &str) {
    text.push(if text.is_empty() { b'{' } else { b',' });
    text.extend_from_slice(name.as_bytes());
    text.extend_from_slice(b"=\"");
    push_label_value(text, value);
    text.push(b'"');
}
