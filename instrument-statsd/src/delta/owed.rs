//! What is owed of one series.

use instrument_core::{Description, Sample};

use super::Amount;
use super::histogram::OwedHistogram;
use crate::line::Value;

#[derive(Debug)]
pub(super) enum Owed {
    Counter {
        /// What the counter stood at when it was read last.
        seen: u64,
        owed: u64,
    },
    Gauge(f64),
    Histogram(OwedHistogram),
}

impl Owed {
    /// All that a series has counted. Nothing for a kind of metric that there was not when this was written.
    pub(super) fn new(sample: &Sample<'_>, family: &Description) -> Option<Self> {
        let mut owed = match sample {
            Sample::Counter(_) => Self::Counter { seen: 0, owed: 0 },
            Sample::Gauge(_) | Sample::UpDownCounter(_) => Self::Gauge(0.0),
            Sample::Histogram(histogram) => Self::Histogram(OwedHistogram::new(histogram, family)),
            _ => return None,
        };
        owed.see(sample, family);
        Some(owed)
    }

    /// Takes up what has happened since it was seen last.
    pub(super) fn see(&mut self, sample: &Sample<'_>, family: &Description) {
        match (self, sample) {
            (Self::Counter { seen, owed }, &Sample::Counter(now)) => {
                // A counter that stepped back is a new one: its series was removed and made again.
                *owed = owed.saturating_add(now.checked_sub(*seen).unwrap_or(now));
                *seen = now;
            }
            (Self::Gauge(value), &Sample::Gauge(now)) => *value = now,
            (Self::Gauge(value), &Sample::UpDownCounter(now)) => *value = now as f64,
            (Self::Histogram(owed), Sample::Histogram(histogram)) if owed.has_bounds_of(histogram) => {
                owed.see(histogram);
            }
            // A family never changes what it is; should it, it is a new one.
            (owed, _) => {
                if let Some(new) = Self::new(sample, family) {
                    *owed = new;
                }
            }
        }
    }

    /// Takes off what is owed, line by line.
    pub(super) fn take(&mut self, max_samples: u64, line: &mut dyn FnMut(Value<'static>, Amount)) {
        match self {
            Self::Counter { owed: 0, .. } => {}
            Self::Counter { owed, .. } => {
                // What is beyond goes with the next flush.
                let count = i64::try_from(*owed).unwrap_or(i64::MAX);
                *owed -= count.unsigned_abs();
                line(Value::Count(count), Amount::Count(count.unsigned_abs()));
            }
            Self::Gauge(value) => line(Value::Gauge(*value), Amount::Nothing),
            Self::Histogram(owed) => owed.take(max_samples, line),
        }
    }

    pub(super) fn give_back(&mut self, amount: Amount) {
        match (self, amount) {
            (Self::Counter { owed, .. }, Amount::Count(count)) => *owed = owed.saturating_add(count),
            (Self::Histogram(owed), Amount::Observations { bucket, count, sum }) => {
                owed.give_back(bucket, count, sum);
            }
            _ => {}
        }
    }

    /// How many lines would be lost if it were forgotten: one for a count, one for each bucket.
    pub(super) fn lines(&self) -> u64 {
        match self {
            Self::Counter { owed, .. } => u64::from(*owed > 0),
            Self::Gauge(_) => 0,
            Self::Histogram(owed) => owed.buckets(),
        }
    }
}
