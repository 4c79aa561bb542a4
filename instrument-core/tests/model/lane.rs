//! A thread that does what it is told.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};

use instrument_core::{Counter, Exemplar, InFlight};

use crate::metrics::{Held, Metrics};
use crate::program::Step;

pub type Registries = Vec<Arc<Metrics>>;

/// A thread, from the side of who tells it.
pub struct Lane {
    work: Sender<(Registries, Vec<Step>)>,
    /// Clones of what it holds, after each phase.
    held: Receiver<Vec<Counter>>,
    thread: JoinHandle<()>,
}

impl Lane {
    pub fn spawn() -> Self {
        let (work, received) = channel();
        let (send_held, held) = channel();
        let thread = thread::spawn(move || Worker::default().run(&received, &send_held));
        Self { work, held, thread }
    }

    pub fn start(&self, registries: Registries, steps: Vec<Step>) {
        self.work.send((registries, steps)).unwrap();
    }

    /// Waits until it has done its steps.
    pub fn held(&self) -> Vec<Counter> {
        self.held.recv().unwrap()
    }

    /// Has the thread end, which it does in its own time.
    pub fn end(self) -> JoinHandle<()> {
        self.thread
    }
}

#[derive(Default)]
struct Worker {
    held: Vec<Held>,
    opened: Vec<InFlight>,
    /// Kept until the next phase, so that a registry which has been replaced is dropped while others record.
    registries: Registries,
}

impl Worker {
    fn run(mut self, work: &Receiver<(Registries, Vec<Step>)>, held: &Sender<Vec<Counter>>) {
        for (registries, steps) in work {
            self.registries = registries;
            steps.iter().for_each(|step| self.step(step));
            // Whoever waited for it may have failed.
            let _ = held.send(self.held.iter().map(|held| held.event.clone()).collect());
        }
    }

    fn step(&mut self, step: &Step) {
        match *step {
            Step::Add { series, amount } => self.registries[series.registry].add(series.text, amount),
            Step::Observe { series, value } => self.registries[series.registry].observe(series.text, value),
            Step::Hold(series) => self.held.push(self.registries[series.registry].hold(series.text)),
            Step::AddToHeld { held, amount, with_exemplar } => {
                if let Some(index) = held.checked_rem(self.held.len()) {
                    let exemplar = with_exemplar.then(|| Exemplar::trace_id(amount));
                    self.held[index].add(amount, exemplar);
                }
            }
            Step::Release { held } => {
                if let Some(index) = held.checked_rem(self.held.len()) {
                    self.held.swap_remove(index);
                }
            }
            Step::Open { registry } => self.opened.push(self.registries[registry].open.track()),
            Step::Close { opened } => {
                if let Some(index) = opened.checked_rem(self.opened.len()) {
                    self.opened.swap_remove(index);
                }
            }
        }
    }
}
