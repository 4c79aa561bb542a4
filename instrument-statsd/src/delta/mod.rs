//! What has happened since it was last sent, for each series of a registry.
//!
//! Counts are *owed* from the moment they are read until a packet with them has left. What is written into a line is taken off at
//! once, and given back when the line could not be sent: then it is part of the next delta. So every count is sent once,
//! whatever fails in between.

mod buckets;
mod histogram;
mod names;
mod owed;

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::time::SystemTime;

use instrument_core::{Description, Registry, Sample, Series, Visitor};

use self::names::Names;
pub(crate) use self::names::{HANDLE_NAME, HANDLE_TAGS, Name, Naming};
use self::owed::Owed;
use crate::form::Form;
use crate::line::Value;

/// All series that were seen, and what is owed of each.
#[derive(Debug)]
pub(crate) struct Ledger {
    series: Vec<Entry>,
    /// Where in `series` each one is.
    places: HashMap<Box<str>, usize>,
    names: Names,
    form: Form,
    /// A text that no two series share, written anew for each: kept for its memory.
    key: String,
    /// Counts the readings.
    reading: u64,
}

#[derive(Debug)]
struct Entry {
    key: Box<str>,
    name: Name,
    owed: Owed,
    /// When the series was made, if it says so.
    created: Option<SystemTime>,
    last_seen: u64,
}

/// A line to be sent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Due {
    pub(crate) value: Value<'static>,
    /// For how many the line stands. A sample rate must be able to say the number, see [`weights`](crate::weights).
    pub(crate) weight: u64,
    /// What the name ends in: the number of one of [`Form::suffixes`].
    pub(crate) suffix: usize,
    /// What the line takes off.
    pub(crate) change: Change,
}

/// What a line has taken off, to be given back if it is not sent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Change {
    place: usize,
    amount: Amount,
}

/// What the owed of a series gives its lines to.
struct Lines<'a> {
    place: usize,
    due: &'a mut Vec<Due>,
}

impl Lines<'_> {
    /// A line that stands for one.
    fn push(&mut self, value: Value<'static>, amount: Amount) {
        self.push_weighted(value, 1, amount);
    }

    fn push_weighted(&mut self, value: Value<'static>, weight: u64, amount: Amount) {
        self.due.push(Due { value, weight, suffix: 0, change: Change { place: self.place, amount } });
    }

    /// A line that says one thing of several about a series.
    fn push_suffixed(&mut self, suffix: usize, value: Value<'static>, amount: Amount) {
        self.due.push(Due { value, weight: 1, suffix, change: Change { place: self.place, amount } });
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Amount {
    /// The next line says it all: a gauge.
    Nothing,
    Count(u64),
    Observations {
        bucket: usize,
        count: u64,
        sum: f64,
    },
}

impl Change {
    /// Whether something is lost for good when the line is not sent, or rather replaced by the next value.
    pub(crate) fn can_be_given_back(&self) -> bool {
        self.amount != Amount::Nothing
    }
}

impl Ledger {
    /// Nothing seen yet: all that a registry has counted so far will be owed.
    pub(crate) fn new(naming: Naming, form: Form) -> Self {
        Self {
            series: Vec::new(),
            places: HashMap::new(),
            names: Names::new(naming, &form),
            form,
            key: String::new(),
            reading: 0,
        }
    }

    /// Reads the registry. Series that are gone from it are forgotten, but those of which something is owed are kept for one flush
    /// more. Returns how many lines will never be sent.
    ///
    /// Places change: no [`Change`] from before may be given back.
    pub(crate) fn read(&mut self, registry: &Registry) -> u64 {
        self.reading += 1;
        registry.visit(self);
        self.forget()
    }

    /// How many series there are: the places are below.
    pub(crate) fn len(&self) -> usize {
        self.series.len()
    }

    /// The name of a series, as the server shall have it.
    pub(crate) fn name(&self, place: usize) -> Option<&Name> {
        self.series.get(place).map(|entry| &entry.name)
    }

    /// Takes off what is owed of a series, in as many lines as it needs.
    pub(crate) fn take(&mut self, place: usize, due: &mut Vec<Due>) {
        if let Some(entry) = self.series.get_mut(place) {
            entry.owed.take(&self.form, &mut Lines { place, due });
        }
    }

    /// Takes back what was taken off for a line that was not sent.
    pub(crate) fn give_back(&mut self, change: &Change) {
        if let Some(entry) = self.series.get_mut(change.place) {
            entry.owed.give_back(change.amount);
        }
    }

    /// How many lines would be sent now.
    pub(crate) fn lines_owed(&self) -> u64 {
        self.series.iter().map(|entry| entry.owed.lines()).sum()
    }

    /// Forgets the series that are gone, and says how many lines were owed of them.
    fn forget(&mut self) -> u64 {
        let (reading, before, mut forgotten) = (self.reading, self.series.len(), 0);
        self.series.retain(|entry| {
            let lines = entry.owed.lines();
            let another_chance = lines > 0 && entry.last_seen + 1 == reading;
            let keep = entry.last_seen == reading || another_chance;
            if !keep {
                forgotten += lines;
                self.names.release(&entry.name, entry.owed.kind());
            }
            keep
        });
        if self.series.len() < before {
            self.places.clear();
            self.places
                .extend(self.series.iter().enumerate().map(|(place, entry)| (entry.key.clone(), place)));
        }
        forgotten
    }

    /// Takes up what has happened to a series since it was seen last.
    fn see<'s>(
        &mut self,
        family: &Description,
        labels: impl Iterator<Item = (&'s str, &'s str)> + Clone,
        created: Option<SystemTime>,
        sample: &Sample<'_>,
    ) {
        names::write_key(&mut self.key, family, labels.clone());
        match self.place(created) {
            Some(place) => {
                let entry = &mut self.series[place];
                entry.last_seen = self.reading;
                if entry.created != created {
                    entry.created = created;
                    entry.owed.begin_again();
                }
                entry.owed.see(sample, family);
            }
            None => {
                let Some(owed) = Owed::new(sample, family) else { return };
                let key: Box<str> = self.key.as_str().into();
                let name = self.names.claim(&key, family, labels, sample, owed.kind());
                self.places.insert(key.clone(), self.series.len());
                self.series.push(Entry { key, name, owed, created, last_seen: self.reading });
            }
        }
    }

    /// The place of the series with this key. One that was seen in this reading already is another one of the same labels, as
    /// functions with different labels can have once the empty ones are left out: that one gets a key of its own.
    fn place(&mut self, created: Option<SystemTime>) -> Option<usize> {
        let mut made_anew = None;
        while let Some(&place) = self.places.get(self.key.as_str()) {
            match self.series.get(place) {
                Some(entry) if entry.last_seen == self.reading => {}
                Some(entry) if entry.created == created => return Some(place),
                _ => made_anew = made_anew.or(Some(place)),
            }
            self.key.push('+');
        }
        made_anew
    }
}

impl Visitor for Ledger {
    fn series(&mut self, family: &Description, series: &Series<'_>, sample: &Sample<'_>) -> ControlFlow<()> {
        if !self.names.has(series) {
            return ControlFlow::Continue(());
        }
        let created = series.created();
        match sample {
            Sample::Info => self.see(family, series.labels(), created, &Sample::Gauge(1.0)),
            // Each state is a series of its own, as in the expositions, and its label is named as the family.
            Sample::StateSet(states) => {
                for (state, active) in states.states() {
                    let labels = series.labels().chain([(family.name.as_str(), state)]);
                    self.see(family, labels, created, &Sample::Gauge(f64::from(u8::from(active))));
                }
            }
            sample => self.see(family, series.labels(), created, sample),
        }
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests;
