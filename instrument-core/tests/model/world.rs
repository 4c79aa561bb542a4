//! The real thing: registries, and threads that record into them.

use std::sync::Arc;
use std::thread::JoinHandle;

use instrument_core::Snapshot;

use crate::lane::{Lane, Registries};
use crate::metrics::{IDLE, Metrics};
use crate::program::{Change, LANES, REGISTRIES, Step, TEXTS};
use crate::scraper::Scraper;

pub struct World {
    registries: Registries,
    lanes: Vec<Lane>,
    /// Threads that are about to end.
    ending: Vec<JoinHandle<()>>,
}

impl World {
    pub fn new() -> Self {
        let registries = (0..REGISTRIES).map(|_| Arc::new(Metrics::new())).collect();
        Self { registries, lanes: (0..LANES).map(|_| Lane::spawn()).collect(), ending: Vec::new() }
    }

    pub fn change(&mut self, change: &Change) {
        match change {
            Change::EndThread { lane } => {
                let ended = std::mem::replace(&mut self.lanes[*lane], Lane::spawn());
                self.ending.push(ended.end());
            }
            Change::Remove(series) => self.registries[series.registry].remove(series.text),
            Change::Retain { registry, kept } => self.registries[*registry].retain(kept),
            Change::Replace { registry } => self.registries[*registry] = Arc::new(Metrics::new()),
        }
    }

    /// Runs the steps of all lanes at once, and gives what the handles that they hold then say.
    pub fn run(&mut self, steps: &[Vec<Step>]) -> Vec<Vec<u64>> {
        let scraper = Scraper::spawn(self.registries.clone());
        for (lane, steps) in self.lanes.iter().zip(steps) {
            lane.start(self.registries.clone(), steps.clone());
        }
        let held: Vec<_> = self.lanes.iter().zip(steps).map(|(lane, _)| lane.held()).collect();
        self.ending.drain(..).for_each(|thread| thread.join().unwrap());
        scraper.end();
        held.iter().map(|held| held.iter().map(instrument_core::Counter::get).collect()).collect()
    }

    /// Ends all threads.
    pub fn end(&mut self) {
        let threads: Vec<_> = self.lanes.drain(..).map(Lane::end).collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    }

    /// What is read of each registry: a snapshot, and what was added to series that are idle at times.
    pub fn read(&self) -> Vec<(Snapshot, [[u64; TEXTS.len()]; 2])> {
        let read = |metrics: &Arc<Metrics>| {
            let snapshot = metrics.snapshot();
            (snapshot, IDLE.map(|idle| std::array::from_fn(|text| metrics.added_when_busy(idle, text))))
        };
        self.registries.iter().map(read).collect()
    }
}
