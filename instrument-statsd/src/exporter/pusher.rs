use instrument_core::Registry;

use super::outgoing::Outgoing;
use crate::DropCause;
use crate::delta::{Due, Ledger};
use crate::line::Flavor;

/// Writes what is owed of a registry.
pub(super) struct Pusher {
    registry: Registry,
    flavor: Flavor,
    max_samples: u64,
    ledger: Ledger,
    outgoing: Outgoing,
    record: Vec<u8>,
    due: Vec<Due>,
}

impl Pusher {
    pub(super) fn new(
        registry: Registry,
        ledger: Ledger,
        flavor: Flavor,
        max_samples: u64,
        outgoing: Outgoing,
    ) -> Self {
        Self { registry, flavor, max_samples, ledger, outgoing, record: Vec::new(), due: Vec::new() }
    }

    /// Sends all that has happened since the last flush.
    pub(super) fn flush(&mut self) {
        // First, because changes cannot be given back once the registry is read.
        self.outgoing.settle(&mut self.ledger);
        let forgotten = self.ledger.read(&self.registry);
        self.outgoing.telemetry.dropped(DropCause::SeriesRemoved, forgotten);
        for place in 0..self.ledger.len() {
            self.ledger.take(place, self.max_samples, &mut self.due);
            for due in self.due.drain(..) {
                self.record.clear();
                self.record.extend_from_slice(self.ledger.name(place));
                match self.flavor.complete(&mut self.record, due.value) {
                    Ok(()) => self.outgoing.add(&self.record, due.change, &mut self.ledger),
                    Err(_) => self.outgoing.telemetry.dropped(DropCause::BadValue, 1),
                }
            }
        }
        self.outgoing.send(&mut self.ledger);
    }

    /// Counts what is owed still: nobody will send it.
    pub(super) fn end(&mut self) {
        self.outgoing.settle(&mut self.ledger);
        self.outgoing.telemetry.dropped(DropCause::SendFailed, self.ledger.lines_owed());
    }
}
