//! Records on their way from the threads that record to the one that sends.
//!
//! Whoever records holds the lock for the copy of one record; the thread that sends holds it for the exchange of two buffers. Nobody
//! holds it while a packet is sent, so a server that is slow or gone costs those who record nothing.

use std::mem;
use std::time::{Duration, Instant};

use crate::DropCause;
use crate::packet::{Packets, Refused};
use crate::worker::{Shared, Turn};

/// A bounded queue.
pub(crate) type Queue = Shared<Packets>;

impl Queue {
    /// Adds a record, or says why it is dropped.
    pub(crate) fn push(&self, record: &[u8]) -> Result<(), DropCause> {
        let mut state = self.lock();
        if state.closing {
            return Err(DropCause::Closed);
        }
        let (was_empty, had_full_one) = (state.content.is_empty(), state.content.has_full_one());
        state.content.push(record).map_err(|refused| match refused {
            Refused::TooLong => DropCause::TooLong,
            Refused::Full => DropCause::QueueFull,
        })?;
        // Waking is a system call, so it is done for the first record and the first full packet alone.
        let worth_waking = was_empty || !had_full_one && state.content.has_full_one();
        let wake = state.waiting && worth_waking;
        drop(state);
        if wake {
            self.wake();
        }
        Ok(())
    }

    /// Called by the thread: waits until a packet is full, the first record has waited for `interval`, or a flush is asked for, and
    /// takes the records. In the first case, a packet that is not full stays. `packets` must be empty; it becomes the
    /// queue's buffer, so that neither is ever allocated again.
    pub(crate) fn take(&self, interval: Duration, packets: &mut Packets) -> Turn {
        drop(self.wait(None, |packets| !packets.is_empty()));
        // Beyond the end of time, there is no hurry.
        let until = Instant::now().checked_add(interval);
        let mut state = self.wait(until, Packets::has_full_one);
        let take_all = state.is_asked() || until.is_some_and(|until| until <= Instant::now());
        mem::swap(&mut state.content, packets);
        if !take_all {
            packets.move_last_to(&mut state.content);
        }
        state.turn()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOREVER: Duration = Duration::MAX;

    fn queue() -> Queue {
        Queue::new(Packets::new(12, 26))
    }

    fn taken(queue: &Queue, interval: Duration) -> Vec<Vec<u8>> {
        let mut packets = Packets::new(12, 26);
        queue.take(interval, &mut packets);
        packets.iter().map(<[u8]>::to_vec).collect()
    }

    #[test]
    fn what_finds_no_room_is_refused_until_the_queue_is_taken() {
        let queue = queue();
        for _ in 0..4 {
            queue.push(b"a:1|c").unwrap();
        }
        assert_eq!(queue.push(b"a:1|c"), Err(DropCause::QueueFull));
        assert_eq!(queue.push(b"a:1000000000|c"), Err(DropCause::TooLong));
        assert_eq!(taken(&queue, Duration::ZERO), [b"a:1|c\na:1|c", b"a:1|c\na:1|c"]);
        queue.push(b"b:1|c").unwrap();
        assert_eq!(taken(&queue, Duration::ZERO), [b"b:1|c"]);
    }

    #[test]
    fn a_full_packet_does_not_wait_for_the_interval() {
        let queue = queue();
        std::thread::scope(|scope| {
            let taken = scope.spawn(|| taken(&queue, FOREVER));
            for _ in 0..3 {
                queue.push(b"a:1|c").unwrap();
            }
            assert_eq!(taken.join().unwrap(), [b"a:1|c\na:1|c"]);
        });
        assert_eq!(taken(&queue, Duration::ZERO), [b"a:1|c"], "what did not fill a packet");
    }

    #[test]
    fn nothing_is_taken_up_after_the_end() {
        let queue = queue();
        queue.push(b"a:1|c").unwrap();
        assert!(!queue.close(Duration::ZERO));
        assert_eq!(queue.push(b"b:1|c"), Err(DropCause::Closed));
        assert_eq!(taken(&queue, FOREVER), [b"a:1|c"]);
    }
}
