//! A family without the type of its labels: what the registry knows.

use std::ops::ControlFlow;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use crate::cells::{Block, CellId, Here, Owner, Reading, Unsigned};
use crate::collect::{self, Visitor};
use crate::description::{Description, Shape};
use crate::exemplar::Drops;
use crate::label::Texts;
use crate::series::{Budget, Entry, JoinedTexts, SeriesTable, all_say};
use crate::{Counter, Labels, Metric, name};

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
    /// After how long at rest a series is taken out.
    idle_timeout: Option<Duration>,
    /// The label sets that have numbers, in the order of these.
    numbered: OnceLock<Vec<JoinedTexts>>,
    /// What is lent to the series that have numbers: to each the cell at its number.
    block: OnceLock<Option<Arc<Block>>>,
    overflow: OnceLock<Entry<M>>,
    /// Made at registration, so that there is somewhere to record to even when cells have run out: the one series of a metric
    /// without labels, the overflow of a family.
    spare: M,
    _spare_owner: Owner,
    losses: Losses,
}

/// How many series a family may have, and for how long.
#[derive(Debug, Clone, Default)]
pub(crate) struct Limits {
    pub(crate) max_series: usize,
    /// How many label sets can have a number.
    pub(crate) numbers: usize,
    /// What the families of a registry have together.
    pub(crate) budget: Option<Arc<Budget>>,
    pub(crate) idle_timeout: Option<Duration>,
}

impl<M: Metric> FamilyCore<M> {
    /// A family without series, or nothing when no cell is left.
    pub(crate) fn new(
        description: Arc<Description>,
        label_names: Vec<String>,
        constant_labels: Arc<[(String, String)]>,
        settings: M::Settings,
        limits: Limits,
        losses: Losses,
    ) -> Option<Self> {
        let (spare, owner) = M::allocate(&settings, &losses.exemplars)?;
        Some(Self {
            spare,
            _spare_owner: owner,
            description,
            // A metric without labels is always there, and is no news to any budget.
            series: SeriesTable::with(
                limits.max_series,
                limits.numbers,
                limits.budget.filter(|_| !label_names.is_empty()),
            ),
            label_names,
            constant_labels,
            settings,
            idle_timeout: limits.idle_timeout,
            numbered: OnceLock::new(),
            block: OnceLock::new(),
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

    /// Numbers the sets of a type of labels that has so many of them, and says whether these are the numbers: two types can have the same
    /// label names and other values. With `fill` the series are made.
    pub(crate) fn number<L: Labels>(&self, sets: usize, fill: bool) -> bool {
        let texts_of = |index| L::texts_at(index);
        let same =
            |number: usize, own: &JoinedTexts| own.iter().eq(texts_of(number).iter().map(|text| &**text));
        let numbered = self.numbered.get_or_init(|| {
            (0..sets).map(|index| texts_of(index).iter().map(|text| &**text).collect()).collect()
        });
        let is_numbered = self.series.has_numbers(sets)
            && numbered.len() == sets
            && numbered.iter().enumerate().all(|(number, own)| same(number, own));
        if is_numbered && M::LENT && sets <= Block::MAX && !self.label_names.is_empty() {
            // Once and for all: series that were made without it have cells of their own.
            self.block.get_or_init(|| Block::allocate(sets as u16));
        }
        if fill {
            for number in 0..sets {
                let texts = texts_of(number);
                let texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
                // Where there is no room, the first look-up will find out and count it.
                self.find_or_make(&Texts(&texts), is_numbered.then_some(number), |_| ());
            }
        }
        is_numbered
    }

    /// The metric with these labels, or that of the overflow.
    pub(crate) fn with(&self, labels: &impl Labels) -> M {
        self.at(labels, M::handle).unwrap_or_else(|| self.with_first(labels, None))
    }

    /// Does something at the metric with these labels, if it is there.
    #[inline(always)]
    pub(crate) fn at<R>(&self, labels: &impl Labels, act: impl FnOnce(&M, Here) -> R) -> Option<R> {
        self.series.find_here(labels, |series, here| act(&series.value, here))
    }

    /// The same for the metric with a number.
    #[inline(always)]
    pub(crate) fn at_number<R>(&self, number: usize, act: impl FnOnce(&M, Here) -> R) -> Option<R> {
        self.series.numbered(number, |series, here| act(&series.value, here))
    }

    fn block(&self) -> Option<&Arc<Block>> {
        self.block.get()?.as_ref()
    }

    /// The cell that is lent to the series with the number 0, if the others follow.
    pub(crate) fn first_lent(&self) -> Option<CellId<Unsigned>> {
        self.block().map(|block| block.first())
    }

    /// Does something at the thread's cells if the cell with a number is lent to the series that has it.
    #[inline(always)]
    pub(crate) fn if_lent<R>(&self, number: usize, act: impl FnOnce(Here) -> R) -> Option<R> {
        self.series.if_lent(number, act)
    }

    /// The metric with labels that were not found, or that of the overflow.
    #[cold]
    pub(crate) fn with_first(&self, labels: &impl Labels, number: Option<usize>) -> M {
        self.with_new(labels, number).unwrap_or_else(|| self.overflow())
    }

    /// The metric with labels that were not found, unless there is no room for it.
    #[cold]
    pub(crate) fn with_new(&self, labels: &impl Labels, number: Option<usize>) -> Option<M> {
        if !self.label_names.is_empty() && all_say(labels, OVERFLOW) {
            return Some(self.overflow_series().value.clone());
        }
        let found = self.find_or_make(labels, number, |series| series.value.clone())?;
        // The table may have grown out of its slots.
        self.series.sweep(true);
        Some(found)
    }

    fn find_or_make<R>(
        &self,
        labels: &impl Labels,
        number: Option<usize>,
        read: impl FnOnce(&Entry<M>) -> R,
    ) -> Option<R> {
        let block = number.zip(self.block());
        let make = |_: &JoinedTexts| {
            if self.label_names.is_empty() && self.series.is_new() {
                return Some((self.spare.clone(), None));
            }
            let made = match block.and_then(|(number, block)| block.lend(number)) {
                Some(cell) => M::allocate_lent(cell, &self.settings, &self.losses.exemplars),
                None => M::allocate(&self.settings, &self.losses.exemplars),
            };
            made.map(|(metric, owner)| (metric, Some(owner)))
        };
        // It is not when it was made while one that was removed still had the cell.
        let is_lent = |metric: &M| {
            let lent = block.and_then(|(number, block)| block.cell(number));
            lent.is_some_and(|cell| metric.is_at(cell))
        };
        self.series.find_or_make(labels, number, is_lent, make, read)
    }

    /// The metric of the overflow, for one more look-up that found no room.
    pub(crate) fn overflow(&self) -> M {
        self.count_overflow();
        self.overflow_series().value.clone()
    }

    pub(crate) fn count_overflow(&self) {
        if let Some(counter) = (self.losses.overflow)() {
            counter.inc();
        }
    }

    fn overflow_series(&self) -> &Entry<M> {
        let texts = || self.label_names.iter().map(|_| OVERFLOW).collect();
        self.overflow.get_or_init(|| Entry::new(texts(), self.spare.clone(), None))
    }

    /// Whether there is a series with these labels.
    pub(crate) fn has(&self, labels: &impl Labels) -> bool {
        self.series.find(labels, |_| ()).is_some()
    }

    pub(crate) fn remove(&self, labels: &impl Labels) -> bool {
        let removed = self.series.remove(labels);
        self.sweep();
        removed
    }

    pub(crate) fn retain(&self, mut keep: impl FnMut(&[(&str, &str)]) -> bool) {
        self.series.retain(|series| {
            let names = self.label_names.iter().map(String::as_str);
            keep(&names.zip(series.texts.iter()).collect::<Vec<_>>())
        });
        self.sweep();
    }

    /// Frees what was removed: at once where cells are lent, so that they can be lent again.
    fn sweep(&self) {
        self.series.sweep(self.block().is_none());
    }
}

/// A family of any kind of metric, as the registry holds it.
pub(crate) trait AnyFamily: Send + Sync {
    fn shape(&self) -> Shape;

    /// Takes out the series that have been at rest for too long.
    fn expire(&self, now: Instant, reading: &mut Reading);

    /// Shows the series from a place on, and moves the place behind each that is shown.
    fn visit(&self, place: &mut usize, reading: &mut Reading, visitor: &mut dyn Visitor) -> ControlFlow<()>;
}

impl<M: Metric> AnyFamily for FamilyCore<M> {
    fn shape(&self) -> Shape {
        M::shape(&self.settings, self.label_names.clone())
    }

    fn expire(&self, now: Instant, reading: &mut Reading) {
        match self.idle_timeout {
            Some(timeout) => self.series.expire(timeout, now, reading),
            None => self.series.sweep(false),
        }
    }

    fn visit(&self, place: &mut usize, reading: &mut Reading, visitor: &mut dyn Visitor) -> ControlFlow<()> {
        let has_plain_names = name::are_plain(&self.constant_labels, &self.label_names);
        let mut show = |series: &Entry<M>| {
            let shown = collect::Series {
                constant: &self.constant_labels,
                names: &self.label_names,
                has_plain_names,
                texts: &series.texts,
                created: Some(series.created),
                kept: &series.kept,
                exemplars: &|| series.value.exemplars(),
            };
            let mut flow = ControlFlow::Continue(());
            series.value.read(reading, &mut |sample| {
                flow = visitor.series(&self.description, &shown, &sample);
            });
            flow
        };
        self.series.visit(place, &mut show)?;
        match self.overflow.get() {
            // It is behind all places.
            Some(overflow) if *place != usize::MAX => {
                *place = usize::MAX;
                show(overflow)
            }
            _ => ControlFlow::Continue(()),
        }
    }
}
