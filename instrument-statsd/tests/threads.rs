//! Threads that come and go, each with a lane of its own.

mod server;

use std::cell::OnceCell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use instrument_statsd::{DropCause, QueuePolicy, StatsdClient};
use server::Server;

/// Long enough that nothing is sent in a test unless it must.
const NEVER: Duration = Duration::from_secs(3600);

#[test]
fn no_line_of_a_thread_that_ends_is_lost() {
    let server = Server::start();
    let client = StatsdClient::builder(server.address()).queue_bytes(64 << 20).flush_interval(NEVER);
    let client = client.build().unwrap();
    let is_over = AtomicBool::new(false);
    let mut calls = 0;
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                client.flush();
            }
        });
        // With many lanes, a look at all of them takes as long as the short lives between.
        for _ in 0..100 {
            scope.spawn(|| {
                client.incr("long");
                while !is_over.load(Ordering::Relaxed) {
                    thread::sleep(Duration::from_millis(10));
                }
            });
            calls += 1;
        }
        let end = Instant::now() + Duration::from_secs(2);
        while Instant::now() < end {
            let short = scope.spawn(|| {
                client.incr("first");
                (0..300).for_each(|_| std::hint::spin_loop());
                client.incr("last");
            });
            short.join().unwrap();
            calls += 2;
        }
        is_over.store(true, Ordering::Relaxed);
    });
    assert!(client.flush());
    let stats = client.stats();
    assert_eq!(stats.sent_lines + stats.all_dropped_lines(), calls, "{stats:?}");
}

#[test]
fn what_a_thread_leaves_is_sent_without_a_flush() {
    let server = Server::start();
    let interval = Duration::from_millis(1);
    let client = StatsdClient::builder(server.address()).flush_interval(interval).build().unwrap();
    let (mut received, start) = (0, Instant::now());
    for _ in 0..100 {
        let client = client.clone();
        thread::spawn(move || client.incr("left")).join().unwrap();
    }
    while received < 100 {
        received += server.lines().len();
        assert!(start.elapsed() < Duration::from_secs(30), "{received} lines");
        thread::sleep(interval);
    }
}

/// Says something when it is dropped.
struct Last(OnceCell<StatsdClient>);

impl Drop for Last {
    fn drop(&mut self) {
        self.0.get().unwrap().incr("last");
    }
}

thread_local! {
    static LAST: Last = const { Last(OnceCell::new()) };
}

#[test]
fn what_a_thread_says_after_the_end_when_it_has_no_memory_left_is_counted() {
    let server = Server::start();
    let client = StatsdClient::builder(server.address()).flush_interval(NEVER).build().unwrap();
    thread::scope(|scope| {
        let thread = scope.spawn(|| {
            LAST.with(|last| last.0.set(client.clone()).is_ok());
            client.incr("first");
            assert!(client.shutdown());
        });
        thread.join().unwrap();
    });
    assert_eq!(server.lines(), ["first:1|c"]);
    assert_eq!(client.stats().dropped_lines(DropCause::Closed), 1);
}

#[test]
fn what_a_thread_says_when_it_has_no_memory_left_is_sent_without_a_flush() {
    let server = Server::start();
    let interval = Duration::from_millis(1);
    let client = StatsdClient::builder(server.address()).flush_interval(interval).build().unwrap();
    let await_line = |line: &str| {
        let (mut received, start) = (Vec::new(), Instant::now());
        while received.is_empty() {
            received = server.lines();
            assert!(start.elapsed() < Duration::from_secs(30));
            thread::sleep(interval);
        }
        assert_eq!(received, [line]);
    };
    thread::scope(|scope| {
        let thread = scope.spawn(|| {
            // What is used first is dropped last.
            LAST.with(|last| last.0.set(client.clone()).is_ok());
            client.incr("first");
            await_line("first:1|c");
        });
        thread.join().unwrap();
    });
    await_line("last:1|c");
}

#[test]
fn what_threads_leave_is_not_dropped_as_a_whole() {
    for policy in [QueuePolicy::DropNewest, QueuePolicy::DropOldest] {
        let server = Server::start();
        // Room for 992 calls, and there are 1500.
        let client = StatsdClient::builder(server.address()).queue_bytes(992 * 16).queue_policy(policy);
        let client = client.flush_interval(NEVER).build().unwrap();
        for _ in 0..3 {
            let client = client.clone();
            thread::spawn(move || (0..500).for_each(|_| client.incr("requests"))).join().unwrap();
        }
        assert!(client.flush());
        let stats = client.stats();
        assert!(stats.sent_lines >= 1000, "with {policy:?}: {stats:?}");
        assert_eq!(stats.sent_lines + stats.all_dropped_lines(), 1500);
    }
}
