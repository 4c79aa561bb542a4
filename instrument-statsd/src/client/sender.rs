use std::sync::Arc;
use std::time::Duration;

use crate::DropCause;
use crate::packet::{Packets, lines};
use crate::queue::Queue;
use crate::telemetry::Telemetry;
use crate::transport::Link;

/// The work of the client's thread.
pub(super) struct Sender {
    link: Box<dyn Link>,
    telemetry: Arc<Telemetry>,
    packets: Packets,
    interval: Duration,
    /// How many lines the packet has that may still turn out to be lost.
    lines_sent_last: u64,
}

impl Sender {
    /// Sends over a link. `packets` must be empty and as long as the queue's.
    pub(super) fn new(
        link: Box<dyn Link>,
        telemetry: Arc<Telemetry>,
        packets: Packets,
        interval: Duration,
    ) -> Self {
        Self { link, telemetry, packets, interval, lines_sent_last: 0 }
    }

    pub(super) fn run(mut self, queue: &Queue) {
        loop {
            let turn = queue.take(self.interval, &mut self.packets);
            self.send();
            queue.done(turn);
            if turn.closing {
                return;
            }
        }
    }

    /// Sends what was taken. What the link does not take is lost: a direct call says something once.
    fn send(&mut self) {
        for packet in self.packets.iter() {
            if self.link.late_error().is_some() {
                self.telemetry.packet_failed();
                self.telemetry.dropped(DropCause::SendFailed, self.lines_sent_last);
            }
            let count = lines(packet);
            match self.link.send(packet) {
                Ok(()) => {
                    self.telemetry.packet_sent(packet);
                    self.lines_sent_last = count;
                }
                Err(_) => {
                    self.telemetry.packet_failed();
                    self.telemetry.dropped(DropCause::SendFailed, count);
                    self.lines_sent_last = 0;
                }
            }
        }
        self.packets.clear();
    }
}
