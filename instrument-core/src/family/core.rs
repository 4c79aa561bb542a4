//! A family without the type of its labels: what the registry knows.

use std::ops::ControlFlow;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::{Arc, OnceLock};

use crate::cells::{Owner, Reading};
use crate::collect::{self, Visitor};
use crate::description::{Description, Shape};
use crate::exemplar::Drops;
use crate::series::{Entry, SeriesTable, all_say};
use crate::{Counter, Labels, Metric};

/// What every label of the overflow series says.
pub(crate) const OVERFLOW: &str = "__overflow__";

/// Counts what a family cannot keep.
pub(crate) struct Losses {
    /// Gives the counter of look-ups that go to the overflow series.
    pub(crate) overflow: OverflowCounter,
    pub(crate) exemplars: Drops,
}

pub(crate) type OverflowCounter = Box<dyn Fn() -> Option<Counter> + Send + Sync + UnwindSafe + RefUnwindSafe>;

/// The metrics of one name and one set of label names.
pub(crate) struct FamilyCore<M: Metric> {
    description: Arc<Description>,
    label_names: Vec<String>,
    constant_labels: Arc<[(String, String)]>,
    settings: M::Settings,
    series: SeriesTable<M>,
    overflow: OnceLock<Entry<M>>,
    /// Made at registration, so that there is somewhere to record to even when cells have run out: the one series of a metric
    /// without labels, the overflow of a family.
    spare: M,
    _spare_owner: Owner,
    losses: Losses,
}

impl<M: Metric> FamilyCore<M> {
    /// A family without series, or nothing when no cell is left.
    pub(crate) fn new(
        description: Arc<Description>,
        label_names: Vec<String>,
        constant_labels: Arc<[(String, String)]>,
        settings: M::Settings,
        max_series: usize,
        losses: Losses,
    ) -> Option<Self> {
        let (spare, owner) = M::allocate(&settings, &losses.exemplars)?;
        Some(Self {
            spare,
            _spare_owner: owner,
            description,
            label_names,
            constant_labels,
            settings,
            series: SeriesTable::new(max_series),
            overflow: OnceLock::new(),
            losses,
        })
    }

    pub(crate) fn description(&self) -> &Description {
        &self.description
    }

    pub(crate) fn max_series(&self) -> usize {
        self.series.max_series()
    }

    pub(crate) fn len(&self) -> usize {
        self.series.len()
    }

    /// The metric with these labels, or that of the overflow.
    #[inline]
    pub(crate) fn with(&self, labels: &impl Labels) -> M {
        match self.series.find(labels) {
            Some(series) => series.value.clone(),
            None => self.with_first(labels).1,
        }
    }

    /// The same for labels that were not found; and the index of the series, unless it is that of the overflow.
    #[cold]
    pub(crate) fn with_first(&self, labels: &impl Labels) -> (Option<u32>, M) {
        if !self.label_names.is_empty() && all_say(labels, OVERFLOW) {
            return (None, self.overflow_series().value.clone());
        }
        let make = |_: &[Box<str>]| match self.label_names.is_empty() && self.series.is_new() {
            true => Some((self.spare.clone(), None)),
            false => M::allocate(&self.settings, &self.losses.exemplars)
                .map(|(metric, owner)| (metric, Some(owner))),
        };
        match self.series.find_or_make(labels, make) {
            Some((index, series)) => (Some(index), series.value.clone()),
            None => (None, self.overflow()),
        }
    }

    /// The metric of the overflow, for one more look-up that found no room.
    fn overflow(&self) -> M {
        self.count_overflow();
        self.overflow_series().value.clone()
    }

    pub(crate) fn count_overflow(&self) {
        if let Some(counter) = (self.losses.overflow)() {
            counter.inc();
        }
    }

    fn overflow_series(&self) -> &Entry<M> {
        let texts = || self.label_names.iter().map(|_| OVERFLOW.into()).collect();
        self.overflow.get_or_init(|| Entry::new(texts(), self.spare.clone(), None))
    }

    /// Whether there is a series with these labels.
    pub(crate) fn has(&self, labels: &impl Labels) -> bool {
        self.series.find(labels).is_some()
    }

    /// The metric of the series at an index, unless it was removed.
    #[inline]
    pub(crate) fn at(&self, index: u32) -> Option<M> {
        Some(self.series.at(index)?.value.clone())
    }

    pub(crate) fn remove(&self, labels: &impl Labels) -> bool {
        self.series.find(labels).is_some_and(|series| self.series.remove(series))
    }

    pub(crate) fn retain(&self, mut keep: impl FnMut(&[(&str, &str)]) -> bool) {
        for series in self.series.iter() {
            let names = self.label_names.iter().map(String::as_str);
            let labels: Vec<(&str, &str)> = names.zip(series.texts.iter().map(|text| &**text)).collect();
            if !keep(&labels) {
                self.series.remove(series);
            }
        }
    }
}

/// A family of any kind of metric, as the registry holds it.
pub(crate) trait AnyFamily: Send + Sync {
    fn shape(&self) -> Shape;

    fn visit(&self, reading: &mut Reading, visitor: &mut dyn Visitor) -> ControlFlow<()>;
}

impl<M: Metric> AnyFamily for FamilyCore<M> {
    fn shape(&self) -> Shape {
        M::shape(&self.settings, self.label_names.clone())
    }

    fn visit(&self, reading: &mut Reading, visitor: &mut dyn Visitor) -> ControlFlow<()> {
        let mut flow = ControlFlow::Continue(());
        for series in self.series.iter().chain(self.overflow.get()) {
            let shown = collect::Series {
                constant: &self.constant_labels,
                names: &self.label_names,
                texts: &series.texts,
                kept: &series.kept,
                exemplars: &|| series.value.exemplars(),
            };
            series.value.read(reading, &mut |sample| {
                flow = visitor.series(&self.description, &shown, &sample);
            });
            if flow.is_break() {
                break;
            }
        }
        flow
    }
}
