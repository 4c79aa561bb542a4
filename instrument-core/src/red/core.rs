//! RED series that are told apart by labels, without the type of the labels.

use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use super::Red;
use super::beside::AskedBeside;
use super::failures::Failures;
use super::outcomes::{NamedOutcomes, Outcomes};
use super::span::{LookUp, RedSeries};
use crate::cells::{Owner, Shared};
use crate::clock::ProcessClock;
use crate::family::{FamilyCore, OVERFLOW};
use crate::label::{KnownValues, Texts};
use crate::registry::{MAX_SERIES, Registration};
use crate::series::{JoinedTexts, SeriesTable};
use crate::{Buckets, Error, Histogram, Labels, Registry, UpDownCounter};

/// The two families of an operation, and the [`Red`] of each label set.
pub(crate) struct RedCore {
    registry: Registry,
    asked: RedRegistration,
    /// Counts what there is no room for.
    in_flight: Arc<FamilyCore<UpDownCounter>>,
    reds: SeriesTable<Red>,
    /// For label sets that there is no room for.
    overflow: OnceLock<Option<Red>>,
}

/// What a pair of families is asked to be.
#[derive(Clone)]
pub(crate) struct RedRegistration {
    pub(crate) name: String,
    /// A sentence that says what the operation is.
    pub(crate) help: String,
    pub(crate) labels: Vec<&'static str>,
    /// Those of the labels, where they are known.
    pub(crate) known_values: Option<KnownValues>,
    pub(crate) buckets: Buckets,
    pub(crate) outcomes: Outcomes,
    /// Whether errors have a label `error` more, which tells their kinds apart. For families where others may have other labels.
    pub(crate) error_kinds: bool,
    pub(crate) beside: AskedBeside,
    /// The most label sets, if it is not [`MAX_SERIES`].
    pub(crate) max_series: Option<usize>,
    /// How many of the labels all that record into the families have: others may have other labels, and other buckets. Nothing where
    /// there are no others.
    pub(crate) common_labels: Option<usize>,
    /// The line that asks.
    pub(crate) defined_at: &'static Location<'static>,
}

impl RedCore {
    /// Registers both families. The durations have one more label, `outcome`, behind the others.
    pub(crate) fn register(registry: &Registry, asked: RedRegistration) -> Result<Self, Error> {
        Self::register_numbered(registry, asked, 0)
    }

    /// The same, where label sets can have numbers below `numbers`.
    pub(super) fn register_numbered(
        registry: &Registry,
        asked: RedRegistration,
        numbers: usize,
    ) -> Result<Self, Error> {
        let durations = asked.durations(registry, &asked.labels)?;
        asked.outcomes.check(&durations.description().name)?;
        let in_flight = asked.in_flight(registry, &asked.labels)?;
        asked.check_beside(registry)?;
        let reds = SeriesTable::with(in_flight.max_series(), numbers, None);
        Ok(Self { registry: registry.clone(), asked, in_flight, reds, overflow: OnceLock::new() })
    }

    /// With `fill` makes the series of the type of labels, which has so many sets, and numbers them.
    pub(super) fn number<L: Labels>(&self, sets: usize, fill: bool) {
        for number in 0..if fill { sets } else { 0 } {
            let texts = L::texts_at(number);
            let texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
            self.with_first(&Texts(&texts), Some(number));
        }
    }

    /// The series of a label set; nothing when no cell is left.
    #[inline]
    pub(crate) fn with(&self, labels: &impl Labels) -> Option<Red> {
        match self.reds.find(labels, |series| series.value.clone()) {
            Some(red) => Some(red),
            None => self.with_first(labels, None),
        }
    }

    /// The same for labels that have a number.
    #[inline]
    pub(super) fn with_number(&self, labels: &impl Labels, number: usize) -> Option<Red> {
        match self.reds.numbered(number, |series, _| series.value.clone()) {
            Some(red) => Some(red),
            None => self.with_first(labels, Some(number)),
        }
    }

    pub(super) fn max_series(&self) -> usize {
        self.reds.max_series()
    }

    #[cold]
    fn with_first(&self, labels: &impl Labels, number: Option<usize>) -> Option<Red> {
        let make = |texts: &JoinedTexts| {
            let texts: Vec<&str> = texts.iter().collect();
            self.make(&texts).map(|(red, owner)| (red, Some(owner)))
        };
        let red = self.reds.find_or_make(labels, number, |_| false, make, |series| series.value.clone());
        self.reds.sweep(true);
        red.or_else(|| self.overflow())
    }

    /// Takes out the series of a label set, of which the family has no other kind, and says whether there were any.
    pub(super) fn remove(&self, labels: &impl Labels) -> bool {
        let Some(texts) = self.reds.find(labels, |series| series.texts.clone()) else { return false };
        let removed = self.reds.remove(labels);
        self.reds.sweep(true);
        self.in_flight.remove(labels);
        if let Ok(durations) = self.asked.durations(&self.registry, &self.asked.labels) {
            let is_of_it = |of: &[(&str, &str)]| of.iter().zip(texts.iter()).all(|(of, text)| of.1 == text);
            durations.retain(|of| !is_of_it(of));
        }
        removed
    }

    pub(super) fn name(&self) -> &str {
        &self.asked.name
    }

    /// The series of all label sets beyond the bound.
    fn overflow(&self) -> Option<Red> {
        self.in_flight.count_overflow();
        let texts = || vec![OVERFLOW; self.asked.labels.len()];
        self.overflow.get_or_init(|| self.make(&texts()).map(|(red, _)| red)).clone()
    }

    fn make(&self, texts: &[&str]) -> Option<(Red, Owner)> {
        let (names, mut values) = self.asked.exposed(texts);
        let _making = making();
        let family = self.asked.in_flight(&self.registry, &names).ok()?;
        let in_flight = family.with_new(&Texts(&values), None).unwrap_or_else(|| {
            // There is no room. The outcome is known all the same.
            values.iter_mut().for_each(|value| *value = OVERFLOW);
            family.overflow()
        });
        let durations = self.asked.durations_with(&self.registry, &names, &values, "ok")?;
        let kinds_of = |error: &_| Failures::new(&self.registry, &self.asked, &names, &values, error);
        let error = durations.with(&Texts(&[&values[..], &["error"]].concat()));
        let failures = self.asked.error_kinds.then(|| Box::new(kinds_of(&error)));
        let beside = self.asked.beside(&self.registry, &names, &values);
        let values: Vec<Box<str>> = values.into_iter().map(Box::from).collect();
        let look_up: LookUp = Box::new(move |outcome: &str| {
            let values: Vec<&str> = values.iter().map(|value| &**value).chain([outcome]).collect();
            durations.with(&Texts(&values))
        });
        let named = NamedOutcomes::new(&self.asked.outcomes, &look_up);
        let (series, owner) = Shared::new(RedSeries {
            clock: ProcessClock::get(),
            in_flight,
            ok: look_up("ok"),
            error,
            cancelled: OnceLock::new(),
            panic: OnceLock::new(),
            named,
            failures,
            beside,
            look_up,
        })?;
        Some((Red { series }, owner))
    }
}

impl RedRegistration {
    /// Names and values of the labels as they are exposed. Where others have other labels, those without a value are left out and the rest
    /// sorted: two sets that would look the same are the same.
    fn exposed<'a>(&self, texts: &[&'a str]) -> (Vec<&'static str>, Vec<&'a str>) {
        let mut labels: Vec<(&'static str, &str)> =
            self.labels.iter().copied().zip(texts.iter().copied()).collect();
        if let Some(common) = self.common_labels {
            let mut own = labels.split_off(common.min(labels.len()));
            own.retain(|(_, value)| !value.is_empty());
            own.sort_unstable();
            labels.extend(own);
        }
        labels.into_iter().unzip()
    }

    /// The durations that a label set is in: those of the buckets that were asked for, unless it is in others already.
    pub(super) fn durations_with(
        &self,
        registry: &Registry,
        names: &[&str],
        values: &[&str],
        outcome: &str,
    ) -> Option<Arc<FamilyCore<Histogram<Duration>>>> {
        let own = self.durations(registry, names).ok()?;
        let values: Vec<&str> = values.iter().copied().chain([outcome]).collect();
        let groups = registry.groups(&own.description().name, &with_outcome(names));
        Some(groups.into_iter().find(|group| group.has(&Texts(&values))).unwrap_or(own))
    }

    fn durations(
        &self,
        registry: &Registry,
        labels: &[&str],
    ) -> Result<Arc<FamilyCore<Histogram<Duration>>>, Error> {
        // One label set more, for the overflow: its outcome is known all the same.
        let sets = match labels {
            [] => 1,
            _ => self.max_series.unwrap_or(MAX_SERIES).saturating_add(1),
        };
        registry.register(Registration {
            buckets: Some(self.buckets.clone()),
            labels: &with_outcome(labels),
            known_values: self.known_values,
            last_values: self.outcomes.known(),
            defined_at: self.defined_at,
            mixed: self.common_labels.is_some(),
            max_series: Some(sets.saturating_mul(self.outcomes.max())),
            ..Registration::new(
                &format!("{}_duration", self.name),
                &format!("{} Duration, by outcome.", self.help),
            )
        })
    }

    fn in_flight(
        &self,
        registry: &Registry,
        labels: &[&str],
    ) -> Result<Arc<FamilyCore<UpDownCounter>>, Error> {
        registry.register(Registration {
            labels,
            known_values: self.known_values,
            defined_at: self.defined_at,
            mixed: self.common_labels.is_some(),
            max_series: self.max_series,
            ..Registration::new(
                &format!("{}_in_flight", self.name),
                &format!("{} How many are in flight.", self.help),
            )
        })
    }
}

/// Two functions can have the same labels and other buckets. One of them must find what the other has made.
pub(super) fn making() -> MutexGuard<'static, ()> {
    static MAKING: Mutex<()> = Mutex::new(());
    MAKING.lock().unwrap_or_else(PoisonError::into_inner)
}

fn with_outcome<'a>(labels: &[&'a str]) -> Vec<&'a str> {
    labels.iter().copied().chain(["outcome"]).collect()
}
