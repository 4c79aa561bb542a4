//! Models of the protocol between a thread that says something and the one that sends.
//!
//! loom runs each model under every interleaving of its threads, and every value that the memory model lets a load return. The
//! models are of the source files that ship: only `sync`, which names the atomics, is loom's here. Run them by
//!
//! ```sh
//! RUSTFLAGS="--cfg loom" cargo test -p instrument-statsd --test loom --release
//! ```
#![cfg(loom)]
#![allow(missing_docs, reason = "the module under test is included as it is")]

#[path = "../../src/client/attention.rs"]
mod attention;
#[path = "../../src/client/lane.rs"]
mod lane;

/// The counterparts of `src/sync.rs`.
mod sync {
    pub(crate) use loom::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering};
    pub(crate) use loom::sync::{Mutex, MutexGuard};

    pub(crate) fn are_light_fences_enough() -> bool {
        true
    }

    /// The fence that the frequent side does not have is one here: what the system puts in its place is as strong.
    pub(crate) fn light_fence() {
        full_fence();
    }

    pub(crate) fn full_fence() {
        loom::sync::atomic::fence(Ordering::SeqCst);
    }

    pub(crate) fn heavy_fence() -> bool {
        full_fence();
        true
    }
}

use attention::Attention;
use lane::Lane;
use loom::sync::Arc;
use loom::thread;

/// Room for one record of two words.
const WORDS: usize = 2;

struct Client {
    lane: Lane,
    attention: Attention,
}

impl Client {
    /// Whose first record is announced already.
    fn new() -> Arc<Self> {
        let client = Self { lane: Lane::new(WORDS), attention: Attention::new() };
        assert!(client.attention.break_quiet());
        Arc::new(client)
    }

    fn take(&self) -> Vec<u64> {
        let mut block = Vec::new();
        self.lane.take(&mut block);
        block
    }
}

/// Runs two threads against each other. The main thread does nothing but wait: loom considers other orders for a thread only once it has
/// run.
fn race<A: 'static, B: 'static>(
    client: &Arc<Client>,
    one: impl FnOnce(&Client) -> A + 'static,
    other: impl FnOnce(&Client) -> B + 'static,
) -> (A, B) {
    let (first, second) = (Arc::clone(client), Arc::clone(client));
    let one = thread::spawn(move || one(&first));
    let other = thread::spawn(move || other(&second));
    (one.join().unwrap(), other.join().unwrap())
}

#[test]
fn a_record_is_taken_or_announced() {
    loom::model(|| {
        let client = Client::new();
        let say = |client: &Client| {
            assert!(client.lane.append(&[1, 2]));
            client.attention.is_called_for() && client.attention.break_quiet()
        };
        let send = |client: &Client| {
            assert!(client.attention.keep_quiet());
            client.take()
        };
        let (announced, taken) = race(&client, say, send);
        assert!(announced || taken == [1, 2], "{taken:?}");
        assert!(taken.is_empty() || taken == [1, 2], "{taken:?}");
    });
}

#[test]
fn one_of_two_announces() {
    loom::model(|| {
        let client = Client::new();
        client.attention.keep_quiet();
        let say = |client: &Client| client.attention.is_called_for() && client.attention.break_quiet();
        let (one, other) = race(&client, say, say);
        assert!(one != other);
    });
}

#[test]
fn at_the_end_a_record_is_taken_or_taken_back() {
    loom::model(|| {
        let client = Client::new();
        let say = |client: &Client| {
            assert!(client.lane.append(&[1, 2]));
            let is_late = client.attention.is_called_for() && client.attention.is_closed();
            is_late && client.lane.take_back(WORDS)
        };
        let send = |client: &Client| {
            client.attention.close();
            assert!(client.attention.keep_quiet());
            client.take()
        };
        let (taken_back, taken) = race(&client, say, send);
        assert_eq!(taken_back, taken.is_empty());
        assert!(taken_back || taken == [1, 2], "{taken:?}");
    });
}

#[test]
fn what_is_written_again_and_again_in_one_place_is_taken_once_and_whole() {
    loom::model(|| {
        let client = Client::new();
        let say = |client: &Client| {
            let mut handed_over = Vec::new();
            for record in [[1, 2], [3, 4]] {
                if !client.lane.append(&record) {
                    client.lane.empty(&mut handed_over);
                    assert!(client.lane.append(&record));
                }
            }
            handed_over
        };
        let send = |client: &Client| [client.take(), client.take()].concat();
        let (handed_over, mut taken) = race(&client, say, send);
        taken.extend(client.take());
        let mut all = [&handed_over[..], &taken[..]].concat();
        // Which of the two has the first depends on who was there first.
        all.sort_unstable();
        assert_eq!(all, [1, 2, 3, 4]);
        assert!(taken.is_sorted(), "{taken:?}");
    });
}

/// As `Lanes::take_all` and `OwnLane::push_next` put what they take into the queue.
#[test]
fn what_one_thread_says_is_in_the_queue_in_its_order() {
    loom::model(|| {
        let client = Client::new();
        let queue = Arc::new(loom::sync::Mutex::new(Vec::new()));
        let (said, sent) = (Arc::clone(&queue), Arc::clone(&queue));
        let say = move |client: &Client| {
            for record in [[1, 2], [3, 4], [5, 6]] {
                if !client.lane.append(&record) {
                    let mut block = Vec::new();
                    client.lane.empty(&mut block);
                    said.lock().unwrap().extend(block);
                    assert!(client.lane.append(&record));
                }
            }
        };
        let send = move |client: &Client| {
            client.lane.hand_over(&mut Vec::new(), |block| sent.lock().unwrap().append(block));
        };
        race(&client, say, send);
        let mut queue = queue.lock().unwrap();
        queue.extend(client.take());
        assert_eq!(*queue, [1, 2, 3, 4, 5, 6]);
    });
}
