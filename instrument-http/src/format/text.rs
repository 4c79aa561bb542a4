use instrument_core::{Description, HistogramSample, MetricKind, Registry, Sample, Series};

use super::escape::push_help;
use super::labels::label_text;
use super::lines::SampleLines;
use super::number::{push_bound, push_integer, push_value};
use super::page::{Encode, Page};
use super::scheme::EscapingScheme;

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
    scheme: EscapingScheme,
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

    /// Sets what becomes of names that version 0.0.4 does not have; [`EscapingScheme::Underscores`] otherwise. Names between quotes are of version 1.0.0, which
    /// differs in nothing else.
    #[must_use]
    pub fn escaping(mut self, scheme: EscapingScheme) -> Self {
        self.scheme = scheme;
        self
    }

    /// The whole text.
    #[must_use]
    pub fn encode(&self, registry: &Registry) -> String {
        text_of(|text| self.encode_into(registry, text))
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
        self.page(registry).write_all(text);
    }

    pub(crate) fn page(&self, registry: &Registry) -> Page<TextEncoding> {
        Page::new(registry, TextEncoding { lines: SampleLines::new(self.scheme, push_bound) })
    }
}

/// What is appended to a buffer, which is text.
pub(super) fn text_of(append: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut text = Vec::new();
    append(&mut text);
    // Names and values come from `str`, and nothing is cut: the text is UTF-8.
    String::from_utf8(text).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

#[derive(Debug)]
pub(crate) struct TextEncoding {
    lines: SampleLines,
}

impl Encode for TextEncoding {
    fn begin(&mut self, text: &mut Vec<u8>, family: &Description) {
        self.lines.begin(&family.exposed_name(), "");
        if !family.help.is_empty() {
            text.extend_from_slice(b"# HELP ");
            self.lines.push_name(text);
            text.push(b' ');
            push_help(text, &family.help);
            text.push(b'\n');
        }
        text.extend_from_slice(b"# TYPE ");
        self.lines.push_name(text);
        text.extend_from_slice(match family.kind {
            MetricKind::Counter => b" counter\n",
            // Prometheus has no type for what is 1 or 0.
            MetricKind::Gauge | MetricKind::UpDownCounter | MetricKind::Info | MetricKind::StateSet => {
                b" gauge\n"
            }
            MetricKind::Histogram => b" histogram\n",
            _ => b" untyped\n",
        });
    }

    #[inline]
    fn series(&mut self, text: &mut Vec<u8>, family: &Description, series: &Series<'_>, sample: &Sample<'_>) {
        let lines = &mut self.lines;
        let labels = &*label_text(series, lines.scheme());
        match sample {
            Sample::Counter(value) => lines.sample(text, "", labels, |text| push_integer(text, *value)),
            Sample::UpDownCounter(value) => lines.sample(text, "", labels, |text| push_integer(text, *value)),
            Sample::FloatCounter(value) | Sample::Gauge(value) => {
                lines.sample(text, "", labels, |text| push_value(text, *value));
            }
            Sample::Histogram(histogram) => push_histogram(text, lines, labels, histogram),
            Sample::Info => lines.sample(text, "", labels, |text| text.push(b'1')),
            Sample::StateSet(states) => lines.states(text, labels, &family.name, states),
            // A kind that this crate does not know yet: it is of a newer instrument-core.
            _ => {}
        }
    }
}

/// Out of line: what is written most often, counters, has to save fewer registers.
#[inline(never)]
fn push_histogram(
    text: &mut Vec<u8>,
    lines: &mut SampleLines,
    labels: &[u8],
    histogram: &HistogramSample<'_>,
) {
    lines.buckets(text, labels, histogram, |_, _| {});
    lines.sample(text, "_sum", labels, |text| push_value(text, histogram.sum()));
    lines.sample(text, "_count", labels, |text| push_integer(text, histogram.count()));
}
