//! Protobuf: messages `io.prometheus.client.MetricFamily`, each behind its length.
//!
//! Source: [`metrics.proto`](https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto). The numbers of fields are beside what
//! writes them. The few kinds of fields that occur are written by hand (`wire.rs`): label sets are kept as they are written.

mod histogram;
mod metric;
mod wire;

use instrument_core::{Description, MetricKind, Registry, Sample, Series};

use self::metric::MetricWriter;
use self::wire::{begin_delimited, end_delimited, push_text, push_unsigned_field};
use super::page::{Encode, Page};
use super::scheme::{EscapingScheme, NameKind};

/// Writes a registry as protobuf: the one format of Prometheus that has native histograms.
///
/// ```
/// use instrument_core::Registry;
/// use instrument_http::ProtobufEncoder;
///
/// let registry = Registry::new();
/// registry.gauge("load", "Load of the machine.").register()?.set(0.5);
///
/// let bytes = ProtobufEncoder::new().encode(&registry);
/// assert_eq!(bytes[..9], *b"\x2b\x0a\x04load\x12\x14"); // the length, field 1 "load", field 2 of 20 bytes
/// # Ok::<(), instrument_core::Error>(())
/// ```
///
/// A family is a message `io.prometheus.client.MetricFamily` behind its length, with the name that the text format shows. Families are in the order of their names. One that
/// has no series yet is left out. Up-down counters, infos and state sets are gauges here; a state set has a metric for each of its states. All exemplars are written, and since
/// when each series has counted.
///
/// A histogram with native and explicit buckets shows both. One without any value yet has a zero threshold above zero and an empty span, by which readers of any version know it for a native
/// one.
///
/// An answer of the endpoint has a large family in several messages of the same name, so that it need not be whole in memory to be measured.
#[derive(Debug, Clone, Copy, Default)]
pub struct ProtobufEncoder {
    scheme: EscapingScheme,
}

impl ProtobufEncoder {
    /// What an answer in this format says in its `Content-Type` header.
    pub const CONTENT_TYPE: &'static str =
        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

    /// An encoder.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets what becomes of names that not every reader takes; [`EscapingScheme::Underscores`] otherwise.
    #[must_use]
    pub fn escaping(mut self, scheme: EscapingScheme) -> Self {
        self.scheme = scheme;
        self
    }

    /// All messages.
    #[must_use]
    pub fn encode(&self, registry: &Registry) -> Vec<u8> {
        let mut messages = Vec::new();
        self.encode_into(registry, &mut messages);
        messages
    }

    /// Appends the messages to a buffer, which can be kept for the next time.
    pub fn encode_into(&self, registry: &Registry, messages: &mut Vec<u8>) {
        self.page(registry).write_all(messages);
    }

    pub(crate) fn page(&self, registry: &Registry) -> Page<ProtobufEncoding> {
        let metrics = MetricWriter::new(self.scheme);
        Page::new(registry, ProtobufEncoding { metrics, head: Vec::new(), message: None })
    }
}

#[derive(Debug)]
pub(crate) struct ProtobufEncoding {
    metrics: MetricWriter,
    /// The fields of the family but for its metrics.
    head: Vec<u8>,
    /// Where the family's message begins, if it has not been ended.
    message: Option<usize>,
}

impl Encode for ProtobufEncoding {
    fn begin(&mut self, out: &mut Vec<u8>, family: &Description) {
        self.settle(out);
        self.head.clear();
        let name = family.exposed_name();
        push_text(&mut self.head, 1, &self.metrics.scheme().escape(&name, NameKind::Metric));
        if !family.help.is_empty() {
            push_text(&mut self.head, 2, &family.help);
        }
        push_unsigned_field(&mut self.head, 3, metric_type(family.kind));
        if let Some(unit) = &family.unit {
            push_text(&mut self.head, 5, unit);
        }
    }

    #[inline]
    fn series(&mut self, out: &mut Vec<u8>, family: &Description, series: &Series<'_>, sample: &Sample<'_>) {
        if self.message.is_none() {
            self.message = Some(begin_delimited(out));
            out.extend_from_slice(&self.head);
        }
        self.metrics.push(out, family, series, sample);
    }

    fn settle(&mut self, out: &mut Vec<u8>) {
        if let Some(start) = self.message.take() {
            end_delimited(out, start);
        }
    }
}

/// Enumeration `MetricType`. It has none for what is 1 or 0.
fn metric_type(kind: MetricKind) -> u64 {
    match kind {
        MetricKind::Counter => 0,
        MetricKind::Gauge | MetricKind::UpDownCounter | MetricKind::Info | MetricKind::StateSet => 1,
        MetricKind::Histogram => 4,
        _ => 3, // untyped
    }
}
