//! Message `Histogram`: field 7 of a metric.

use instrument_core::{HistogramSample, NativeSample};

use super::metric::push_exemplar;
use super::wire::{push_double, push_message, push_signed, push_signed_field, push_unsigned_field};
use crate::format::exemplars::Exemplars;
use crate::format::time::SinceEpoch;

/// The zero threshold that Prometheus' own clients have unless told otherwise: 2^-128.
const ZERO_THRESHOLD: f64 = f64::from_bits(0x37f0_0000_0000_0000);

/// Up to so many empty buckets are written as such between others: in a message they take less than another span.
const SHORT_GAP: i64 = 2;

/// The fields of native buckets below zero and above it.
const NEGATIVE: Side = Side { spans: 9, deltas: 10 };
const POSITIVE: Side = Side { spans: 12, deltas: 13 };

#[derive(Clone, Copy)]
struct Side {
    spans: u32,
    deltas: u32,
}

/// Appends a histogram. `push_created` appends field 15, in its place.
pub(super) fn push_histogram(
    out: &mut Vec<u8>,
    histogram: &HistogramSample<'_>,
    exemplars: &Exemplars,
    push_created: impl FnOnce(&mut Vec<u8>),
) {
    push_message(out, 7, |out| {
        push_unsigned_field(out, 1, histogram.count());
        push_double(out, 2, histogram.sum());
        for (index, (bound, count)) in histogram.cumulated().enumerate() {
            push_message(out, 3, |out| {
                push_unsigned_field(out, 1, count);
                push_double(out, 2, bound);
                if let Some(exemplar) = exemplars.in_bucket(index) {
                    push_exemplar(out, 3, exemplar);
                }
            });
        }
        if let Some(native) = histogram.native() {
            push_native(out, &native);
        }
        push_created(out);
        if histogram.native().is_some() {
            // Prometheus 2 takes exemplars of native histograms from the buckets above, Prometheus 3 from here, where each must have a time.
            let timed = exemplars.iter().filter(|exemplar| SinceEpoch::of(exemplar.time()).is_some());
            timed.for_each(|exemplar| push_exemplar(out, 16, exemplar));
        }
    });
}

fn push_native(out: &mut Vec<u8>, native: &NativeSample<'_>) {
    let is_empty = native.count() == 0;
    push_signed_field(out, 5, native.schema().into());
    // Prometheus 2 takes a histogram for a native one by its buckets, its zero bucket or its zero threshold: one that is empty has the threshold alone.
    let zero_threshold = match native.zero_threshold() {
        0.0 if is_empty => ZERO_THRESHOLD,
        threshold => threshold,
    };
    push_double(out, 6, zero_threshold);
    push_unsigned_field(out, 7, native.zero_count());
    push_buckets(out, NEGATIVE, native.negative());
    if is_empty {
        // The sign that Prometheus 3 goes by.
        push_message(out, POSITIVE.spans, |out| push_span(out, 0, 0));
    }
    push_buckets(out, POSITIVE, native.positive());
}

/// Appends the buckets of one side, which have ascending indices: where they are, then how much each has more than the one before.
fn push_buckets(out: &mut Vec<u8>, side: Side, buckets: &[(i32, u64)]) {
    if buckets.is_empty() {
        return;
    }
    let (mut offset, mut length, mut next) = (0, 0, 0);
    for (index, _) in with_short_gaps(buckets) {
        if length > 0 && index == next {
            length += 1;
        } else {
            if length > 0 {
                push_message(out, side.spans, |out| push_span(out, offset, length));
            }
            (offset, length) = (index - next, 1);
        }
        next = index + 1;
    }
    push_message(out, side.spans, |out| push_span(out, offset, length));

    push_message(out, side.deltas, |out| {
        let mut before = 0;
        for (_, count) in with_short_gaps(buckets) {
            push_signed(out, count.wrapping_sub(before) as i64);
            before = count;
        }
    });
}

/// The buckets, and the empty ones of short gaps.
fn with_short_gaps(buckets: &[(i32, u64)]) -> impl Iterator<Item = (i64, u64)> {
    let mut next = None;
    buckets.iter().flat_map(move |&(index, count)| {
        let index = i64::from(index);
        let gap = index - next.replace(index + 1).unwrap_or(index);
        let filled = if gap <= SHORT_GAP { gap } else { 0 };
        (index - filled..index).map(|empty| (empty, 0)).chain([(index, count)])
    })
}

/// Message `BucketSpan`: how many buckets are left out, and how many follow.
fn push_span(out: &mut Vec<u8>, offset: i64, length: u64) {
    push_signed_field(out, 1, offset);
    push_unsigned_field(out, 2, length);
}
