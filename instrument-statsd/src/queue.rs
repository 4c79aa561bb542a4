//! Packets on their way from the threads that record to the one that sends.
//!
//! Nobody holds the lock while a packet is sent, so a server that is slow or gone costs those who record nothing.

use std::collections::VecDeque;
use std::mem;

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
    /// Some of those that were sent, for their memory: as many as the queue has room for.
    spare: Vec<Vec<u8>>,
    bytes: usize,
    packet_bytes: usize,
    max_bytes: usize,
    policy: QueuePolicy,
    /// Whether a thread has begun a packet since the last time that all were asked for.
    begun: bool,
    /// Whether nobody will take what comes from now on.
    sealed: bool,
}

impl Waiting {
    /// Room for packets of at most `packet_bytes`, together at most `max_bytes`.
    pub(crate) fn new(packet_bytes: usize, max_bytes: usize, policy: QueuePolicy) -> Self {
        Self {
            packets: VecDeque::new(),
            spare: Vec::new(),
            bytes: 0,
            packet_bytes,
            max_bytes,
            policy,
            begun: false,
            sealed: false,
        }
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

    /// Refuses what comes from now on.
    pub(crate) fn seal(&mut self) {
        self.sealed = true;
    }

    /// Takes over the lines of a packet.
    fn append(&mut self, packet: &mut Vec<u8>) {
        self.bytes += packet.len();
        match self.packets.back_mut() {
            // However short packets are, there are no more of them than their bytes account for.
            Some(last) if last.len() + 1 + packet.len() <= self.packet_bytes => {
                last.push(b'\n');
                last.append(packet);
                self.bytes += 1;
            }
            _ => {
                let empty = self.spare.pop().unwrap_or_else(|| Vec::with_capacity(self.packet_bytes));
                self.packets.push_back(mem::replace(packet, empty));
            }
        }
    }

    fn pop(&mut self) -> Option<Vec<u8>> {
        let packet = self.packets.pop_front()?;
        self.bytes -= packet.len();
        Some(packet)
    }

    fn keep(&mut self, mut packet: Vec<u8>) {
        if self.spare.len() < self.max_bytes / self.packet_bytes {
            packet.clear();
            self.spare.push(packet);
        }
    }
}

impl Queue {
    /// Adds a packet and leaves an empty one in its place. What does not fit is dropped by the policy, packet by packet, and counted.
    pub(crate) fn push(&self, packet: &mut Vec<u8>, telemetry: &Telemetry) {
        self.add(packet, telemetry, false);
    }

    /// The same beyond the bound: for the packets that are not full, of which each living thread has one.
    pub(crate) fn push_in_any_case(&self, packet: &mut Vec<u8>, telemetry: &Telemetry) {
        self.add(packet, telemetry, true);
    }

    fn add(&self, packet: &mut Vec<u8>, telemetry: &Telemetry, in_any_case: bool) {
        let mut state = self.lock();
        if state.content.sealed {
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
            queue.keep(oldest);
        }
        queue.append(packet);
        // Waking is a system call, so it is done for the first packet alone.
        let wake = state.waiting && state.content.packets.len() == 1;
        drop(state);
        if wake {
            self.wake();
        }
    }

    /// Says that there is a packet that nobody may ever fill.
    pub(crate) fn announce(&self) {
        self.lock().content.begun = true;
        self.wake_if_it_waits();
    }

    /// Called by the thread that sends: takes as many packets as there are now.
    pub(crate) fn take_all(&self, mut take: impl FnMut(&[u8])) {
        let count = self.lock().content.packets.len();
        for _ in 0..count {
            let Some(packet) = self.lock().content.pop() else { return };
            take(&packet);
            self.lock().content.keep(packet);
        }
    }

    /// Called by the thread that sends when it ends, for whatever reason: counts what is left and what comes.
    pub(crate) fn end(&self, telemetry: &Telemetry) {
        let content = &mut self.lock().content;
        content.seal();
        while let Some(mut packet) = content.pop() {
            drop_packet(&mut packet, telemetry, DropCause::Closed);
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
        let queue = Queue::new(Waiting::new(4, 10, policy));
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
        let queue = Queue::new(Waiting::new(4, 10, QueuePolicy::DropNewest));
        let mut packet = Vec::with_capacity(100);
        packet.extend_from_slice(b"a");
        let first = packet.as_ptr();
        queue.push(&mut packet, &telemetry);
        queue.take_all(|_| {});
        packet.push(b'b');
        queue.push(&mut packet, &telemetry);
        assert_eq!(packet.as_ptr(), first);
    }
    #[test]
    fn short_packets_are_put_together() {
        let (taken, _) = filled(QueuePolicy::DropNewest, &["a", "b", "c", "d"]);
        assert_eq!(taken, ["a\nb", "c\nd"]);
    }

    #[test]
    fn no_more_memory_is_kept_than_the_queue_has_room_for() {
        let telemetry = Telemetry::register(&Registry::new()).unwrap();
        let queue = Queue::new(Waiting::new(4, 10, QueuePolicy::DropNewest));
        for _ in 0..100 {
            queue.push_in_any_case(&mut b"abcd".to_vec(), &telemetry);
        }
        queue.take_all(|_| {});
        assert_eq!(queue.lock().content.spare.len(), 2);
    }

    #[test]
    fn what_comes_too_late_and_what_is_left_is_counted() {
        let telemetry = Telemetry::register(&Registry::new()).unwrap();
        let queue = Queue::new(Waiting::new(4, 10, QueuePolicy::DropNewest));
        queue.push(&mut b"a\nb".to_vec(), &telemetry);
        queue.lock().content.seal();
        queue.push(&mut b"c".to_vec(), &telemetry);
        assert_eq!(telemetry.stats().dropped_lines(DropCause::Closed), 1);
        queue.end(&telemetry);
        assert_eq!(telemetry.stats().dropped_lines(DropCause::Closed), 3);
        assert!(!queue.lock().content.has_packets());
    }
}
