//! RED series that are told apart by labels.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::Red;
use super::span::RedSeries;
use crate::family::FamilyCore;
use crate::label::Texts;
use crate::registry::Registration;
use crate::series::{SeriesTable, texts_of};
use crate::{Buckets, Error, Histogram, Labels, Registry, UpDownCounter};

/// The two families of an operation, and the [`Red`] of each label set.
pub(crate) struct RedFamily {
    durations: Arc<FamilyCore<Histogram<Duration>>>,
    in_flight: Arc<FamilyCore<UpDownCounter>>,
    reds: SeriesTable<Red>,
}

/// What a pair of families is asked to be.
pub(crate) struct RedRegistration<'a> {
    pub(crate) name: &'a str,
    /// A sentence that says what the operation is.
    pub(crate) help: &'a str,
    pub(crate) labels: &'a [&'a str],
    pub(crate) buckets: Buckets,
    /// See [`Registration::mixed_labels`].
    pub(crate) mixed_labels: bool,
}

impl RedFamily {
    /// Registers both families. The durations have one more label, `outcome`, behind the others.
    pub(crate) fn register(registry: &Registry, asked: RedRegistration<'_>) -> Result<Self, Error> {
        let RedRegistration { name, help, labels, buckets, mixed_labels } = asked;
        let with_outcome: Vec<&str> = labels.iter().copied().chain(["outcome"]).collect();
        let durations = registry.register(Registration {
            buckets: Some(buckets),
            labels: &with_outcome,
            mixed_labels,
            ..Registration::new(&format!("{name}_duration"), &format!("{help} Duration, by outcome."))
        })?;
        let in_flight = registry.register::<UpDownCounter>(Registration {
            labels,
            mixed_labels,
            ..Registration::new(&format!("{name}_in_flight"), &format!("{help} How many are in flight."))
        })?;
        let reds = SeriesTable::new(in_flight.max_series());
        Ok(Self { durations, in_flight, reds })
    }

    /// The series of a label set.
    #[inline]
    pub(crate) fn with(&self, labels: &impl Labels) -> Red {
        match self.reds.find(labels) {
            Some(series) => series.value.clone(),
            None => self.with_first(labels),
        }
    }

    #[cold]
    fn with_first(&self, labels: &impl Labels) -> Red {
        match self.reds.find_or_make(labels, || Some(self.make(texts_of(labels)))) {
            Some((_, series)) => series.value.clone(),
            // The families are full too: they give their overflow, and count it.
            None => self.make(texts_of(labels)),
        }
    }

    fn make(&self, values: Box<[Box<str>]>) -> Red {
        let in_flight: Vec<&str> = values.iter().map(|value| &**value).collect();
        let in_flight = self.in_flight.with(&Texts(&in_flight));
        let durations = Arc::clone(&self.durations);
        let look_up = Box::new(move |outcome: &str| {
            let values: Vec<&str> = values.iter().map(|value| &**value).chain([outcome]).collect();
            durations.with(&Texts(&values))
        });
        Red {
            series: Arc::new(RedSeries {
                in_flight,
                ok: look_up("ok"),
                error: look_up("error"),
                cancelled: OnceLock::new(),
                panic: OnceLock::new(),
                look_up,
            }),
        }
    }
}
