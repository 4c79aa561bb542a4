use std::sync::Arc;

use crate::DropCause;
use crate::packet::lines;
use crate::telemetry::Telemetry;
use crate::transport::{Link, timed_out};
use crate::worker::Deadline;

/// Sends packets once. What the link does not take is lost: a direct call says something once.
pub(super) struct Delivery {
    link: Box<dyn Link>,
    telemetry: Arc<Telemetry>,
    deadline: Deadline,
    /// How many lines the packet has that may still turn out to be lost.
    lines_sent_last: u64,
    /// Whether the server did not read when it was tried last.
    hangs: bool,
}

impl Delivery {
    pub(super) fn new(link: Box<dyn Link>, telemetry: Arc<Telemetry>, deadline: Deadline) -> Self {
        Self { link, telemetry, deadline, lines_sent_last: 0, hangs: false }
    }

    pub(super) fn send(&mut self, packet: &[u8]) {
        let lines = lines(packet);
        // At the end, a server that hangs is waited for once.
        if self.hangs && (self.deadline)().is_some() {
            return self.failed(lines);
        }
        self.take_late_error();
        let sent = self.link.send(packet);
        self.hangs = sent.as_ref().is_err_and(timed_out);
        if sent.is_ok() {
            self.telemetry.packet_sent(lines, packet.len());
            self.lines_sent_last = lines;
        } else {
            self.take_late_error();
            self.failed(lines);
            if !self.hangs {
                self.lines_sent_last = 0;
            }
        }
    }

    /// Counts what the server has a part of, and will not get the rest of.
    pub(super) fn end(&mut self) {
        self.take_late_error();
        self.link.write_rest();
        match self.link.lines_begun() {
            0 => {}
            lines => self.failed(lines),
        }
    }

    fn take_late_error(&mut self) {
        if self.link.late_error().is_some() {
            self.failed(self.lines_sent_last);
            self.lines_sent_last = 0;
        }
    }

    fn failed(&self, lines: u64) {
        self.telemetry.packet_failed();
        self.telemetry.dropped(DropCause::SendFailed, lines);
    }
}
