//! What a program can do.

use proptest::collection::vec;
use proptest::prelude::*;

/// How many registries there are at a time.
pub const REGISTRIES: usize = 2;

/// What labels can say.
pub const TEXTS: [&str; 5] = ["a", "b", "c", "d", "e"];

/// How many threads there are at most at a time.
pub const LANES: usize = 4;

#[derive(Debug, Clone)]
pub struct Program {
    pub phases: Vec<Phase>,
}

/// What is changed while no thread records, and then what each thread records, all at once.
#[derive(Debug, Clone)]
pub struct Phase {
    pub changes: Vec<Change>,
    pub lanes: Vec<Vec<Step>>,
}

/// What makes a difference to others, which therefore would not know what to expect.
#[derive(Debug, Clone)]
pub enum Change {
    /// The thread of a lane ends. It drops what it holds while the others go on; a new one takes its place.
    EndThread { lane: usize },
    /// A series is removed.
    Remove(Series),
    /// All series of a registry are removed, but for these.
    Retain { registry: usize, kept: Vec<usize> },
    /// A registry is dropped by whoever has it last, and a new one takes its place.
    Replace { registry: usize },
}

/// A series, and which of the registries it is of.
#[derive(Debug, Clone, Copy)]
pub struct Series {
    pub registry: usize,
    /// Of [`TEXTS`].
    pub text: usize,
}

/// What a thread does. What is taken of several held ones is counted round.
#[derive(Debug, Clone)]
pub enum Step {
    Add { series: Series, amount: u64 },
    Observe { series: Series, value: u64 },
    Hold(Series),
    AddToHeld { held: usize, amount: u64, with_exemplar: bool },
    Release { held: usize },
    Open { registry: usize },
    Close { opened: usize },
}

pub fn program() -> impl Strategy<Value = Program> {
    let phase = (vec(change(), 0..4), vec(vec(step(), 0..40), 1..=LANES));
    let phase = phase.prop_map(|(changes, lanes)| Phase { changes, lanes });
    vec(phase, 1..6).prop_map(|phases| Program { phases })
}

fn series() -> impl Strategy<Value = Series> {
    (0..REGISTRIES, 0..TEXTS.len()).prop_map(|(registry, text)| Series { registry, text })
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        3 => (0..LANES).prop_map(|lane| Change::EndThread { lane }),
        2 => series().prop_map(Change::Remove),
        1 => (0..REGISTRIES, vec(0..TEXTS.len(), 0..3)).prop_map(|(registry, kept)| Change::Retain { registry, kept }),
        1 => (0..REGISTRIES).prop_map(|registry| Change::Replace { registry }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    // Most additions are small; few fill a counter.
    let amount = || prop_oneof![20 => 0..1000_u64, 1 => Just(u64::MAX)];
    prop_oneof![
        4 => (series(), amount()).prop_map(|(series, amount)| Step::Add { series, amount }),
        4 => (series(), 0..50_u64).prop_map(|(series, value)| Step::Observe { series, value }),
        2 => series().prop_map(Step::Hold),
        4 => (any::<usize>(), amount(), any::<bool>())
            .prop_map(|(held, amount, with_exemplar)| Step::AddToHeld { held, amount, with_exemplar }),
        1 => any::<usize>().prop_map(|held| Step::Release { held }),
        2 => (0..REGISTRIES).prop_map(|registry| Step::Open { registry }),
        1 => any::<usize>().prop_map(|opened| Step::Close { opened }),
    ]
}
