//! Threads that come and go, each with a packet of its own.

mod server;

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use instrument_statsd::StatsdClient;
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
