use std::mem;
use std::sync::Arc;

use super::pace::Pace;
use crate::DropCause;
use crate::delta::{Change, Ledger};
use crate::packet::{Packet, lines};
use crate::telemetry::Telemetry;
use crate::transport::{Link, timed_out};
use crate::worker::Deadline;

/// The packet on its way, and what is owed again if it does not leave.
pub(crate) struct Outgoing {
    pub(super) telemetry: Arc<Telemetry>,
    link: Box<dyn Link>,
    /// The packet that is being filled, and what its lines have taken off.
    packet: Packet,
    changes: Vec<Change>,
    /// What the lines of the packet that was sent last have taken off.
    sent_last: Vec<Change>,
    /// Whether this flush has met a server that is gone or reads nothing. Its other packets would have to wait for the same, so they are
    /// not tried.
    is_over: bool,
    pace: Pace,
}

impl Outgoing {
    pub(crate) fn new(
        link: Box<dyn Link>,
        packet_bytes: usize,
        telemetry: Arc<Telemetry>,
        deadline: Deadline,
    ) -> Self {
        Self {
            telemetry,
            link,
            packet: Packet::new(packet_bytes),
            changes: Vec::new(),
            sent_last: Vec::new(),
            is_over: false,
            pace: Pace::new(deadline),
        }
    }

    /// The greatest length of a packet, and so of a record.
    pub(super) fn packet_bytes(&self) -> usize {
        self.packet.max_bytes()
    }

    /// Adds a record to the packet, which is sent first if it is full.
    pub(super) fn add(&mut self, record: &[u8], changes: impl Iterator<Item = Change>, ledger: &mut Ledger) {
        if record.len() > self.packet_bytes() {
            return self.telemetry.dropped(DropCause::TooLong, 1);
        }
        if !self.packet.has_room_for(record.len()) {
            self.send(ledger);
        }
        self.packet.push(record);
        self.changes.extend(changes);
    }

    /// Sends the packet. If it does not leave, what its lines have taken off is owed again.
    pub(super) fn send(&mut self, ledger: &mut Ledger) {
        if !self.packet.is_empty() {
            self.send_packet(ledger);
        }
        self.packet.clear();
        self.changes.clear();
    }

    fn send_packet(&mut self, ledger: &mut Ledger) {
        let Self { telemetry, link, changes, sent_last, .. } = self;
        if self.is_over {
            return give_back(telemetry, changes, ledger);
        }
        if link.late_error().is_some() {
            give_back(telemetry, sent_last, ledger);
        }
        let packet = self.packet.as_bytes();
        match link.send(packet) {
            Ok(()) => {
                telemetry.packet_sent(lines(packet), packet.len());
                mem::swap(changes, sent_last);
                self.is_over = link.lines_begun() > 0;
                if !link.has_flow_control() {
                    self.pace.sent(packet.len());
                }
            }
            Err(error) => {
                if link.late_error().is_some() {
                    give_back(telemetry, sent_last, ledger);
                }
                give_back(telemetry, changes, ledger);
                // One of which nothing was taken leaves the one before as it was.
                if !timed_out(&error) {
                    sent_last.clear();
                }
                self.is_over = true;
            }
        }
    }

    /// Begins a flush, and makes the packet that was sent last a thing of the past: whatever is said about it later, nothing is owed again.
    pub(super) fn settle(&mut self, ledger: &mut Ledger) {
        if self.link.late_error().is_some() {
            give_back(&self.telemetry, &mut self.sent_last, ledger);
        }
        self.sent_last.clear();
        self.link.write_rest();
        self.is_over = false;
    }

    /// Counts the lines of which the server has a part, and will not get the rest.
    pub(super) fn end(&mut self, ledger: &mut Ledger) {
        self.settle(ledger);
        self.telemetry.dropped(DropCause::SendFailed, self.link.lines_begun());
    }
}

/// Makes what the lines of a lost packet had taken off be owed again.
fn give_back(telemetry: &Telemetry, changes: &mut Vec<Change>, ledger: &mut Ledger) {
    telemetry.packet_failed();
    let all = changes.len() as u64;
    let mut carried = 0;
    for change in changes.drain(..).filter(Change::can_be_given_back) {
        ledger.give_back(&change);
        carried += 1;
    }
    telemetry.carried(carried);
    // Gauges: the next flush has a newer value.
    telemetry.dropped(DropCause::SendFailed, all - carried);
}
