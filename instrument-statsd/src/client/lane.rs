//! Where a thread writes its lines: a packet of its own, so that threads do not wait for each other.

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use crate::DropCause;
use crate::queue::Queue;
use crate::telemetry::Telemetry;

/// What is added to a packet: lines that stay together.
pub(super) trait Record {
    /// Appends them. When there are none, what was appended is taken back.
    fn write(&self, packet: &mut Vec<u8>) -> Result<(), DropCause>;
}

/// A packet that is being filled. Its lock is taken by the thread that sends once in a while, and otherwise by one thread alone.
#[derive(Debug)]
struct Lane(Mutex<Vec<u8>>);

/// The lanes of a client, and what they lead to.
#[derive(Debug)]
pub(super) struct Lanes {
    /// Tells clients apart in a thread's memory.
    id: u64,
    packet_bytes: usize,
    pub(super) queue: Arc<Queue>,
    pub(super) telemetry: Arc<Telemetry>,
    /// Those of living threads.
    lanes: Mutex<Vec<Arc<Lane>>>,
    /// For what threads leave when they end, and for their calls when they have no memory of their own any more.
    left: Lane,
    /// Whether the next thread that begins a packet must say so.
    quiet: AtomicBool,
    closed: AtomicBool,
}

/// Lines that are written already.
impl Record for [u8] {
    fn write(&self, packet: &mut Vec<u8>) -> Result<(), DropCause> {
        packet.extend_from_slice(self);
        Ok(())
    }
}

/// A lane in the memory of its thread.
struct OwnLane {
    client: u64,
    lane: Arc<Lane>,
    lanes: Weak<Lanes>,
}

impl Lane {
    fn new(packet_bytes: usize) -> Self {
        Self(Mutex::new(Vec::with_capacity(packet_bytes)))
    }

    fn lock(&self) -> MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a record, as [`Lanes::add`] does.
    #[inline(always)]
    fn push(&self, lanes: &Lanes, record: &(impl Record + ?Sized)) -> Result<bool, DropCause> {
        let mut packet = self.lock();
        // Under the lock, so that what was let in before the end is taken at the end. The lock orders it, too.
        if lanes.closed.load(Ordering::Relaxed) {
            return Err(DropCause::Closed);
        }
        lanes.add(&mut packet, record)
    }
}

impl Drop for OwnLane {
    /// The thread ends.
    fn drop(&mut self) {
        if let Some(lanes) = self.lanes.upgrade() {
            lanes.give_up(&self.lane);
        }
    }
}

impl Lanes {
    pub(super) fn new(packet_bytes: usize, queue: Arc<Queue>, telemetry: Arc<Telemetry>) -> Self {
        static NEXT_ID: AtomicU64 = AtomicU64::new(0);
        Self {
            id: NEXT_ID.fetch_add(1, Ordering::Relaxed),
            packet_bytes,
            queue,
            telemetry,
            lanes: Mutex::default(),
            left: Lane::new(packet_bytes),
            quiet: AtomicBool::new(true),
            closed: AtomicBool::new(false),
        }
    }

    pub(super) fn packet_bytes(&self) -> usize {
        self.packet_bytes
    }

    /// Adds a record to a packet, which goes to the queue first if it is full. Says whether the packet was empty.
    #[inline(always)]
    pub(super) fn add(
        &self,
        packet: &mut Vec<u8>,
        record: &(impl Record + ?Sized),
    ) -> Result<bool, DropCause> {
        let end = packet.len();
        if end > 0 {
            packet.push(b'\n');
        }
        let start = packet.len();
        let written = record.write(packet);
        let bytes = packet.len() - start;
        if written.is_err() || bytes > self.packet_bytes {
            packet.truncate(end);
            return written.and(Err(DropCause::TooLong));
        }
        if packet.len() > self.packet_bytes {
            self.hand_over(packet, end, start);
        }
        Ok(end == 0)
    }

    /// Adds a record to the lane of the calling thread.
    #[inline(always)]
    pub(super) fn push(self: &Arc<Self>, record: &(impl Record + ?Sized)) -> Result<(), DropCause> {
        thread_local! {
            static LANES: RefCell<Vec<OwnLane>> = const { RefCell::new(Vec::new()) };
        }
        let in_thread = LANES.try_with(|lanes| {
            let mut lanes = lanes.try_borrow_mut().ok()?;
            let known = lanes.iter().position(|own| own.client == self.id);
            let place = known.unwrap_or_else(|| self.add_lane(&mut lanes));
            lanes.get(place).map(|own| own.lane.push(self, record))
        });
        let pushed = in_thread.ok().flatten().unwrap_or_else(|| self.push_left(record));
        // The record and the flag are in this order here and in the reverse order in `take_all`, with the lane's lock between them: so
        // either the record is taken there, or the flag is seen here.
        if pushed? && self.quiet.load(Ordering::Relaxed) && self.quiet.swap(false, Ordering::Relaxed) {
            self.queue.announce();
        }
        Ok(())
    }

    #[cold]
    fn push_left(&self, record: &(impl Record + ?Sized)) -> Result<bool, DropCause> {
        self.left.push(self, record)
    }

    #[cold]
    fn add_lane(self: &Arc<Self>, of_thread: &mut Vec<OwnLane>) -> usize {
        // Those of clients that are gone.
        of_thread.retain(|own| own.lanes.strong_count() > 0);
        let lane = Arc::new(Lane::new(self.packet_bytes));
        self.lanes().push(Arc::clone(&lane));
        of_thread.push(OwnLane { client: self.id, lane, lanes: Arc::downgrade(self) });
        of_thread.len() - 1
    }

    /// Takes the lane of a thread that ends out of the lanes. What is in it is put together with what other threads left, and so is
    /// within the bound of the queue.
    fn give_up(&self, lane: &Arc<Lane>) {
        // Both locks are held while the lines move, and `take_all` looks at `left` last: it finds them here or there.
        let mut packet = lane.lock();
        if !packet.is_empty() {
            // A packet is never too long to be a record.
            let _ = self.add(&mut self.left.lock(), packet.as_slice());
            packet.clear();
        }
        drop(packet);
        self.lanes().retain(|other| !Arc::ptr_eq(other, lane));
    }

    /// Gives `packet[..end]` to the queue, and begins the next one with `packet[start..]`.
    #[cold]
    fn hand_over(&self, packet: &mut Vec<u8>, end: usize, start: usize) {
        let next = packet[start..].to_vec();
        packet.truncate(end);
        self.queue.push(packet, &self.telemetry);
        packet.extend_from_slice(&next);
    }

    /// Called by the thread that sends: gives all packets to the queue, full or not.
    pub(super) fn take_all(&self) {
        self.queue.lock().content.asks_for_all();
        self.quiet.store(true, Ordering::Relaxed);
        for lane in self.lanes().iter().map(|lane| &**lane).chain([&self.left]) {
            let mut packet = lane.lock();
            if !packet.is_empty() {
                self.queue.push_in_any_case(&mut packet, &self.telemetry);
            }
        }
    }

    /// From now on, records are refused.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    fn lanes(&self) -> MutexGuard<'_, Vec<Arc<Lane>>> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::thread;

    use instrument_core::Registry;

    use super::*;
    use crate::QueuePolicy;
    use crate::packet::lines;
    use crate::queue::Waiting;

    const PACKET_BYTES: usize = 100;

    /// Lanes whose packets nobody takes but the test.
    fn lanes(queue_bytes: usize) -> Arc<Lanes> {
        let telemetry = Arc::new(Telemetry::register(&Registry::new()).unwrap());
        let queue = Queue::new(Waiting::new(PACKET_BYTES, queue_bytes, QueuePolicy::DropNewest));
        Arc::new(Lanes::new(PACKET_BYTES, Arc::new(queue), telemetry))
    }

    fn take(lanes: &Lanes) -> (u64, usize) {
        let (mut count, mut bytes) = (0, 0);
        lanes.take_all();
        lanes.queue.take_all(|packet| {
            count += lines(packet);
            bytes += packet.len();
        });
        (count, bytes)
    }

    #[test]
    fn what_ended_threads_leave_is_within_the_bound_of_the_queue() {
        let lanes = lanes(1000);
        for _ in 0..100 {
            let lanes = Arc::clone(&lanes);
            let thread = thread::spawn(move || (0..7).try_for_each(|_| lanes.push(&b"requests:1|c"[..])));
            thread.join().unwrap().unwrap();
        }
        assert!(lanes.lanes().is_empty(), "a lane without a thread");
        let (count, bytes) = take(&lanes);
        assert!(bytes <= 1000 + PACKET_BYTES, "{bytes}");
        assert_eq!(count + lanes.telemetry.stats().dropped_lines(DropCause::QueueFull), 700);
    }

    #[test]
    fn packets_of_living_threads_are_taken_beyond_the_bound() {
        let lanes = lanes(PACKET_BYTES);
        let (pushed, taken) = (Barrier::new(11), Barrier::new(11));
        thread::scope(|scope| {
            for _ in 0..10 {
                scope.spawn(|| {
                    lanes.push(&[b'x'; 60][..]).unwrap();
                    pushed.wait();
                    taken.wait();
                });
            }
            pushed.wait();
            assert_eq!(take(&lanes), (10, 600));
            taken.wait();
        });
    }
}
