//! The model: what the numbers must be, when one thing is done after the other.

use std::collections::BTreeMap;

use instrument_core::{HistogramSnapshot, RecordedExemplar, Snapshot, Value};

use crate::metrics::{BOUNDS, IDLE, MAX_NATIVE};
use crate::program::{Change, LANES, REGISTRIES, Series, Step, TEXTS};

/// All numbers, and who knows which of them.
#[derive(Debug)]
pub struct Expected {
    /// Counters that there are or have been. A handle on one counts after its series is gone, and its registry too.
    counters: Vec<Counted>,
    registries: [Registered; REGISTRIES],
    lanes: [Holding; LANES],
    /// How many registries there have been.
    generations: usize,
}

#[derive(Debug, Default)]
struct Counted {
    sum: u64,
    has_exemplar: bool,
}

#[derive(Debug, Default)]
struct Registered {
    generation: usize,
    events: [Option<usize>; TEXTS.len()],
    observed: [Observed; TEXTS.len()],
    crowded: u64,
    /// How often there was something added to series that are idle at times.
    added_when_busy: [u64; TEXTS.len()],
    open: i64,
}

/// How often each value was observed.
#[derive(Debug, Default)]
struct Observed(BTreeMap<u64, u64>);

impl Observed {
    /// How many of the values were above a bound and not above another.
    fn within(&self, above: f64, up_to: f64) -> u64 {
        let within = self.0.iter().filter(|&(&value, _)| above < value as f64 && value as f64 <= up_to);
        within.map(|(_, times)| times).sum()
    }

    fn sum(&self) -> u64 {
        self.0.iter().map(|(value, times)| value * times).sum()
    }

    /// How many were in each explicit bucket.
    fn counts(&self) -> [u64; BOUNDS.len() + 1] {
        let bound = |index: usize| BOUNDS.get(index).copied().unwrap_or(f64::INFINITY);
        std::array::from_fn(|bucket| self.within(bucket.checked_sub(1).map_or(-1.0, bound), bound(bucket)))
    }

    /// Asserts that a histogram says the same. One that nothing was observed in may be there or not.
    fn compare(&self, histogram: Option<&HistogramSnapshot>) {
        let Some(histogram) = histogram else {
            return assert!(self.0.is_empty(), "it is not there: {self:?}");
        };
        assert_eq!(histogram.counts(), self.counts());
        assert_eq!(histogram.sum(), self.sum() as f64);
        if let Some(native) = histogram.native() {
            assert!(native.positive().len() <= MAX_NATIVE);
            for (above, up_to, count) in native.buckets() {
                assert_eq!(count, self.within(above, up_to), "native bucket up to {up_to}");
            }
            assert_eq!(native.count(), histogram.count());
        }
    }
}

/// What a thread holds.
#[derive(Debug, Default)]
struct Holding {
    counters: Vec<Held>,
    /// The registry that it was opened in, and which one it was in that place.
    opened: Vec<(usize, usize)>,
}

#[derive(Debug, Clone, Copy)]
struct Held {
    counter: usize,
    series: Series,
    generation: usize,
}

impl Expected {
    pub fn new() -> Self {
        let registered = |generation| Registered { generation, ..Registered::default() };
        Self {
            counters: Vec::new(),
            registries: std::array::from_fn(registered),
            lanes: Default::default(),
            generations: REGISTRIES,
        }
    }

    pub fn change(&mut self, change: &Change) {
        match change {
            Change::EndThread { lane } => self.end_thread(*lane),
            Change::Remove(series) => self.registries[series.registry].remove(series.text),
            Change::Retain { registry, kept } => {
                let removed = (0..TEXTS.len()).filter(|text| !kept.contains(text));
                removed.for_each(|text| self.registries[*registry].remove(text));
            }
            Change::Replace { registry } => {
                self.registries[*registry] =
                    Registered { generation: self.generations, ..Registered::default() };
                self.generations += 1;
            }
        }
    }

    /// All threads end.
    pub fn end(&mut self) {
        (0..LANES).for_each(|lane| self.end_thread(lane));
    }

    fn end_thread(&mut self, lane: usize) {
        for opened in std::mem::take(&mut self.lanes[lane]).opened {
            self.close(opened);
        }
    }

    fn close(&mut self, (registry, generation): (usize, usize)) {
        let registry = &mut self.registries[registry];
        if registry.generation == generation {
            registry.open -= 1;
        }
    }

    pub fn run(&mut self, lane: usize, steps: &[Step]) {
        steps.iter().for_each(|step| self.step(lane, step));
    }

    fn step(&mut self, lane: usize, step: &Step) {
        match *step {
            Step::Add { series, amount } => {
                let counter = self.event(series);
                self.add(counter, amount);
                let registry = &mut self.registries[series.registry];
                registry.crowded += 1;
                registry.added_when_busy[series.text] += 1;
            }
            Step::Observe { series, value } => {
                let observed = &mut self.registries[series.registry].observed[series.text];
                *observed.0.entry(value).or_default() += 1;
            }
            Step::Hold(series) => {
                let counter = self.event(series);
                let generation = self.registries[series.registry].generation;
                self.lanes[lane].counters.push(Held { counter, series, generation });
            }
            Step::AddToHeld { held, amount, with_exemplar } => {
                if let Some(index) = held.checked_rem(self.lanes[lane].counters.len()) {
                    let Held { counter, series, generation } = self.lanes[lane].counters[index];
                    self.add(counter, amount);
                    self.counters[counter].has_exemplar |= with_exemplar;
                    let registry = &mut self.registries[series.registry];
                    if registry.generation == generation {
                        registry.added_when_busy[series.text] += 1;
                    }
                }
            }
            Step::Release { held } => {
                let counters = &mut self.lanes[lane].counters;
                if let Some(index) = held.checked_rem(counters.len()) {
                    counters.swap_remove(index);
                }
            }
            Step::Open { registry } => {
                let open = &mut self.registries[registry];
                open.open += 1;
                self.lanes[lane].opened.push((registry, open.generation));
            }
            Step::Close { opened } => {
                let all = &mut self.lanes[lane].opened;
                if let Some(index) = opened.checked_rem(all.len()) {
                    let opened = all.swap_remove(index);
                    self.close(opened);
                }
            }
        }
    }

    fn add(&mut self, counter: usize, amount: u64) {
        let sum = &mut self.counters[counter].sum;
        *sum = sum.saturating_add(amount);
    }

    /// The counter of a series, made if there is none.
    fn event(&mut self, series: Series) -> usize {
        let place = &mut self.registries[series.registry].events[series.text];
        *place.get_or_insert_with(|| {
            self.counters.push(Counted::default());
            self.counters.len() - 1
        })
    }

    /// Asserts that snapshots of the registries, and what the lanes hold, say the same.
    pub fn compare(&self, read: &[(Snapshot, [[u64; TEXTS.len()]; 2])], held: &[Vec<u64>]) {
        for (registry, (snapshot, added_when_busy)) in self.registries.iter().zip(read) {
            self.compare_registry(registry, snapshot);
            assert_eq!(*added_when_busy, [registry.added_when_busy; 2], "{IDLE:?}");
        }
        for (lane, held) in self.lanes.iter().zip(held) {
            let sums: Vec<u64> = lane.counters.iter().map(|held| self.counters[held.counter].sum).collect();
            assert_eq!(*held, sums);
        }
    }

    fn compare_registry(&self, registry: &Registered, snapshot: &Snapshot) {
        for (text, label) in TEXTS.into_iter().enumerate() {
            let labels = [("text", label)];
            let counted = registry.events[text].map(|counter| &self.counters[counter]);
            assert_eq!(
                snapshot.counter("events", &labels),
                counted.map(|counted| counted.sum),
                "events of {label}"
            );
            let has_exemplar = counted.is_some_and(|counted| counted.has_exemplar);
            assert_eq!(!snapshot.exemplars("events", &labels).is_empty(), has_exemplar, "events of {label}");

            let observed = &registry.observed[text];
            observed.compare(snapshot.histogram("sizes", &labels));
            observed.compare(snapshot.histogram("ratios", &labels));
            let buckets = snapshot.exemplars("ratios", &labels).iter().filter_map(RecordedExemplar::bucket);
            let filled = (0..).zip(observed.counts()).filter(|(_, count)| *count > 0);
            assert!(buckets.eq(filled.map(|(bucket, _)| bucket)), "exemplars of {label}: {snapshot}");
        }
        let crowded = snapshot.family("crowded").map_or(&[][..], |family| family.series()).iter();
        let crowded = crowded.map(|series| match series.value() {
            Value::Counter(sum) => *sum,
            other => panic!("{other:?}"),
        });
        assert_eq!(crowded.sum::<u64>(), registry.crowded);
        assert_eq!(snapshot.up_down_counter("open", &[]), Some(registry.open));
    }
}

impl Registered {
    fn remove(&mut self, text: usize) {
        self.events[text] = None;
        self.observed[text] = Observed::default();
    }
}
