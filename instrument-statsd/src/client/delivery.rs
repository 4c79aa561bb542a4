use std::sync::Arc;

use crate::DropCause;
use crate::packet::lines;
use crate::telemetry::Telemetry;
use crate::transport::Link;

/// Sends packets once. What the link does not take is lost: a direct call says something once.
pub(super) struct Delivery {
    link: Box<dyn Link>,
    telemetry: Arc<Telemetry>,
    /// How many lines the packet has that may still turn out to be lost.
    lines_sent_last: u64,
}

impl Delivery {
    pub(super) fn new(link: Box<dyn Link>, telemetry: Arc<Telemetry>) -> Self {
        Self { link, telemetry, lines_sent_last: 0 }
    }

    pub(super) fn send(&mut self, packet: &[u8]) {
        self.take_late_error();
        let (sent, lines) = (self.link.send(packet), lines(packet));
        if sent.is_ok() {
            self.telemetry.packet_sent(lines, packet.len());
            self.lines_sent_last = lines;
        } else {
            self.take_late_error();
            self.failed(lines);
            self.lines_sent_last = 0;
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
