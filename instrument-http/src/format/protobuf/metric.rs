//! Message `Metric`: field 4 of a family.

use std::borrow::Cow;

use instrument_core::{Description, RecordedExemplar, Sample, Series};

use super::histogram::push_histogram;
use super::wire::{push_double, push_message, push_text, push_unsigned_field};
use crate::format::exemplars::{Exemplars, exemplar_labels};
use crate::format::kept::kept;
use crate::format::scheme::{EscapingScheme, NameKind};
use crate::format::time::SinceEpoch;

/// Writes the metrics of a family.
#[derive(Debug)]
pub(super) struct MetricWriter {
    scheme: EscapingScheme,
}

/// Fields 1 of `Metric`.
struct LabelPairs;

impl MetricWriter {
    pub(super) fn new(scheme: EscapingScheme) -> Self {
        Self { scheme }
    }

    pub(super) fn scheme(&self) -> EscapingScheme {
        self.scheme
    }

    /// Appends a series: a metric, or one for each of its states.
    #[inline]
    pub(super) fn push(
        &self,
        out: &mut Vec<u8>,
        family: &Description,
        series: &Series<'_>,
        sample: &Sample<'_>,
    ) {
        let labels = &*self.labels(series);
        match sample {
            Sample::Counter(value) => push_metric(out, labels, |out| {
                push_counter(out, *value as f64, series.exemplars().first(), series);
            }),
            Sample::FloatCounter(value) => {
                push_metric(out, labels, |out| push_counter(out, *value, None, series));
            }
            Sample::Gauge(value) => push_metric(out, labels, |out| push_gauge(out, *value)),
            Sample::UpDownCounter(value) => push_metric(out, labels, |out| push_gauge(out, *value as f64)),
            Sample::Histogram(histogram) => push_metric(out, labels, |out| {
                push_histogram(out, histogram, &Exemplars::of(series), |out| push_created(out, 15, series));
            }),
            Sample::Info => push_metric(out, labels, |out| push_gauge(out, 1.0)),
            Sample::StateSet(states) => {
                for (state, active) in states.states() {
                    push_metric(out, labels, |out| {
                        self.push_label(out, &family.name, state);
                        push_gauge(out, f64::from(u8::from(active)));
                    });
                }
            }
            // A kind that this crate does not know yet: it is of a newer instrument-core.
            _ => {}
        }
    }

    fn labels<'s>(&self, series: &Series<'s>) -> Cow<'s, [u8]> {
        kept::<LabelPairs>(series, self.scheme, |series| {
            let mut out = Vec::new();
            series.labels().for_each(|(name, value)| self.push_label(&mut out, name, value));
            out
        })
    }

    /// Field 1 of `Metric`.
    fn push_label(&self, out: &mut Vec<u8>, name: &str, value: &str) {
        push_label_pair(out, &self.scheme.escape(name, NameKind::Label), value);
    }
}

/// Message `LabelPair`, field 1 of whatever has labels.
fn push_label_pair(out: &mut Vec<u8>, name: &str, value: &str) {
    push_message(out, 1, |out| {
        push_text(out, 1, name);
        push_text(out, 2, value);
    });
}

#[inline]
fn push_metric(out: &mut Vec<u8>, labels: &[u8], push_value: impl FnOnce(&mut Vec<u8>)) {
    push_message(out, 4, |out| {
        out.extend_from_slice(labels);
        push_value(out);
    });
}

fn push_counter(out: &mut Vec<u8>, value: f64, exemplar: Option<&RecordedExemplar>, series: &Series<'_>) {
    push_message(out, 3, |out| {
        push_double(out, 1, value);
        if let Some(exemplar) = exemplar {
            push_exemplar(out, 2, exemplar);
        }
        push_created(out, 3, series);
    });
}

fn push_gauge(out: &mut Vec<u8>, value: f64) {
    push_message(out, 2, |out| push_double(out, 1, value));
}

fn push_created(out: &mut Vec<u8>, field: u32, series: &Series<'_>) {
    if let Some(time) = series.created().and_then(SinceEpoch::of) {
        push_time(out, field, time);
    }
}

/// Message `Exemplar`. Its labels are those of a trace: names that every reader takes.
pub(super) fn push_exemplar(out: &mut Vec<u8>, field: u32, exemplar: &RecordedExemplar) {
    push_message(out, field, |out| {
        exemplar_labels(exemplar).for_each(|(name, value)| push_label_pair(out, name, value));
        push_double(out, 2, exemplar.value());
        if let Some(time) = SinceEpoch::of(exemplar.time()) {
            push_time(out, 3, time);
        }
    });
}

/// Message `google.protobuf.Timestamp`.
fn push_time(out: &mut Vec<u8>, field: u32, time: SinceEpoch) {
    push_message(out, field, |out| {
        push_unsigned_field(out, 1, time.seconds);
        push_unsigned_field(out, 2, time.nanoseconds.into());
    });
}
