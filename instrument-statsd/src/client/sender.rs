use std::sync::Arc;
use std::time::{Duration, Instant};

use super::delivery::Delivery;
use super::handles::Handles;
use super::lane::Lanes;
use crate::exporter::Pusher;
use crate::packet::{Packets, Refused};
use crate::queue::Waiting;
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
    handles: Pusher,
    handle_interval: Duration,
    /// When handles are sent. Nothing, if there are none.
    push_at: Option<Instant>,
}

impl Sender {
    pub(super) fn new(
        lanes: Arc<Lanes>,
        delivery: Delivery,
        flush_interval: Duration,
        handles: Pusher,
        handle_interval: Duration,
    ) -> Self {
        let packet = Packets::new(lanes.packet_bytes(), lanes.packet_bytes());
        let flush_interval = flush_interval.min(LONGEST);
        let handle_interval = handle_interval.min(LONGEST);
        Self {
            lanes,
            delivery,
            packet,
            flush_interval,
            flush_at: None,
            handles,
            handle_interval,
            push_at: None,
        }
    }

    pub(super) fn run(mut self, handles: &Handles) {
        loop {
            let turn = self.wait(handles);
            let now = Instant::now();
            let is_due =
                |moment: Option<Instant>| turn.is_some() || moment.is_some_and(|moment| moment <= now);
            if turn.is_some_and(|turn| turn.closing) {
                self.lanes.close();
            }
            if is_due(self.flush_at) {
                self.flush_at = None;
                self.lanes.take_all();
            }
            if turn.is_some_and(|turn| turn.closing) {
                self.lanes.queue.lock().content.seal();
            }
            self.send();
            if is_due(self.push_at) && handles.are_used() {
                self.push_at = None;
                self.handles.flush();
            }
            if self.push_at.is_none() && handles.are_used() {
                self.push_at = Some(now + self.handle_interval);
            }
            if let Some(turn) = turn {
                self.lanes.queue.done(turn);
                if turn.closing {
                    self.delivery.end();
                    self.handles.end();
                    return;
                }
            }
        }
    }

    /// Waits until there is something to do. Returns what was asked for, if something was.
    fn wait(&mut self, handles: &Handles) -> Option<Turn> {
        let (knows, knows_handles) = (self.flush_at.is_some(), self.push_at.is_some());
        let until = self.flush_at.into_iter().chain(self.push_at).min();
        let ready = |waiting: &Waiting| {
            waiting.has_packets() || waiting.has_begun() && !knows || handles.are_used() && !knows_handles
        };
        let state = self.lanes.queue.wait(until, ready);
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

impl Drop for Sender {
    fn drop(&mut self) {
        self.lanes.close();
        self.lanes.queue.end(&self.lanes.telemetry);
    }
}
