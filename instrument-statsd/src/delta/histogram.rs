//! What is owed of a histogram: new observations in each bucket, and their sum.

use instrument_core::{Description, HistogramSample};

use super::Amount;
use super::names::is_in_seconds;
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
    /// How many of what is sent make one of what the registry shows.
    per_unit: f64,
}

impl OwedHistogram {
    pub(super) fn new(histogram: &HistogramSample<'_>, family: &Description) -> Self {
        Self {
            bounds: histogram.bounds().into(),
            seen: vec![0; histogram.counts().len()].into(),
            owed: vec![0; histogram.counts().len()].into(),
            seen_sum: 0.0,
            owed_sum: 0.0,
            per_unit: if is_in_seconds(family) { MILLISECONDS_PER_SECOND } else { 1.0 },
        }
    }

    pub(super) fn has_bounds_of(&self, histogram: &HistogramSample<'_>) -> bool {
        *self.bounds == *histogram.bounds() && self.seen.len() == histogram.counts().len()
    }

    pub(super) fn see(&mut self, histogram: &HistogramSample<'_>) {
        let stepped_back = histogram.counts().iter().zip(&self.seen).any(|(now, seen)| now < seen);
        if stepped_back {
            self.seen.fill(0);
            self.seen_sum = 0.0;
        }
        for ((now, seen), owed) in histogram.counts().iter().zip(&mut self.seen).zip(&mut self.owed) {
            *owed = owed.saturating_add(now - *seen);
            *seen = *now;
        }
        self.owed_sum += histogram.sum() - self.seen_sum;
        self.seen_sum = histogram.sum();
    }

    pub(super) fn take(&mut self, max_samples: u64, line: &mut dyn FnMut(Value<'static>, Amount)) {
        let observations = Observations { bounds: &self.bounds, counts: &self.owed, sum: self.owed_sum };
        for sample in observations.samples(max_samples) {
            // Single precision is eight digits: more than a bucket knows, and half as long to write. What it leaves of the sum is
            // part of the next samples.
            let size = (sample.size * self.per_unit).clamp(f32::MIN.into(), f32::MAX.into()) as f32;
            let sum = f64::from(size) / self.per_unit * sample.weight as f64;
            let amount = Amount::Observations { bucket: sample.bucket, count: sample.weight, sum };
            line(Value::Sample { size, weight: sample.weight }, amount);
            self.owed_sum -= sum;
        }
        self.owed.fill(0);
        if !self.owed_sum.is_finite() {
            // An infinite value was observed. From now on the sum says nothing; the counts are still right.
            self.owed_sum = 0.0;
        }
    }

    pub(super) fn give_back(&mut self, bucket: usize, count: u64, sum: f64) {
        if let Some(owed) = self.owed.get_mut(bucket) {
            *owed = owed.saturating_add(count);
            self.owed_sum += sum;
        }
    }

    pub(super) fn buckets(&self) -> u64 {
        self.owed.iter().filter(|count| **count > 0).count() as u64
    }
}
