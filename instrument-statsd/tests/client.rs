//! The direct client against a socket.

mod server;

use std::cell::OnceCell;
use std::thread;
use std::time::Duration;

use instrument_core::Registry;
use instrument_statsd::{DropCause, Error, QueuePolicy, StatsdClient};
use server::{Server, Totals, deserted_address};

/// Long enough that nothing is sent in a test unless it must.
const NEVER: Duration = Duration::from_secs(3600);

fn quiet_client(server: &Server) -> StatsdClient {
    StatsdClient::builder(server.address()).flush_interval(NEVER).build().unwrap()
}

#[test]
fn each_call_is_a_line() {
    let server = Server::start();
    let client = StatsdClient::builder(server.address()).prefix("app").flush_interval(NEVER).build().unwrap();
    client.incr("a");
    client.decr("b");
    client.count("c", 42);
    client.gauge("d", 1.5);
    client.gauge_delta("e", 2.0);
    client.timing("f", Duration::from_micros(320_250));
    client.set("g", "ann");
    assert!(client.flush());
    assert_eq!(
        server.packets(),
        ["app.a:1|c\napp.b:-1|c\napp.c:42|c\napp.d:1.5|g\napp.e:+2|g\napp.f:320.25|ms\napp.g:ann|s"]
    );
}

#[test]
fn lines_are_packed_up_to_the_length_of_a_packet_and_never_split() {
    let server = Server::start();
    let client =
        StatsdClient::builder(server.address()).packet_bytes(100).flush_interval(NEVER).build().unwrap();
    let mut sent = Vec::new();
    for n in 0..300 {
        let name = "x".repeat(n % 60 + 1);
        client.count(&name, n as i64);
        sent.push(format!("{name}:{n}|c"));
    }
    assert!(client.flush());
    let packets = server.packets();
    assert!(packets.iter().all(|packet| packet.len() <= 100));
    let received: Vec<&str> = packets.iter().flat_map(|packet| packet.lines()).collect();
    assert_eq!(received, sent);
    // Full: with the first line of the next packet, each would have been too long.
    for pair in packets.windows(2) {
        let next = pair[1].lines().next().unwrap();
        assert!(pair[0].len() + 1 + next.len() > 100, "{pair:?}");
    }
    assert_eq!(client.stats().sent_packets, packets.len() as u64);
}

#[test]
fn a_packet_on_loopback_is_8932_bytes_at_most_unless_set_otherwise() {
    let server = Server::start();
    let client = quiet_client(&server);
    for _ in 0..1000 {
        client.incr("requests");
    }
    assert!(client.flush());
    let packets = server.packets();
    let longest = packets.iter().map(String::len).max().unwrap();
    assert!(longest <= 8932 && longest > 8932 - "requests:1|c\n".len(), "{longest}");
}

#[test]
fn a_gauge_below_zero_arrives_as_it_is_in_one_packet() {
    let server = Server::start();
    let client =
        StatsdClient::builder(server.address()).packet_bytes(64).flush_interval(NEVER).build().unwrap();
    let mut totals = Totals::default();
    for value in [5.0, -3.0, -2.5, 0.0, -0.0, 7.0, -1e-9] {
        // Of all lengths, so that the pair of lines meets the end of a packet at every byte.
        for padding in 1..64 - ":1|c".len() {
            client.incr(&"x".repeat(padding));
            client.gauge("depth", value);
        }
        assert!(client.flush());
        for packet in server.packets() {
            packet.lines().for_each(|line| totals.line(line));
            if packet.contains("depth") {
                assert_eq!(totals.gauges["depth"], value, "{packet:?}");
            }
        }
    }
}

#[test]
fn names_arrive_as_the_server_would_keep_them() {
    let server = Server::start();
    let client = quiet_client(&server);
    for name in ["two  words", "a/b", "a:1|c\nb", "x@y#z", "größe", ".a..b.", "requests;route=home"] {
        client.incr(name);
    }
    assert!(client.flush());
    let totals = Totals::of(&server);
    let names: Vec<&str> = totals.counters.keys().map(String::as_str).collect();
    assert_eq!(names, ["a-b", "a.b", "a_1_c_b", "gr__e", "requests;route=home", "two_words", "x_y_z"]);
}

#[test]
fn what_cannot_be_said_is_dropped_and_counted_by_cause() {
    let server = Server::start();
    let registry = Registry::new();
    let client = StatsdClient::builder(server.address())
        .packet_bytes(64)
        .flush_interval(NEVER)
        .registry(registry.clone())
        .build()
        .unwrap();
    client.incr("");
    client.incr("...");
    client.incr(&"x".repeat(61));
    client.gauge("load", f64::NAN);
    client.gauge("load", f64::INFINITY);
    client.gauge_delta("load", f64::NEG_INFINITY);
    client.set("users", "");
    client.incr("fine");
    assert!(client.flush());
    assert_eq!(server.packets(), ["fine:1|c"]);

    let stats = client.stats();
    assert_eq!(stats.dropped_lines(DropCause::BadName), 2);
    assert_eq!(stats.dropped_lines(DropCause::TooLong), 1);
    assert_eq!(stats.dropped_lines(DropCause::BadValue), 4);
    assert_eq!(stats.all_dropped_lines(), 7);
    let snapshot = registry.snapshot();
    let dropped = |cause| snapshot.counter("instrument_statsd_dropped_lines_total", &[("cause", cause)]);
    assert_eq!(dropped("bad_name"), Some(2));
    assert_eq!(dropped("bad_value"), Some(4));
    assert_eq!(snapshot.counter("instrument_statsd_sent_lines_total", &[]), Some(1));
}

#[test]
fn a_server_that_is_gone_costs_no_call_and_every_lost_line_is_counted() {
    let client = StatsdClient::builder(deserted_address()).flush_interval(NEVER).build().unwrap();
    for _ in 0..1000 {
        client.incr("requests");
    }
    assert!(client.flush());
    let stats = client.stats();
    assert_eq!(stats.sent_lines + stats.dropped_lines(DropCause::SendFailed), 1000, "{stats:?}");
    assert!(stats.failed_packets > 0, "{stats:?}");
}

#[test]
fn a_server_that_comes_back_is_sent_to_again() {
    let server = Server::start();
    let address = server.address();
    let client = quiet_client(&server);
    drop(server);
    client.incr("lost");
    assert!(client.flush());
    let server = Server::start_at(address);
    client.incr("received");
    assert!(client.flush());
    assert_eq!(server.packets(), ["received:1|c"]);
    assert_eq!(client.stats().dropped_lines(DropCause::SendFailed), 1);
}

#[test]
fn a_full_queue_drops_what_comes_and_counts_it() {
    let server = Server::start();
    // One thread that sends cannot keep up, with packets that short, with one that finds room for no more than it has itself.
    let client = StatsdClient::builder(server.address())
        .packet_bytes(64)
        .queue_bytes(64)
        .flush_interval(NEVER)
        .build()
        .unwrap();
    let mut calls = 0;
    let mut received = 0;
    while client.stats().dropped_lines(DropCause::QueueFull) == 0 {
        for _ in 0..100 {
            client.incr("requests");
        }
        calls += 100;
        received += server.lines().len() as u64;
    }
    assert!(client.flush());
    received += server.lines().len() as u64;
    let stats = client.stats();
    assert_eq!(stats.sent_lines + stats.dropped_lines(DropCause::QueueFull), calls);
    assert_eq!(received, stats.sent_lines);
}

#[test]
fn a_full_queue_keeps_the_end_if_that_is_its_policy() {
    let server = Server::start();
    let client = StatsdClient::builder(server.address())
        .packet_bytes(64)
        .queue_bytes(64)
        .queue_policy(QueuePolicy::DropOldest)
        .flush_interval(NEVER)
        .build()
        .unwrap();
    let mut calls = 0_u64;
    let mut received = Vec::new();
    while client.stats().dropped_lines(DropCause::QueueFull) == 0 {
        for _ in 0..100 {
            client.gauge("calls", calls as f64);
            calls += 1;
        }
        received.extend(server.lines());
    }
    assert!(client.flush());
    received.extend(server.lines());
    let stats = client.stats();
    assert_eq!(stats.sent_lines + stats.dropped_lines(DropCause::QueueFull), calls);
    assert_eq!(received.last().unwrap(), &format!("calls:{}|g", calls - 1));
    assert!(received.is_sorted_by_key(|line| line[6..line.len() - 2].parse::<u64>().unwrap()));
}

#[test]
fn what_threads_have_left_of_packets_is_put_together() {
    let server = Server::start();
    let client = quiet_client(&server);
    for n in 0..10 {
        thread::scope(|scope| {
            scope.spawn(|| client.count("n", n));
        });
    }
    assert!(client.flush());
    let expected: Vec<String> = (0..10).map(|n| format!("n:{n}|c")).collect();
    let packets = server.packets();
    assert_eq!(packets.len(), 1);
    let mut lines: Vec<&str> = packets[0].lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, expected);
}

#[test]
fn a_line_is_sent_after_the_interval_without_a_flush() {
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let client = StatsdClient::builder(socket.local_addr().unwrap())
        .flush_interval(Duration::from_millis(1))
        .build()
        .unwrap();
    for _ in 0..3 {
        client.incr("a");
        let mut packet = [0; 100];
        assert_eq!(socket.recv(&mut packet).unwrap(), 5);
    }
}

#[test]
fn the_last_handle_sends_what_is_left_when_it_is_dropped() {
    let server = Server::start();
    let client = quiet_client(&server);
    let other = client.clone();
    client.incr("a");
    drop(client);
    assert!(server.packets().is_empty());
    other.incr("b");
    drop(other);
    assert_eq!(server.packets(), ["a:1|c\nb:1|c"]);
}

#[test]
fn a_shutdown_sends_what_is_left_and_later_calls_are_counted() {
    let server = Server::start();
    let client = quiet_client(&server);
    client.incr("a");
    assert!(client.shutdown());
    client.incr("b");
    assert!(client.shutdown() && !client.flush());
    assert_eq!(server.packets(), ["a:1|c"]);
    assert_eq!(client.stats().dropped_lines(DropCause::Closed), 1);
}

#[test]
fn calls_of_many_threads_all_arrive() {
    let server = Server::start();
    let client = quiet_client(&server);
    let reader = thread::scope(|scope| {
        let calls: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    for _ in 0..500 {
                        client.incr("requests");
                        client.timing("time", Duration::from_millis(2));
                    }
                })
            })
            .collect();
        let mut totals = Totals::default();
        while !calls.iter().all(thread::ScopedJoinHandle::is_finished) {
            totals.take(&server);
        }
        totals
    });
    let mut totals = reader;
    assert!(client.flush());
    totals.take(&server);
    assert_eq!(totals.counter("requests"), 2000);
    assert_eq!(totals.timers["time"].count, 2000.0);
    assert_eq!(client.stats().all_dropped_lines(), 0);
}

#[test]
fn a_call_of_a_thread_that_is_being_torn_down_counts() {
    struct CountsWhenDropped(StatsdClient);
    impl Drop for CountsWhenDropped {
        fn drop(&mut self) {
            self.0.incr("threads_ended");
        }
    }
    thread_local! {
        static FIRST: OnceCell<CountsWhenDropped> = const { OnceCell::new() };
        static LAST: OnceCell<CountsWhenDropped> = const { OnceCell::new() };
    }
    let server = Server::start();
    let client = quiet_client(&server);
    let in_thread = client.clone();
    // One of the two is dropped after the client's own memory in the thread, whatever the order is.
    let thread = thread::spawn(move || {
        FIRST.with(|cell| cell.set(CountsWhenDropped(in_thread.clone())).is_ok());
        in_thread.incr("threads");
        LAST.with(|cell| cell.set(CountsWhenDropped(in_thread)).is_ok());
    });
    thread.join().unwrap();
    assert!(client.flush());
    let mut lines = server.lines();
    lines.sort();
    assert_eq!(lines, ["threads:1|c", "threads_ended:1|c", "threads_ended:1|c"]);
}

#[test]
fn what_cannot_be_set_up_is_an_error_that_names_it() {
    let error = StatsdClient::connect("nowhere").unwrap_err();
    assert!(matches!(&error, Error::Resolve { address, .. } if address == "nowhere"), "{error}");
    let error = StatsdClient::connect("127.0.0.1:0").unwrap_err();
    assert!(error.to_string().contains("`127.0.0.1:0`"), "{error}");
    let error = StatsdClient::builder("127.0.0.1:8125").packet_bytes(10).build().unwrap_err();
    assert!(error.to_string().contains("10 bytes"), "{error}");
    let error = StatsdClient::builder("127.0.0.1:8125").prefix("..").build().unwrap_err();
    assert!(error.to_string().contains("`..`"), "{error}");
}

#[test]
fn no_packet_is_too_long_whatever_a_known_name_is_said_with() {
    let server = Server::start();
    let client =
        StatsdClient::builder(server.address()).packet_bytes(64).flush_interval(NEVER).build().unwrap();
    for name in (1..64).map(|length| "x".repeat(length)) {
        let say_all = || {
            client.count(&name, i64::MIN);
            client.count(&name, 1);
            client.gauge(&name, f64::MIN_POSITIVE);
            client.gauge_delta(&name, -f64::MIN_POSITIVE);
            client.timing(&name, Duration::from_nanos(u64::MAX));
            client.histogram(&name, f64::MAX);
            assert!(client.flush());
            let packets = server.packets();
            assert!(packets.iter().all(|packet| packet.len() <= 64), "{packets:?}");
            packets
        };
        let once = say_all();
        (0..30).for_each(|_| assert_eq!(say_all(), once));
    }
    let stats = client.stats();
    assert_eq!(stats.sent_lines + stats.dropped_lines(DropCause::TooLong), 63 * 31 * 6);
}
