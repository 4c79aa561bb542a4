use instrument_core::Registry;

use super::outgoing::Outgoing;
use crate::DropCause;
use crate::delta::{Due, Ledger, Naming};
use crate::form::Form;
use crate::line::{Flavor, Said, Value, epoch_seconds};

/// Room for one size of several in a line. The longest is as long; two of them leave room for type and rate.
const PACKED_BYTES: usize = 16;

/// Writes what is owed of a registry.
pub(crate) struct Pusher {
    registry: Registry,
    flavor: Flavor,
    packs: bool,
    suffixes: Vec<String>,
    ledger: Ledger,
    outgoing: Outgoing,
    record: Vec<u8>,
    due: Vec<Due>,
    sizes: Vec<f32>,
    /// That of the last flush.
    epoch_seconds: u64,
}

impl Pusher {
    pub(crate) fn new(registry: Registry, naming: Naming, form: Form, outgoing: Outgoing) -> Self {
        Self {
            registry,
            flavor: naming.flavor,
            packs: matches!(form, Form::Packed { .. }),
            suffixes: form.suffixes(),
            ledger: Ledger::new(naming, form),
            outgoing,
            record: Vec::new(),
            due: Vec::new(),
            sizes: Vec::new(),
            epoch_seconds: 0,
        }
    }

    /// Sends all that has happened since the last flush.
    pub(crate) fn flush(&mut self) {
        // First, because changes cannot be given back once the registry is read.
        self.outgoing.settle(&mut self.ledger);
        let forgotten = self.ledger.read(&self.registry);
        self.outgoing.telemetry.dropped(DropCause::SeriesRemoved, forgotten);
        if self.flavor.tells_time() {
            // Of two values of one second Graphite would keep the later one alone.
            self.epoch_seconds = epoch_seconds().max(self.epoch_seconds + 1);
        }
        for place in 0..self.ledger.len() {
            self.ledger.take(place, &mut self.due);
            self.write(place);
        }
        self.outgoing.send(&mut self.ledger);
    }

    /// Writes the lines of a series.
    fn write(&mut self, place: usize) {
        let mut rest = self.due.as_slice();
        while let (Some(first), Some(name)) = (rest.first(), self.ledger.name(place)) {
            self.sizes.clear();
            if self.packs {
                let room = self.outgoing.packet_bytes().saturating_sub(name.text.len() + name.tags.len());
                // One at least: it is of the type that they all are.
                self.sizes.extend(alike(rest).take((room / PACKED_BYTES).max(1)));
            }
            let (value, count) = match self.sizes.len() {
                0 => (first.value, 1),
                count => (Value::Packed(&self.sizes), count),
            };
            let (some, others) = rest.split_at(count);
            rest = others;
            self.record.clear();
            self.record.extend_from_slice(&name.text);
            let suffix = self.suffixes.get(first.suffix).map_or("", String::as_str);
            self.flavor.end_name(&mut self.record, 0, &name.tags, suffix);
            let rate = 1.0 / first.weight as f64;
            let said = Said { value, rate, tags: &name.tags, epoch_seconds: self.epoch_seconds };
            match self.flavor.complete(&mut self.record, 0, said) {
                Ok(()) => {
                    let changes = some.iter().map(|due| due.change);
                    self.outgoing.add(&self.record, changes, &mut self.ledger);
                }
                Err(why) => self.outgoing.telemetry.dropped(why.into(), 1),
            }
        }
        self.due.clear();
    }

    /// Counts what is owed still: nobody will send it.
    pub(crate) fn end(&mut self) {
        self.outgoing.end(&mut self.ledger);
        self.outgoing.telemetry.dropped(DropCause::SendFailed, self.ledger.lines_owed());
    }
}

/// The sizes of the first lines that have the same weight.
fn alike(lines: &[Due]) -> impl Iterator<Item = f32> {
    let weight = lines.first().map(|due| due.weight);
    lines.iter().map_while(move |due| match due.value {
        Value::Milliseconds(size) | Value::Size(size) if Some(due.weight) == weight => Some(size),
        _ => None,
    })
}
