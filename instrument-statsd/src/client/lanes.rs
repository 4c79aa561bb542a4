//! The lanes of all threads, and what they lead to.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::attention::Attention;
use super::call::Call;
use super::lane::Lane;
use super::own_lane::OwnLane;
use super::template::Templates;
use crate::DropCause;
use crate::block::{longest_record, push_text};
use crate::line::Value;
use crate::queue::Queue;
use crate::telemetry::Telemetry;

/// How many words a lane has, if no record is longer: enough for some hundred calls, so that what each block costs is little.
const LANE_WORDS: usize = 1024;

/// How many words a lane has.
pub(super) fn lane_words(packet_bytes: usize) -> usize {
    LANE_WORDS.max(longest_record(packet_bytes))
}

/// The lanes of a client.
#[derive(Debug)]
pub(super) struct Lanes {
    /// Tells clients apart in a thread's memory.
    pub(super) id: u64,
    packet_bytes: usize,
    pub(super) queue: Arc<Queue>,
    pub(super) telemetry: Arc<Telemetry>,
    pub(super) templates: Templates,
    pub(super) attention: Attention,
    /// Those of living threads.
    lanes: Mutex<Vec<Arc<Lane>>>,
    /// What threads leave when they end, and what they say when they have no memory of their own any more.
    left: Mutex<Vec<u64>>,
}

impl Lanes {
    pub(super) fn new(packet_bytes: usize, queue: Arc<Queue>, telemetry: Arc<Telemetry>) -> Self {
        static NEXT_ID: AtomicU64 = AtomicU64::new(0);
        Self {
            id: NEXT_ID.fetch_add(1, Ordering::Relaxed),
            packet_bytes,
            queue,
            telemetry,
            templates: Templates::default(),
            attention: Attention::new(),
            lanes: Mutex::default(),
            left: Mutex::default(),
        }
    }

    #[inline(always)]
    pub(super) fn packet_bytes(&self) -> usize {
        self.packet_bytes
    }

    /// Adds what is said in a call to the lane of the calling thread.
    #[inline(always)]
    pub(super) fn push<'v>(
        self: &Arc<Self>,
        call: &Call<'_, impl Fn() -> Value<'v>>,
    ) -> Result<(), DropCause> {
        thread_local! {
            static LANES: RefCell<Vec<OwnLane>> = const { RefCell::new(Vec::new()) };
        }
        let in_thread = LANES.try_with(|lanes| {
            let mut lanes = lanes.try_borrow_mut().ok()?;
            let known = lanes.iter().position(|own| own.client == self.id);
            let place = known.unwrap_or_else(|| self.add_lane(&mut lanes));
            lanes.get_mut(place).map(|own| own.push(self, call))
        });
        in_thread.ok().flatten().unwrap_or_else(|| self.push_left(call))
    }

    #[cold]
    fn push_left<'v>(&self, call: &Call<'_, impl Fn() -> Value<'v>>) -> Result<(), DropCause> {
        let mut text = Vec::new();
        call.write(&mut text)?;
        let mut left = self.left();
        // Under the lock, so that what was let in before the end is taken at the end.
        if self.attention.is_closed() {
            return Err(DropCause::Closed);
        }
        let mut record = Vec::new();
        push_text(&mut record, &text);
        self.leave(&mut left, record);
        drop(left);
        self.announce();
        Ok(())
    }

    #[cold]
    fn add_lane(self: &Arc<Self>, of_thread: &mut Vec<OwnLane>) -> usize {
        // Those of clients that are gone.
        of_thread.retain(|own| own.lanes.strong_count() > 0);
        let lane = Arc::new(Lane::new(lane_words(self.packet_bytes)));
        self.lanes().push(Arc::clone(&lane));
        of_thread.push(OwnLane::new(self, lane));
        of_thread.len() - 1
    }

    /// Takes the lane of a thread that ends out of the lanes. What is in it is put together with what other threads left, and so is
    /// within the bound of the queue.
    pub(super) fn give_up(&self, lane: &Arc<Lane>) {
        // The lock is held while the records move, and `take_all` looks here last: it finds them in the lane or here.
        let mut left = self.left();
        let mut rest = Vec::new();
        lane.take(&mut rest);
        self.leave(&mut left, rest);
        drop(left);
        self.lanes().retain(|other| !Arc::ptr_eq(other, lane));
    }

    /// Puts records to what is left, which goes to the queue first if it would be too long for a block.
    fn leave(&self, left: &mut Vec<u64>, mut records: Vec<u64>) {
        if left.len() + records.len() > lane_words(self.packet_bytes) {
            self.queue.push(left, &self.telemetry);
        }
        left.append(&mut records);
    }

    /// Does what the signs ask for after a record of so many words was written. Without signs, nothing.
    #[inline(always)]
    pub(super) fn attend(&self, lane: &Lane, words: usize) -> Result<(), DropCause> {
        if self.attention.is_called_for() { self.heed(lane, words) } else { Ok(()) }
    }

    #[cold]
    fn heed(&self, lane: &Lane, words: usize) -> Result<(), DropCause> {
        if self.attention.is_closed() {
            return if lane.take_back(words) { Err(DropCause::Closed) } else { Ok(()) };
        }
        self.announce();
        Ok(())
    }

    /// Has the thread that sends look at the lanes in a while, if nobody has told it to.
    fn announce(&self) {
        if self.attention.break_quiet() {
            self.queue.announce();
        }
    }

    /// Called by the thread that sends: gives all that is written to the queue.
    pub(super) fn take_all(&self) {
        self.queue.lock().content.asks_for_all();
        if !self.attention.keep_quiet() {
            self.announce();
        }
        let mut block = Vec::new();
        for lane in self.lanes().iter() {
            lane.hand_over(&mut block, |block| self.queue.push_in_any_case(block, &self.telemetry));
        }
        self.queue.push_in_any_case(&mut self.left(), &self.telemetry);
    }

    /// From now on, records are refused.
    pub(super) fn close(&self) {
        self.attention.close();
    }

    pub(super) fn is_closed(&self) -> bool {
        self.attention.is_closed()
    }

    fn lanes(&self) -> MutexGuard<'_, Vec<Arc<Lane>>> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn left(&self) -> MutexGuard<'_, Vec<u64>> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::thread;
    use std::time::Duration;

    use instrument_core::Registry;

    use super::*;
    use crate::block::lines;
    use crate::client::handles::Handles;
    use crate::client::{Inner, StatsdClient};
    use crate::queue::Waiting;
    use crate::{Flavor, QueuePolicy, Transport};

    const PACKET_BYTES: usize = 100;

    /// A client whose records nobody takes but the test.
    fn client(queue_words: usize) -> StatsdClient {
        let telemetry = Arc::new(Telemetry::register(&Registry::new()).unwrap());
        let waiting = Waiting::new(lane_words(PACKET_BYTES), queue_words, QueuePolicy::DropNewest);
        let inner = Inner {
            lanes: Arc::new(Lanes::new(PACKET_BYTES, Arc::new(Queue::new(waiting)), telemetry)),
            handles: Arc::new(Handles::new().unwrap()),
            transport: Transport::from("127.0.0.1:8125"),
            flavor: Flavor::Etsy,
            name_prefix: Vec::new(),
            flush_timeout: Duration::ZERO,
        };
        StatsdClient { inner: Arc::new(inner), tags: [].into(), sample_rate: 1.0, pipeline: None }
    }

    /// How many lines there are, and how many words.
    fn take(client: &StatsdClient) -> (u64, usize) {
        let (mut count, mut words) = (0, 0);
        client.inner.lanes.take_all();
        client.inner.lanes.queue.take_all(|block| {
            count += lines(block);
            words += block.len();
        });
        (count, words)
    }

    #[test]
    fn what_ended_threads_leave_is_within_the_bound_of_the_queue() {
        let client = client(3 * LANE_WORDS);
        for _ in 0..1000 {
            let client = client.clone();
            thread::spawn(move || (0..7).for_each(|_| client.incr("requests"))).join().unwrap();
        }
        let lanes = &client.inner.lanes;
        assert!(lanes.lanes().is_empty(), "a lane without a thread");
        let (count, words) = take(&client);
        assert!(words <= 4 * LANE_WORDS, "{words}");
        assert!(words > 2 * LANE_WORDS, "{words}");
        assert_eq!(count + lanes.telemetry.stats().dropped_lines(DropCause::QueueFull), 7000);
    }

    #[test]
    fn what_living_threads_have_is_taken_beyond_the_bound() {
        let client = client(1);
        let (pushed, taken) = (Barrier::new(11), Barrier::new(11));
        thread::scope(|scope| {
            for _ in 0..10 {
                scope.spawn(|| {
                    client.incr("requests");
                    pushed.wait();
                    taken.wait();
                });
            }
            pushed.wait();
            assert_eq!(take(&client).0, 10);
            taken.wait();
        });
    }

    #[test]
    fn what_is_said_again_is_two_words() {
        let client = client(LANE_WORDS);
        for _ in 0..100 {
            client.incr("requests"); // A word and two for the text.
        }
        take(&client);
        for _ in 0..100 {
            client.incr("requests");
        }
        assert_eq!(take(&client), (100, 200));
    }

    #[test]
    fn what_comes_after_the_end_is_counted_and_what_came_before_is_kept() {
        let client = client(LANE_WORDS);
        let lanes = &client.inner.lanes;
        (0..100).for_each(|_| client.incr("requests"));
        lanes.close();
        (0..10).for_each(|_| client.incr("requests"));
        client.set("late", "ann");
        assert_eq!(take(&client).0, 100);
        client.incr("requests");
        assert_eq!(take(&client).0, 0);
        assert_eq!(lanes.telemetry.stats().dropped_lines(DropCause::Closed), 12);
    }

    #[test]
    fn what_comes_after_the_end_to_a_lane_that_is_full_is_counted() {
        // One of these fills the lane.
        for calls in 400..LANE_WORDS / 2 + 1 {
            let client = client(LANE_WORDS);
            (0..calls).for_each(|_| client.incr("requests"));
            client.inner.lanes.close();
            assert_eq!(take(&client).0, calls as u64);
            client.incr("requests");
            assert_eq!(take(&client).0, 0);
            assert_eq!(client.stats().dropped_lines(DropCause::Closed), 1);
        }
    }
}
