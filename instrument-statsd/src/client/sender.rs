use std::sync::Arc;
use std::time::Duration;

use crate::DropCause;
use crate::packet::{Packets, lines};
use crate::queue::Queue;
use crate::telemetry::Telemetry;
use crate::transport::Link;

/// The work of the client's thread.
pub(super) struct Sender {
    delivery: Delivery,
    packets: Packets,
    interval: Duration,
}

impl Sender {
    /// `packets` must be empty and as long as the queue's.
    pub(super) fn new(delivery: Delivery, packets: Packets, interval: Duration) -> Self {
        Self { delivery, packets, interval }
    }

    pub(super) fn run(mut self, queue: &Queue) {
        loop {
            let turn = queue.take(self.interval, &mut self.packets);
            self.packets.iter().for_each(|packet| self.delivery.send(packet));
            self.packets.clear();
            queue.done(turn);
            if turn.closing {
                return;
            }
        }
    }
}

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

    fn send(&mut self, packet: &[u8]) {
        self.take_late_error();
        let sent = self.link.send(packet);
        if sent.is_ok() {
            self.telemetry.packet_sent(packet);
            self.lines_sent_last = lines(packet);
        } else {
            self.take_late_error();
            self.failed(lines(packet));
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
