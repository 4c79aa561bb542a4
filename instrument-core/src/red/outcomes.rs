//! Outcomes that have a name of the user's own, such as `timeout`: so many, and no more.

use std::sync::OnceLock;
use std::time::Duration;

use super::span::LookUp;
use crate::label::Texts;
use crate::series::SeriesTable;
use crate::{Error, Histogram, LabelValue};

/// Those that every operation has.
const COMMON: [&str; 4] = ["ok", "error", "cancelled", "panic"];

/// What an outcome counts as that is not among those there may be. OpenTelemetry names it so for `error.type`.
const OTHER: &str = "_OTHER";

/// The most that can be named at registration.
pub(super) const MAX_NAMED: usize = 64;

/// The most that have series of their own where none was named at registration.
const MAX_UNNAMED: usize = 16;

/// Which outcomes of its own an operation has, as it was registered.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outcomes(Vec<String>);

impl Outcomes {
    pub(super) fn add(&mut self, outcome: &str) {
        // One more than there may be, to tell that there are too many.
        let is_new = || !COMMON.contains(&outcome) && !self.0.iter().any(|own| own == outcome);
        if self.0.len() <= MAX_NAMED && is_new() {
            self.0.push(outcome.to_owned());
        }
    }

    pub(super) fn add_all<T: LabelValue>(&mut self) {
        for index in 0..T::CARDINALITY.unwrap_or(0).min(MAX_NAMED + 1) {
            self.add(&T::text_at(index));
        }
    }

    /// All values of a type, unless they are not known or too many.
    pub(super) fn all_of<T: LabelValue>() -> Self {
        let values = T::CARDINALITY.filter(|values| *values <= MAX_NAMED).unwrap_or(0);
        Self(
            (0..values).map(|index| T::text_at(index).into_owned()).filter(|text| !text.is_empty()).collect(),
        )
    }

    /// Whether the outcomes of a metric are such that it can have them.
    pub(super) fn check(&self, metric: &str) -> Result<(), Error> {
        let rule = if self.0.len() > MAX_NAMED {
            "there are more than 64 outcomes: each is a histogram, so put some of them together"
        } else if self.0.iter().any(String::is_empty) {
            "an outcome is empty, which would leave the label out: give it a name"
        } else {
            return Ok(());
        };
        Err(Error::InvalidLabel { metric: Some(metric.to_owned()), label: "outcome".to_owned(), rule })
    }

    /// All that there can be, if they were named.
    pub(super) fn known(&self) -> Vec<String> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let common = COMMON.map(str::to_owned).into_iter();
        common.chain(self.0.iter().cloned()).chain([OTHER.to_owned()]).collect()
    }

    /// How many there are at most, those that every operation has and the one for others included.
    pub(super) fn max(&self) -> usize {
        COMMON.len() + self.max_own() + 1
    }

    fn max_own(&self) -> usize {
        if self.0.is_empty() { MAX_UNNAMED } else { self.0.len() }
    }
}

/// The series of an operation's own outcomes.
pub(super) struct NamedOutcomes {
    max: usize,
    /// Made when there is the first: most operations never have one.
    series: OnceLock<Box<SeriesTable<Histogram<Duration>>>>,
    other: OnceLock<Histogram<Duration>>,
}

impl NamedOutcomes {
    /// Those that were named have series from now on.
    pub(super) fn new(outcomes: &Outcomes, look_up: &LookUp) -> Self {
        let named = Self { max: outcomes.max_own(), series: OnceLock::new(), other: OnceLock::new() };
        for outcome in &outcomes.0 {
            named.get(outcome, look_up);
        }
        named
    }

    pub(super) fn get(&self, outcome: &str, look_up: &LookUp) -> Histogram<Duration> {
        let series = self.series.get_or_init(|| Box::new(SeriesTable::new(self.max)));
        let labels = Texts(&[outcome]);
        let found = series.find(&labels, |series| series.value.clone()).or_else(|| {
            let make = |_: &_| (!outcome.is_empty()).then(|| (look_up(outcome), None));
            series.find_or_make(&labels, None, |_| false, make, |series| series.value.clone())
        });
        found.unwrap_or_else(|| self.other.get_or_init(|| look_up(OTHER)).clone())
    }
}
