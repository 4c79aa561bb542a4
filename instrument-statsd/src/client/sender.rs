use std::sync::Arc;
use std::time::{Duration, Instant};

use super::delivery::Delivery;
use super::lane::Lanes;
use crate::packet::{Packets, Refused};
use crate::worker::Turn;

/// As good as never, and can be added to any moment.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The work of the client's thread.
pub(super) struct Sender {
    lanes: Arc<Lanes>,
    delivery: Delivery,
    /// Puts together what threads have left of packets.
    packet: Packets,
    flush_interval: Duration,
    /// When packets that are not full are sent. Nothing, if there are none.
    flush_at: Option<Instant>,
}

impl Sender {
    pub(super) fn new(lanes: Arc<Lanes>, delivery: Delivery, flush_interval: Duration) -> Self {
        let packet = Packets::new(lanes.packet_bytes(), lanes.packet_bytes());
        let flush_interval = flush_interval.min(LONGEST);
        Self { lanes, delivery, packet, flush_interval, flush_at: None }
    }

    pub(super) fn run(mut self) {
        loop {
            let turn = self.wait();
            let closing = turn.is_some_and(|turn| turn.closing);
            if closing {
                self.lanes.close();
            }
            let due = self.flush_at.is_some_and(|moment| moment <= Instant::now());
            if turn.is_some() || due {
                self.flush_at = None;
                self.lanes.take_all();
            }
            self.send();
            if let Some(turn) = turn {
                self.lanes.queue.done(turn);
            }
            if closing {
                return;
            }
        }
    }

    /// Waits until there is something to do. Returns what was asked for, if something was.
    fn wait(&mut self) -> Option<Turn> {
        let knows = self.flush_at.is_some();
        let state = self
            .lanes
            .queue
            .wait(self.flush_at, |waiting| waiting.has_packets() || waiting.has_begun() && !knows);
        if state.content.has_begun() && !knows {
            self.flush_at = Some(Instant::now() + self.flush_interval);
        }
        state.is_asked().then(|| state.turn())
    }

    fn send(&mut self) {
        let Self { lanes, delivery, packet, .. } = self;
        let mut send_all = |packets: &mut Packets| {
            packets.iter().for_each(|packet| delivery.send(packet));
            packets.clear();
        };
        lanes.queue.take_all(|some| {
            if packet.push(some) == Err(Refused::Full) {
                send_all(packet);
                // It has room for the longest.
                let _ = packet.push(some);
            }
        });
        send_all(packet);
    }
}
