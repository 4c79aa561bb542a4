//! What collectors have emitted in one read: checked, merged and put in order.

use std::collections::{BTreeMap, HashSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::collect::{HistogramSample, Kept, Sample, Series, StateSetSample, Visitor};
use crate::description::{Description, MetricKind, Shape};
use crate::name::{self, Characters};
use crate::series::JoinedTexts;

/// All families that were emitted, and what had to be left out.
pub(crate) struct Emitted {
    characters: Characters,
    prefix: Option<String>,
    constant_labels: Arc<[(String, String)]>,
    /// The most series of a family that does not say otherwise.
    max_series: usize,
    families: Vec<EmittedFamily>,
    /// The place of the family that exposes a sample, by the sample's name.
    samples: BTreeMap<String, usize>,
    skipped: Skipped,
}

/// How much could not be shown, by family as it was named and by the rule that it broke.
#[derive(Default)]
pub(crate) struct Skipped {
    counts: BTreeMap<(String, &'static str), u64>,
}

impl Skipped {
    pub(crate) fn add(&mut self, family: &str, reason: &'static str) {
        *self.counts.entry((family.to_owned(), reason)).or_default() += 1;
    }

    /// Family, rule and count.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &'static str, u64)> {
        self.counts.iter().map(|((family, reason), count)| (family.as_str(), *reason, *count))
    }
}

/// Another family exposes a sample of the same name.
pub(crate) const COLLISION: &str = "collision";

/// What is asked of a family.
pub(super) struct Asked<'e> {
    pub(super) name: &'e str,
    pub(super) help: &'e str,
    pub(super) unit: Option<&'e str>,
    pub(super) kind: MetricKind,
    pub(super) prefixed: bool,
    pub(super) max_series: usize,
}

pub(super) enum EmittedValue {
    Counter(u64),
    FloatCounter(f64),
    Gauge(f64),
    Histogram {
        bounds: Box<[f64]>,
        counts: Box<[u64]>,
        sum: f64,
    },
    Info,
    /// Bit `i` of the active ones is set when the state of that index is active.
    StateSet {
        names: Box<[Box<str>]>,
        active: u64,
    },
}

/// A family and its series, to be shown once.
pub(crate) struct EmittedFamily {
    description: Arc<Description>,
    constant_labels: Arc<[(String, String)]>,
    series: Vec<EmittedSeries>,
    /// The labels of each series, sorted by name and without the empty ones.
    seen: HashSet<Vec<(String, String)>>,
}

struct EmittedSeries {
    names: Vec<String>,
    texts: JoinedTexts,
    kept: Kept,
    value: EmittedValue,
}

impl Emitted {
    pub(crate) fn new(
        characters: Characters,
        prefix: Option<String>,
        constant_labels: Arc<[(String, String)]>,
        max_series: usize,
    ) -> Self {
        Self {
            characters,
            prefix,
            constant_labels,
            max_series,
            families: Vec::new(),
            samples: BTreeMap::new(),
            skipped: Skipped::default(),
        }
    }

    pub(super) fn max_series(&self) -> usize {
        self.max_series
    }

    /// The families in the order of their names, and what was left out.
    pub(crate) fn finish(mut self) -> (Vec<EmittedFamily>, Skipped) {
        self.families.sort_by(|one, other| one.description.name.cmp(&other.description.name));
        (self.families, self.skipped)
    }

    /// Where the series of a family go, or nowhere if it cannot be shown.
    pub(super) fn place(&mut self, asked: &Asked<'_>) -> Option<usize> {
        let prefix = self.prefix.as_deref().filter(|_| asked.prefixed);
        let described =
            name::describe(self.characters, prefix, asked.name, asked.help, asked.unit, asked.kind);
        let Ok(description) = described else { return self.skip(asked, "name") };
        let samples = name::sample_names(&description.name, description.kind);
        if let Some(&place) = samples.iter().find_map(|sample| self.samples.get(sample)) {
            let family = &self.families[place].description;
            let is_same = family.name == description.name && family.kind == description.kind;
            return if is_same { Some(place) } else { self.skip(asked, COLLISION) };
        }
        let place = self.families.len();
        self.samples.extend(samples.into_iter().map(|sample| (sample, place)));
        self.families.push(EmittedFamily {
            description: Arc::new(description),
            constant_labels: Arc::clone(&self.constant_labels),
            series: Vec::new(),
            seen: HashSet::new(),
        });
        Some(place)
    }

    /// Takes up a series of the family at a place.
    pub(super) fn add(
        &mut self,
        place: usize,
        asked: &Asked<'_>,
        labels: &[(&str, &str)],
        value: EmittedValue,
    ) {
        let Some(family) = self.families.get_mut(place) else { return };
        let description = Arc::clone(&family.description);
        let mut names: Vec<&str> = labels.iter().map(|(name, _)| *name).collect();
        if description.kind == MetricKind::StateSet {
            // The label of the states has the name of the family.
            names.push(&description.name);
        }
        let result = if name::check_labels(self.characters, None, &names, &self.constant_labels).is_err() {
            Err("label")
        } else {
            value.check().and_then(|()| family.add(labels, value, asked.max_series))
        };
        if let Err(reason) = result {
            self.skip(asked, reason);
        }
    }

    fn skip(&mut self, asked: &Asked<'_>, reason: &'static str) -> Option<usize> {
        self.skipped.add(asked.name, reason);
        None
    }
}

impl EmittedValue {
    /// The rule that it breaks, if it does.
    fn check(&self) -> Result<(), &'static str> {
        match self {
            Self::FloatCounter(value) if !(value.is_finite() && *value >= 0.0) => Err("value"),
            Self::Histogram { bounds, counts, .. } => {
                let ascending = bounds.windows(2).all(|pair| pair[0] < pair[1]);
                let finite = bounds.iter().all(|bound| bound.is_finite());
                if ascending && finite && counts.len() == bounds.len() + 1 { Ok(()) } else { Err("buckets") }
            }
            Self::StateSet { names, .. } => name::check_states(names).map_err(|_| "states"),
            _ => Ok(()),
        }
    }
}

impl EmittedFamily {
    pub(crate) fn description(&self) -> &Arc<Description> {
        &self.description
    }

    fn add(
        &mut self,
        labels: &[(&str, &str)],
        value: EmittedValue,
        max_series: usize,
    ) -> Result<(), &'static str> {
        let shown = labels.iter().filter(|(_, value)| !value.is_empty());
        // By the names that scrapers get who read plain ones alone.
        let mut key: Vec<_> =
            shown.map(|(name, value)| (name::plain_label(name).into_owned(), (*value).to_owned())).collect();
        key.sort_unstable();
        if self.seen.contains(&key) {
            return Err("duplicate");
        }
        if self.series.len() >= max_series {
            return Err("max_series");
        }
        self.seen.insert(key);
        self.series.push(EmittedSeries {
            names: labels.iter().map(|(name, _)| (*name).to_owned()).collect(),
            texts: labels.iter().map(|(_, value)| *value).collect(),
            kept: Kept::new(),
            value,
        });
        Ok(())
    }

    pub(crate) fn len(&self) -> usize {
        self.series.len()
    }

    /// What its series show of it: all their labels, and the bounds of the first histogram.
    pub(crate) fn shape(&self) -> Shape {
        let mut labels: Vec<String> = Vec::new();
        for name in self.series.iter().flat_map(|series| &series.names) {
            if !labels.contains(name) {
                labels.push(name.clone());
            }
        }
        let bounds = self.series.iter().find_map(|series| match &series.value {
            EmittedValue::Histogram { bounds, .. } => Some(bounds.to_vec()),
            _ => None,
        });
        let bounds = bounds.unwrap_or_default();
        Shape { kind: self.description.kind, value_type: None, labels, bounds, native: None, computed: true }
    }

    /// The names of the states that its series show.
    pub(crate) fn states(&self) -> Vec<String> {
        let mut states: Vec<String> = Vec::new();
        for series in &self.series {
            let EmittedValue::StateSet { names, .. } = &series.value else { continue };
            let others = names.iter().filter(|name| !states.iter().any(|state| **state == ***name));
            let others: Vec<String> = others.map(ToString::to_string).collect();
            states.extend(others);
        }
        states
    }

    /// Shows the series from a place on, and moves the place behind each that is shown.
    pub(crate) fn visit(&self, place: &mut usize, visitor: &mut dyn Visitor) -> ControlFlow<()> {
        self.series.iter().skip(*place).try_for_each(|series| {
            *place += 1;
            let shown = Series {
                constant: &self.constant_labels,
                names: &series.names,
                has_plain_names: name::are_plain(&self.constant_labels, &series.names),
                texts: &series.texts,
                created: None,
                kept: &series.kept,
                exemplars: &Vec::new,
            };
            visitor.series(&self.description, &shown, &series.value.sample())
        })
    }
}

impl EmittedValue {
    fn sample(&self) -> Sample<'_> {
        match self {
            Self::Counter(value) => Sample::Counter(*value),
            Self::FloatCounter(value) => Sample::FloatCounter(*value),
            Self::Gauge(value) => Sample::Gauge(*value),
            Self::Histogram { bounds, counts, sum } => {
                Sample::Histogram(HistogramSample { bounds, counts, native: None, sum: *sum, not_numbers: 0 })
            }
            Self::Info => Sample::Info,
            Self::StateSet { names, active } => Sample::StateSet(StateSetSample { names, active: *active }),
        }
    }
}
