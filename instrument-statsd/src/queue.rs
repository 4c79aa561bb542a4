//! Packets on their way from the threads that record to the one that sends.
//!
//! Nobody holds the lock while a packet is sent, so a server that is slow or gone costs those who record nothing.

use std::collections::VecDeque;

use crate::packet::lines;
use crate::telemetry::Telemetry;
use crate::worker::Shared;
use crate::{DropCause, QueuePolicy};

/// A bounded queue.
pub(crate) type Queue = Shared<Waiting>;

/// What waits.
#[derive(Debug)]
pub(crate) struct Waiting {
    packets: VecDeque<Vec<u8>>,
    /// Those that were sent, for their memory.
    spare: Vec<Vec<u8>>,
    bytes: usize,
    max_bytes: usize,
    policy: QueuePolicy,
    /// Whether a thread has begun a packet since the last time that all were asked for.
    begun: bool,
}

impl Waiting {
    pub(crate) fn new(max_bytes: usize, policy: QueuePolicy) -> Self {
        Self { packets: VecDeque::new(), spare: Vec::new(), bytes: 0, max_bytes, policy, begun: false }
    }

    pub(crate) fn has_packets(&self) -> bool {
        !self.packets.is_empty()
    }

    pub(crate) fn has_begun(&self) -> bool {
        self.begun
    }

    pub(crate) fn asks_for_all(&mut self) {
        self.begun = false;
    }

    fn pop(&mut self) -> Option<Vec<u8>> {
        let packet = self.packets.pop_front()?;
        self.bytes -= packet.len();
        Some(packet)
    }
}

impl Queue {
    /// Adds a packet and leaves an empty one in its place. What does not fit is dropped by the policy, packet by packet, and counted.
    pub(crate) fn push(&self, packet: &mut Vec<u8>, telemetry: &Telemetry) {
        self.add(packet, telemetry, false);
    }

    /// The same beyond the bound: for the packets that are not full, of which each thread has one.
    pub(crate) fn push_in_any_case(&self, packet: &mut Vec<u8>, telemetry: &Telemetry) {
        self.add(packet, telemetry, true);
    }

    fn add(&self, packet: &mut Vec<u8>, telemetry: &Telemetry, in_any_case: bool) {
        let mut state = self.lock();
        if state.has_ended() {
            drop(state);
            return drop_packet(packet, telemetry, DropCause::Closed);
        }
        let queue = &mut state.content;
        while !in_any_case && queue.bytes + packet.len() > queue.max_bytes {
            let oldest = match queue.policy {
                QueuePolicy::DropOldest => queue.pop(),
                QueuePolicy::DropNewest => None,
            };
            let Some(mut oldest) = oldest else {
                drop(state);
                return drop_packet(packet, telemetry, DropCause::QueueFull);
            };
            drop_packet(&mut oldest, telemetry, DropCause::QueueFull);
            queue.spare.push(oldest);
        }
        let empty = queue.spare.pop().unwrap_or_else(|| Vec::with_capacity(packet.capacity()));
        queue.bytes += packet.len();
        queue.packets.push_back(std::mem::replace(packet, empty));
        // Waking is a system call, so it is done for the first packet alone.
        let wake = state.waiting && state.content.packets.len() == 1;
        drop(state);
        if wake {
            self.wake();
        }
    }

    /// Says that there is a packet that nobody may ever fill, or something else to look at.
    pub(crate) fn announce(&self) {
        let mut state = self.lock();
        state.content.begun = true;
        let wake = state.waiting;
        drop(state);
        if wake {
            self.wake();
        }
    }

    /// Called by the thread that sends: takes as many packets as there are now.
    pub(crate) fn take_all(&self, mut take: impl FnMut(&[u8])) {
        let count = self.lock().content.packets.len();
        for _ in 0..count {
            let Some(mut packet) = self.lock().content.pop() else { return };
            take(&packet);
            packet.clear();
            self.lock().content.spare.push(packet);
        }
    }
}

#[cold]
fn drop_packet(packet: &mut Vec<u8>, telemetry: &Telemetry, cause: DropCause) {
    telemetry.dropped(cause, lines(packet));
    packet.clear();
}

#[cfg(test)]
mod tests {
    use instrument_core::Registry;

    use super::*;

    fn filled(policy: QueuePolicy, packets: &[&str]) -> (Vec<String>, u64) {
        let telemetry = Telemetry::register(&Registry::new()).unwrap();
        let queue = Queue::new(Waiting::new(10, policy));
        for packet in packets {
            let mut packet = packet.as_bytes().to_vec();
            queue.push(&mut packet, &telemetry);
            assert!(packet.is_empty());
        }
        let mut taken = Vec::new();
        queue.take_all(|packet| taken.push(String::from_utf8(packet.to_vec()).unwrap()));
        assert!(!queue.lock().content.has_packets());
        assert_eq!(queue.lock().content.bytes, 0);
        (taken, telemetry.stats().dropped_lines(DropCause::QueueFull))
    }

    #[test]
    fn the_policy_says_what_a_full_queue_drops() {
        let packets = ["a\nb", "cd", "efgh", "i\nj", "kl"];
        let (taken, dropped) = filled(QueuePolicy::DropNewest, &packets);
        assert_eq!((taken, dropped), (vec!["a\nb".into(), "cd".into(), "efgh".into()], 3));
        let (taken, dropped) = filled(QueuePolicy::DropOldest, &packets);
        assert_eq!((taken, dropped), (vec!["efgh".into(), "i\nj".into(), "kl".into()], 3));
    }

    #[test]
    fn what_can_never_fit_is_dropped_and_not_waited_for() {
        assert_eq!(filled(QueuePolicy::DropOldest, &["ab", "more than ten"]), (vec![], 2));
    }

    #[test]
    fn packets_are_used_again() {
        let telemetry = Telemetry::register(&Registry::new()).unwrap();
        let queue = Queue::new(Waiting::new(10, QueuePolicy::DropNewest));
        let mut packet = Vec::with_capacity(100);
        packet.extend_from_slice(b"a");
        let first = packet.as_ptr();
        queue.push(&mut packet, &telemetry);
        queue.take_all(|_| {});
        packet.push(b'b');
        queue.push(&mut packet, &telemetry);
        assert_eq!(packet.as_ptr(), first);
    }
}
