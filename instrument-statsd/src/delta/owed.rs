//! What is owed of one series.

use instrument_core::{Description, Sample};

use super::histogram::{MILLISECONDS_PER_SECOND, OwedHistogram};
use super::names::{Kind, is_in_seconds};
use super::{Amount, Lines};
use crate::form::Form;
use crate::line::Value;

#[derive(Debug)]
pub(super) enum Owed {
    Counter {
        /// What the counter stood at when it was read last.
        seen: u64,
        owed: u64,
    },
    /// A counter with fractions, of which whole units are sent.
    FloatCounter {
        seen: f64,
        /// In the unit of the line.
        owed: f64,
        /// How many units of the line there are in one of the counter.
        scale: f64,
    },
    Gauge(f64),
    Histogram(OwedHistogram),
}

impl Owed {
    /// All that a series has counted. Nothing for a kind of metric that there was not when this was written.
    pub(super) fn new(sample: &Sample<'_>, family: &Description) -> Option<Self> {
        let mut owed = match sample {
            Sample::Counter(_) => Self::Counter { seen: 0, owed: 0 },
            Sample::FloatCounter(_) => {
                let scale = if is_in_seconds(family) { MILLISECONDS_PER_SECOND } else { 1.0 };
                Self::FloatCounter { seen: 0.0, owed: 0.0, scale }
            }
            Sample::Gauge(_) | Sample::UpDownCounter(_) => Self::Gauge(0.0),
            Sample::Histogram(histogram) => Self::Histogram(OwedHistogram::new(histogram, family)),
            _ => return None,
        };
        owed.see(sample, family);
        Some(owed)
    }

    /// What the server keeps of it.
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Counter { .. } | Self::FloatCounter { .. } => Kind::Count,
            Self::Gauge(_) => Kind::Gauge,
            Self::Histogram(_) => Kind::Sizes,
        }
    }

    /// Its series was removed and made again: it counts from zero. What was owed of the old one still is.
    pub(super) fn begin_again(&mut self) {
        match self {
            Self::Counter { seen, .. } => *seen = 0,
            Self::FloatCounter { seen, .. } => *seen = 0.0,
            Self::Gauge(_) => {}
            Self::Histogram(owed) => owed.begin_again(),
        }
    }

    /// Takes up what has happened since it was seen last.
    pub(super) fn see(&mut self, sample: &Sample<'_>, family: &Description) {
        match (self, sample) {
            (Self::Counter { seen, owed }, &Sample::Counter(now)) => {
                // A counter that stepped back is a new one, of a collector that does not say since when it counts.
                *owed = owed.saturating_add(now.checked_sub(*seen).unwrap_or(now));
                *seen = now;
            }
            (Self::FloatCounter { seen, owed, scale }, &Sample::FloatCounter(now)) => {
                *owed += *scale * if now < *seen { now } else { now - *seen };
                *seen = now;
            }
            (Self::Gauge(value), &Sample::Gauge(now)) => *value = now,
            (Self::Gauge(value), &Sample::UpDownCounter(now)) => *value = now as f64,
            (Self::Histogram(owed), Sample::Histogram(histogram)) => owed.see(histogram),
            // A family never changes what it is; should it, it is a new one.
            (owed, _) => {
                if let Some(new) = Self::new(sample, family) {
                    *owed = new;
                }
            }
        }
    }

    /// Takes off what is owed, line by line.
    pub(super) fn take(&mut self, form: &Form, lines: &mut Lines<'_>) {
        match self {
            Self::Counter { owed: 0, .. } => {}
            Self::Counter { owed, .. } => {
                let count = take_count(owed);
                lines.push(Value::Count(count), Amount::Count(count.unsigned_abs()));
            }
            Self::FloatCounter { owed, .. } => {
                // What is beyond goes with the next flush, and so does the fraction.
                let count = *owed as i64;
                if count > 0 {
                    *owed -= count as f64;
                    lines.push(Value::Count(count), Amount::Count(count.unsigned_abs()));
                }
            }
            Self::Gauge(value) => lines.push(Value::Gauge(*value), Amount::Nothing),
            Self::Histogram(owed) => owed.take(form, lines),
        }
    }

    pub(super) fn give_back(&mut self, amount: Amount) {
        match (self, amount) {
            (Self::Counter { owed, .. }, Amount::Count(count)) => *owed = owed.saturating_add(count),
            (Self::FloatCounter { owed, .. }, Amount::Count(count)) => *owed += count as f64,
            (Self::Histogram(owed), Amount::Count(count)) => owed.carry(count),
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
            Self::FloatCounter { owed, .. } => u64::from(*owed >= 1.0),
            Self::Gauge(_) => 0,
            Self::Histogram(owed) => owed.buckets(),
        }
    }
}

/// Takes off what a line can hold. What is beyond goes with the next flush.
pub(super) fn take_count(owed: &mut u64) -> i64 {
    let count = i64::try_from(*owed).unwrap_or(i64::MAX);
    *owed -= count.unsigned_abs();
    count
}
