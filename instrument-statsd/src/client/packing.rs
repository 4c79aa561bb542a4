//! From records to packets.

use std::convert::Infallible;
use std::sync::Arc;

use super::template::{Template, Templates};
use crate::block::Record;
use crate::line::Flavor;
use crate::packet::Packet;

/// Makes lines of records, and packets of lines: each as full as it can be, with no record in two of them.
#[derive(Debug)]
pub(super) struct Packing {
    flavor: Flavor,
    packet: Packet,
    /// By number, as far as they were asked for.
    templates: Vec<Arc<Template>>,
}

impl Packing {
    pub(super) fn new(flavor: Flavor, packet_bytes: usize) -> Self {
        Self { flavor, packet: Packet::new(packet_bytes), templates: Vec::new() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.packet.is_empty()
    }

    /// Adds a record. A packet that it does not fit into is full, and is sent.
    pub(super) fn add(&mut self, record: Record<'_>, known: &Templates, send: impl FnOnce(&[u8])) {
        let Self { flavor, packet, templates } = self;
        let write = |out: &mut Vec<u8>| -> Result<(), Infallible> {
            match record {
                Record::Text(text) => text.append_to(out),
                Record::Value { template, bits } => {
                    if let Some(template) = find(templates, template as usize, known) {
                        template.write(out, *flavor, bits);
                    }
                }
            }
            Ok(())
        };
        let Ok(()) = packet.add(write, send);
    }

    /// Sends what is there.
    pub(super) fn send_rest(&mut self, send: impl FnOnce(&[u8])) {
        self.packet.send_rest(send);
    }
}

fn find<'t>(templates: &'t mut Vec<Arc<Template>>, number: usize, known: &Templates) -> Option<&'t Template> {
    if number >= templates.len() {
        templates.extend(known.since(templates.len()));
    }
    templates.get(number).map(|template| &**template)
}
