use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use metrics::Unit;

/// The most names that are kept, as they can be made at run time.
const MAX_NAMES: usize = 20_000;

/// What was said of metrics, by their names as a registry has them.
#[derive(Debug, Default)]
pub(super) struct Descriptions {
    by_name: Mutex<HashMap<String, Entry>>,
}

#[derive(Debug, Default)]
struct Entry {
    described: Described,
    /// Whether there is a metric with this description. It can have no other from then on: the unit is in its name.
    is_used: bool,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Described {
    pub(super) help: String,
    /// What the name ends in.
    pub(super) unit: Option<&'static str>,
}

impl Descriptions {
    /// Describes a metric, unless it is in use already.
    pub(super) fn set(&self, name: String, unit: Option<Unit>, help: &str) {
        let unit = unit.filter(|unit| *unit != Unit::Count).map(|unit| unit.as_str());
        self.with(name, |entry| {
            if !entry.is_used {
                entry.described = Described { help: help.to_owned(), unit };
            }
        });
    }

    /// What is said of a metric that is used from now on.
    pub(super) fn of(&self, name: &str) -> Described {
        let used = self.with(name.to_owned(), |entry| {
            entry.is_used = true;
            entry.described.clone()
        });
        used.unwrap_or_default()
    }

    fn with<R>(&self, name: String, run: impl FnOnce(&mut Entry) -> R) -> Option<R> {
        let mut by_name = self.by_name.lock().unwrap_or_else(PoisonError::into_inner);
        let has_room = by_name.len() < MAX_NAMES || by_name.contains_key(&name);
        has_room.then(|| run(by_name.entry(name).or_default()))
    }
}
