//! What is registered in each registry.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use instrument_core::{
    Buckets, Counter, Exemplar, Family, Histogram, LabelValue, Labels, Registry, Snapshot, UpDownCounter,
    Value,
};

use crate::program::TEXTS;

/// The bounds of the histograms: 0 to 9 share the first bucket.
pub const BOUNDS: [f64; 3] = [9.0, 19.0, 39.0];

/// How many native buckets there can be.
pub const MAX_NATIVE: usize = 5;

pub struct Metrics {
    pub registry: Registry,
    /// Found by a hash of the labels.
    pub events: Family<Text<'static>, Counter>,
    /// Found by the index of the labels.
    pub sizes: Family<Letter, Histogram<u64>>,
    /// The same with a sum of another kind, and with so few native buckets that their resolution is lowered.
    pub ratios: Family<Letter, Histogram<f64>>,
    /// With room for fewer series than there are.
    pub crowded: Family<Text<'static>, Counter>,
    pub open: UpDownCounter,
    /// Whose series go when they have rested between two readings.
    idle: Family<Text<'static>, Counter>,
    /// The same, found by the index of the labels.
    idle_letters: Family<Letter, Counter>,
    read: Mutex<Read>,
}

/// Families whose series go.
pub const IDLE: [&str; 2] = ["idle", "idle_letters"];

/// The last that was read of each series that there has been: by its family, its label, and when it began to count.
type Read = HashMap<(&'static str, String, SystemTime), u64>;

/// A handle on a counter that stays, and on one of a family whose series expire.
pub struct Held {
    pub event: Counter,
    idle: [Counter; 2],
}

#[derive(Labels)]
pub struct Text<'a> {
    pub text: &'a str,
}

#[derive(Labels)]
pub struct Letter {
    pub text: OneOf,
}

#[derive(LabelValue, Clone, Copy)]
pub enum OneOf {
    A,
    B,
    C,
    D,
    E,
}

impl Metrics {
    pub fn new() -> Self {
        let registry = Registry::new();
        let bounds = || Buckets::explicit(BOUNDS);
        let native = bounds().and_native(3, MAX_NATIVE);
        Self {
            events: registry.counter("events", "").labels().register().unwrap(),
            sizes: registry.histogram("sizes", "").buckets(bounds()).labels().register().unwrap(),
            ratios: registry.histogram("ratios", "").buckets(native).labels().register().unwrap(),
            crowded: registry.counter("crowded", "").labels().max_series(2).register().unwrap(),
            idle: registry.counter("idle", "").labels().idle_timeout(Duration::ZERO).register().unwrap(),
            idle_letters: registry
                .counter("idle_letters", "")
                .labels()
                .idle_timeout(Duration::ZERO)
                .register()
                .unwrap(),
            read: Mutex::default(),
            open: registry.up_down_counter("open", "").register().unwrap(),
            registry,
        }
    }

    pub fn hold(&self, text: usize) -> Held {
        let labels = Text { text: TEXTS[text] };
        let idle = [self.idle.with(&labels), self.idle_letters.with(&letter(text))];
        Held { event: self.events.with(&labels), idle }
    }

    /// Half of the amounts are recorded by handles, the others without.
    pub fn add(&self, text: usize, amount: u64) {
        let labels = Text { text: TEXTS[text] };
        if amount.is_multiple_of(2) {
            self.events.with(&labels).inc_by(amount);
            self.idle.with(&labels).inc();
            self.idle_letters.with(&letter(text)).inc();
            self.crowded.with(&labels).inc();
        } else {
            self.events.inc_by(&labels, amount);
            self.idle.inc(&labels);
            self.idle_letters.inc(&letter(text));
            self.crowded.inc(&labels);
        }
    }

    pub fn observe(&self, text: usize, value: u64) {
        if value.is_multiple_of(2) {
            self.sizes.with(&letter(text)).observe(value);
        } else {
            self.sizes.observe(&letter(text), value);
        }
        let exemplar = Exemplar::trace_id(value);
        self.ratios.with(&letter(text)).observe_with(value as f64, exemplar);
    }

    pub fn remove(&self, text: usize) {
        self.events.remove(&Text { text: TEXTS[text] });
        self.sizes.remove(&letter(text));
        self.ratios.remove(&letter(text));
    }

    pub fn retain(&self, kept: &[usize]) {
        let is_kept = |labels: &[(&str, &str)]| kept.iter().any(|&text| labels == [("text", TEXTS[text])]);
        self.events.retain(is_kept);
        self.sizes.retain(is_kept);
        self.ratios.retain(is_kept);
    }

    /// A picture of them. Nobody else must read the registry, or a series could go that was not read here.
    pub fn snapshot(&self) -> Snapshot {
        let mut read = self.read.lock().unwrap();
        let snapshot = self.registry.snapshot();
        for family in IDLE {
            for series in snapshot.family(family).unwrap().series() {
                let Value::Counter(count) = *series.value() else { panic!("{series:?}") };
                let (_, label) = series.labels().next().unwrap();
                let before = read.insert((family, label.to_owned(), series.created().unwrap()), count);
                assert!(before <= Some(count), "{family} {label} stepped back from {before:?} to {count}");
            }
        }
        snapshot
    }

    /// How often there was something added to series with a label that are idle at times: what was read last of each of them.
    pub fn added_when_busy(&self, idle: &str, text: usize) -> u64 {
        let read = self.read.lock().unwrap();
        read.iter()
            .filter(|((family, label, _), _)| *family == idle && label == TEXTS[text])
            .map(|(_, count)| count)
            .sum()
    }
}

impl Held {
    pub fn add(&self, amount: u64, exemplar: Option<Exemplar>) {
        self.event.inc_by_with(amount, exemplar);
        self.idle.iter().for_each(Counter::inc);
    }
}

fn letter(text: usize) -> Letter {
    Letter { text: [OneOf::A, OneOf::B, OneOf::C, OneOf::D, OneOf::E][text] }
}
