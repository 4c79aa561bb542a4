//! What is owed of a histogram: new observations in each bucket, and their sum.

use instrument_core::{Description, HistogramSample};

use super::buckets::{bounds, counts};
use super::names::is_in_seconds;
use super::owed::take_count;
use super::{Amount, Lines};
use crate::form::Form;
use crate::line::Value;
use crate::samples::Observations;

pub(super) const MILLISECONDS_PER_SECOND: f64 = 1e3;

#[derive(Debug)]
pub(super) struct OwedHistogram {
    bounds: Box<[f64]>,
    /// What each bucket stood at when it was read last.
    seen: Box<[u64]>,
    owed: Box<[u64]>,
    seen_sum: f64,
    owed_sum: f64,
    /// Sent as milliseconds.
    in_seconds: bool,
    /// What could not be sent of a count without buckets.
    carried: u64,
}

impl OwedHistogram {
    pub(super) fn new(histogram: &HistogramSample<'_>, family: &Description) -> Self {
        let bounds: Box<[f64]> = bounds(histogram).into();
        let buckets = bounds.len() + 1;
        Self {
            bounds,
            seen: vec![0; buckets].into(),
            owed: vec![0; buckets].into(),
            seen_sum: 0.0,
            owed_sum: 0.0,
            in_seconds: is_in_seconds(family),
            carried: 0,
        }
    }

    pub(super) fn see(&mut self, histogram: &HistogramSample<'_>) {
        let bounds = bounds(histogram);
        if *bounds != *self.bounds {
            self.rebuild(bounds.into());
        }
        let counts = counts(histogram, &self.bounds);
        let stepped_back = counts.iter().zip(&self.seen).any(|(now, seen)| now < seen);
        if stepped_back {
            self.begin_again();
        }
        for ((now, seen), owed) in counts.iter().zip(&mut self.seen).zip(&mut self.owed) {
            *owed = owed.saturating_add(now - *seen);
            *seen = *now;
        }
        self.owed_sum += histogram.sum() - self.seen_sum;
        self.seen_sum = histogram.sum();
    }

    /// Sorts what is in the buckets into others. Native buckets come with their first value and are joined as they become many, so each old
    /// one is within a new one.
    fn rebuild(&mut self, bounds: Box<[f64]>) {
        let place = |bucket: usize| match self.bounds.get(bucket) {
            Some(upper) => bounds.partition_point(|bound| bound < upper),
            None => bounds.len(),
        };
        let sorted = |old: &[u64]| {
            let mut new = vec![0; bounds.len() + 1];
            for (bucket, count) in old.iter().enumerate() {
                new[place(bucket)] += count;
            }
            new.into_boxed_slice()
        };
        (self.seen, self.owed) = (sorted(&self.seen), sorted(&self.owed));
        self.bounds = bounds;
    }

    pub(super) fn begin_again(&mut self) {
        self.seen.fill(0);
        self.seen_sum = 0.0;
    }

    pub(super) fn take(&mut self, form: &Form, lines: &mut Lines<'_>) {
        match form {
            Form::Samples { max } | Form::Packed { max } => self.take_samples(*max, lines),
            Form::Percentiles(quantiles) => self.take_percentiles(quantiles, lines),
        }
        self.owed.fill(0);
        if !self.owed_sum.is_finite() {
            // An infinite value was observed. From now on the sum says nothing; the counts are still right.
            self.owed_sum = 0.0;
        }
    }

    fn take_samples(&mut self, max_samples: u64, lines: &mut Lines<'_>) {
        let per_unit = self.per_unit();
        let value = if self.in_seconds { Value::Milliseconds } else { Value::Size };
        let observations = Observations { bounds: &self.bounds, counts: &self.owed, sum: self.owed_sum };
        for sample in observations.samples(max_samples) {
            // Single precision is eight digits: more than a bucket knows, and half as long to write. What it leaves of the sum is
            // part of the next samples.
            let size = (sample.size * per_unit).clamp(f32::MIN.into(), f32::MAX.into()) as f32;
            let sum = f64::from(size) / per_unit * sample.weight as f64;
            let amount = Amount::Observations { bucket: sample.bucket, count: sample.weight, sum };
            lines.push_weighted(value(size), sample.weight, amount);
            self.owed_sum -= sum;
        }
    }

    /// What is said of the sizes is about this flush alone: if it is not sent, the next one says something newer. The count is
    /// carried.
    fn take_percentiles(&mut self, quantiles: &[f64], lines: &mut Lines<'_>) {
        let observations = Observations { bounds: &self.bounds, counts: &self.owed, sum: self.owed_sum };
        let count = observations.count();
        let mut all = self.carried.saturating_add(count);
        if all > 0 {
            let said = take_count(&mut all);
            lines.push_suffixed(1, Value::Count(said), Amount::Count(said.unsigned_abs()));
            self.carried = all;
        }
        if count > 0 {
            let per_unit = self.per_unit();
            let sizes = [self.owed_sum / count as f64].into_iter();
            let sizes = sizes.chain(quantiles.iter().map(|quantile| observations.quantile(*quantile)));
            for (place, size) in sizes.enumerate().filter(|(_, size)| size.is_finite()) {
                lines.push_suffixed(2 + place, Value::Gauge(size * per_unit), Amount::Nothing);
            }
            self.owed_sum = 0.0;
        }
    }

    fn per_unit(&self) -> f64 {
        if self.in_seconds { MILLISECONDS_PER_SECOND } else { 1.0 }
    }

    /// Takes back the count of a line of percentiles.
    pub(super) fn carry(&mut self, count: u64) {
        self.carried = self.carried.saturating_add(count);
    }

    pub(super) fn give_back(&mut self, bucket: usize, count: u64, sum: f64) {
        if let Some(owed) = self.owed.get_mut(bucket) {
            *owed = owed.saturating_add(count);
            self.owed_sum += sum;
        }
    }

    pub(super) fn buckets(&self) -> u64 {
        u64::from(self.carried > 0) + self.owed.iter().filter(|count| **count > 0).count() as u64
    }
}
