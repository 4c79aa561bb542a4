//! Registration: from what was asked for to a family.

use std::collections::BTreeSet;
use std::panic::Location;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::{Arc, OnceLock, PoisonError, Weak};
use std::time::Duration;

use super::entries::About;
use super::{Inner, Registry};
use crate::description::MetricKind;
use crate::error::Error;
use crate::exemplar::Drops;
use crate::family::{FamilyCore, Limits, Losses, numbers_of};
use crate::label::{KnownValues, Texts};
use crate::{Buckets, Counter, Family, Labels, Metric, name};

/// The most series of a family unless it is set otherwise.
pub(crate) const MAX_SERIES: usize = 10_000;

/// All that can be asked for.
#[derive(Debug, Clone)]
pub(crate) struct Registration<'a> {
    pub(crate) name: &'a str,
    pub(crate) help: &'a str,
    pub(crate) unit: Option<&'a str>,
    pub(crate) buckets: Option<Buckets>,
    pub(crate) labels: &'a [&'a str],
    /// Those of the first labels, where they are known.
    pub(crate) known_values: Option<KnownValues>,
    /// Those of the last label, where they are known.
    pub(crate) last_values: Vec<String>,
    pub(crate) max_series: Option<usize>,
    pub(crate) idle_timeout: Option<Duration>,
    /// Whether the series of a finite label set are made at registration.
    pub(crate) zero_fill: bool,
    /// How many label sets can have a number.
    pub(crate) numbers: usize,
    /// The line that asks.
    pub(crate) defined_at: &'static Location<'static>,
    /// Whether the name stands as it is, without the registry's prefix: for the library's own metrics.
    pub(crate) own: bool,
    /// Whether the family may have series with other label names, or other bounds, too.
    pub(crate) mixed: bool,
}

impl<'a> Registration<'a> {
    #[track_caller]
    pub(crate) fn new(name: &'a str, help: &'a str) -> Self {
        Self {
            name,
            help,
            unit: None,
            buckets: None,
            labels: &[],
            known_values: None,
            last_values: Vec::new(),
            max_series: None,
            idle_timeout: None,
            zero_fill: true,
            numbers: 0,
            defined_at: Location::caller(),
            own: false,
            mixed: false,
        }
    }
}

impl Registry {
    /// The family that was asked for: the one there is, if it has the same shape, or a new one.
    pub(crate) fn register<M: Metric>(&self, asked: Registration<'_>) -> Result<Arc<FamilyCore<M>>, Error> {
        let inner = self.inner();
        let prefix = inner.prefix.as_deref().filter(|_| !asked.own);
        let unit = asked.unit.or(M::UNIT);
        let description = name::describe(inner.characters, prefix, asked.name, asked.help, unit, M::KIND)?;
        if unit != M::UNIT && M::UNIT.is_some() {
            return Err(Error::InvalidUnit {
                metric: description.name,
                unit: unit.unwrap_or_default().to_owned(),
                rule: "durations are shown in seconds: leave the unit out, or observe numbers instead",
            });
        }
        // The library's own metrics have their labels, whatever the registry's constant ones are called.
        let constant_labels: Arc<[(String, String)]> = match asked.own {
            true => inner
                .constant_labels
                .iter()
                .filter(|(name, _)| !asked.labels.contains(&&**name))
                .cloned()
                .collect(),
            false => Arc::clone(&inner.constant_labels),
        };
        let mut all_labels = asked.labels.to_vec();
        if M::KIND == MetricKind::StateSet {
            // The label of the states has the name of the family.
            all_labels.push(&description.name);
        }
        name::check_labels(inner.characters, Some(&description.name), &all_labels, &constant_labels)?;
        let own_bounds = asked.buckets.is_some();
        let settings = M::settings(asked.buckets)
            .map_err(|rule| Error::InvalidBuckets { metric: description.name.clone(), rule })?;
        M::check_states(&settings)
            .map_err(|rule| Error::InvalidStates { metric: description.name.clone(), rule })?;
        let labels: Vec<String> = asked.labels.iter().map(|&label| label.to_owned()).collect();
        let shape = M::shape(&settings, labels.clone());
        let name = description.name.clone();

        let mut entries = inner.entries.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(existing) = entries.find(&name, &shape, own_bounds, asked.mixed, asked.defined_at)? {
            return Ok(existing);
        }
        entries.check_samples(&name, M::KIND)?;
        let description = entries.description(&name).unwrap_or_else(|| Arc::new(description));
        let limits = Limits {
            max_series: asked.max_series.unwrap_or(MAX_SERIES),
            numbers: asked.numbers,
            // What the library says of itself must have a place.
            budget: inner.budget.clone().filter(|_| !asked.own),
            idle_timeout: asked.idle_timeout,
        };
        let states = M::states(&settings).iter().map(ToString::to_string);
        let about = About {
            constant_labels: Arc::clone(&constant_labels),
            known_values: asked.known_values,
            last_values: asked.last_values.into_iter().chain(states).collect(),
            max_series: limits.max_series,
            defined_at: BTreeSet::from([asked.defined_at]),
        };
        let losses = losses(&Arc::downgrade(&inner), &name);
        let family =
            FamilyCore::new(Arc::clone(&description), labels, constant_labels, settings, limits, losses);
        let family = Arc::new(family.ok_or(Error::Full { name })?);
        entries.insert(description, Arc::clone(&family), about);
        Ok(family)
    }

    /// The groups of a family that have these label names.
    pub(crate) fn groups<M: Metric>(&self, name: &str, labels: &[&str]) -> Vec<Arc<FamilyCore<M>>> {
        self.inner().entries.read().unwrap_or_else(PoisonError::into_inner).groups(name, labels)
    }

    /// A metric without labels.
    pub(crate) fn register_metric<M: Metric>(&self, asked: Registration<'_>) -> Result<M, Error> {
        Ok(self.register(asked)?.with(&()))
    }

    /// A family with labels.
    pub(crate) fn register_family<L: Labels, M: Metric>(
        &self,
        asked: Registration<'_>,
    ) -> Result<Family<L, M>, Error> {
        let (labels, zero_fill) = (L::names(), asked.zero_fill);
        let known_values = Some(L::known_values as KnownValues);
        Ok(Family::new(
            self.register(Registration {
                labels: &labels,
                numbers: numbers_of::<L>(),
                known_values,
                ..asked
            })?,
            zero_fill,
        ))
    }
}

/// What counts the losses of a family.
fn losses(registry: &Weak<Inner>, family: &str) -> Losses {
    let overflow = own_counter(
        registry.clone(),
        family.to_owned(),
        "instrument_overflow",
        "Look-ups of series that a family had no room for: they went to its series `__overflow__`.",
    );
    let dropped = own_counter(
        registry.clone(),
        family.to_owned(),
        "instrument_exemplars_dropped",
        "Exemplars that were not kept: too long, with a label that no exposition can carry, or of a value in no bucket.",
    );
    let count_dropped = move || {
        if let Some(counter) = dropped() {
            counter.inc();
        }
    };
    Losses { overflow: Box::new(overflow), exemplars: Drops::new(count_dropped) }
}

/// Gives a counter of the library's own for a family, registered when it is asked for first.
fn own_counter(
    registry: Weak<Inner>,
    family: String,
    name: &'static str,
    help: &'static str,
) -> impl Fn() -> Option<Counter> + Send + Sync + UnwindSafe + RefUnwindSafe + 'static {
    let counter = OnceLock::new();
    move || {
        // It has no losses of its own to count.
        if family == name {
            return None;
        }
        let counter = counter.get_or_init(|| {
            let registry = Registry::from(registry.upgrade()?);
            let asked = Registration { labels: &["family"], own: true, ..Registration::new(name, help) };
            Some(registry.register::<Counter>(asked).ok()?.with(&Texts(&[&family])))
        });
        counter.clone()
    }
}
