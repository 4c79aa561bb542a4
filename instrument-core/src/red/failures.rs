//! Errors of one operation by their kinds, such as `timeout`: series of their own, told apart by the label `error`.

use std::sync::OnceLock;
use std::time::Duration;

use super::core::{RedRegistration, making};
use super::outcomes::{NamedOutcomes, Outcomes};
use super::span::LookUp;
use crate::label::Texts;
use crate::{Histogram, LabelValue, Registry};

/// The label that has the kind.
const KIND: &str = "error";

/// The series of an operation's kinds of errors, which are bounded as its outcomes are.
pub(super) struct Failures {
    look_up: LookUp,
    /// Made when the type of the kinds is seen first: at the end of the first call.
    kinds: OnceLock<NamedOutcomes>,
}

impl Failures {
    /// Those of a label set. Errors that find no room go to `error`.
    pub(super) fn new(
        registry: &Registry,
        asked: &RedRegistration,
        names: &[&'static str],
        values: &[&str],
        error: &Histogram<Duration>,
    ) -> Self {
        let (registry, asked, error) = (registry.clone(), asked.clone(), error.clone());
        // The labels of an operation's own are sorted, behind those that all operations have.
        let common = asked.common_labels.unwrap_or(names.len()).min(names.len());
        let place = common + names[common..].partition_point(|name| *name < KIND);
        let mut names = names.to_vec();
        names.insert(place, KIND);
        let values: Vec<Box<str>> = values.iter().map(|value| Box::from(*value)).collect();
        let look_up = move |kind: &str| {
            let mut values: Vec<&str> = values.iter().map(|value| &**value).collect();
            values.insert(place, kind);
            let _making = making();
            let Some(durations) = asked.durations_with(&registry, &names, &values, "error") else {
                return error.clone();
            };
            values.push("error");
            durations.with(&Texts(&values))
        };
        Self { look_up: Box::new(look_up), kinds: OnceLock::new() }
    }

    /// Has series for all kinds there can be, where the type says which those are.
    #[inline]
    pub(super) fn know<K: LabelValue>(&self) -> &NamedOutcomes {
        self.kinds.get_or_init(|| NamedOutcomes::new(&Outcomes::all_of::<K>(), &self.look_up))
    }

    pub(super) fn get<K: LabelValue>(&self, kind: &str) -> Histogram<Duration> {
        self.know::<K>().get(kind, &self.look_up)
    }
}
