//! From records to packets.

use std::sync::Arc;

use super::template::{Template, Templates};
use crate::block::Record;
use crate::line::Flavor;

/// Makes lines of records, and packets of lines: each as full as it can be, with no record in two of them.
#[derive(Debug)]
pub(super) struct Packing {
    flavor: Flavor,
    packet_bytes: usize,
    /// The packet that is being filled, with newlines between the records.
    packet: Vec<u8>,
    /// By number, as far as they were asked for.
    templates: Vec<Arc<Template>>,
}

impl Packing {
    pub(super) fn new(flavor: Flavor, packet_bytes: usize) -> Self {
        Self { flavor, packet_bytes, packet: Vec::with_capacity(2 * packet_bytes), templates: Vec::new() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.packet.is_empty()
    }

    /// Adds a record, none of which is longer than a packet. A packet that it does not fit into is full, and is sent.
    pub(super) fn add(&mut self, record: Record<'_>, known: &Templates, send: impl FnOnce(&[u8])) {
        let end = self.packet.len();
        if end > 0 {
            self.packet.push(b'\n');
        }
        let start = self.packet.len();
        match record {
            Record::Text(text) => text.append_to(&mut self.packet),
            Record::Value { template, bits } => self.write(template as usize, bits, known),
        }
        if self.packet.len() > self.packet_bytes && end > 0 {
            send(&self.packet[..end]);
            self.packet.drain(..start);
        }
    }

    /// Sends what is there.
    pub(super) fn take_rest(&mut self, send: impl FnOnce(&[u8])) {
        if !self.packet.is_empty() {
            send(&self.packet);
            self.packet.clear();
        }
    }

    fn write(&mut self, number: usize, bits: u64, known: &Templates) {
        if number >= self.templates.len() {
            self.templates.extend(known.since(self.templates.len()));
        }
        if let Some(template) = self.templates.get(number) {
            template.write(&mut self.packet, self.flavor, bits);
        }
    }
}
