//! Handles of the client, which are added up before they are sent.

mod server;

use std::net::UdpSocket;
use std::os::unix::net::UnixDatagram;
use std::thread;
use std::time::Duration;

use instrument_statsd::{DropCause, Flavor, StatsdClient, Transport};
use server::{Server, Totals, deserted_address};

/// Long enough that nothing is sent in a test unless it must.
const NEVER: Duration = Duration::from_secs(3600);

#[test]
fn each_kind_of_handle_has_its_lines_with_prefix_and_tags() {
    let server = Server::start();
    let client = StatsdClient::builder(server.address()).flavor(Flavor::DogStatsD).prefix("app");
    let client = client.tag("env", "prod").handle_interval(NEVER).build().unwrap();
    let french = client.with_tags([("lang", "fr")]);
    french.counter("quotes.served").inc_by(3);
    client.counter("quotes.served").inc_by(4);
    client.up_down_counter("open").dec();
    client.gauge_handle("load:x").set(0.5);
    client.timer("lookup").observe(Duration::from_millis(2));
    assert!(client.flush());
    let mut lines = server.lines();
    lines.sort();
    assert_eq!(
        lines,
        [
            "app.load_x:0.5|g|#env:prod",
            "app.lookup:2|ms|#env:prod",
            "app.open:-1|g|#env:prod",
            "app.quotes.served:3|c|#env:prod,lang:fr",
            "app.quotes.served:4|c|#env:prod",
        ]
    );
}

#[test]
fn a_name_given_twice_is_the_same_handle() {
    let server = Server::start();
    let client = StatsdClient::builder(server.address()).handle_interval(NEVER).build().unwrap();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let jobs = client.counter("jobs");
                (0..1000).for_each(|_| jobs.inc());
            });
        }
    });
    assert!(client.shutdown());
    assert_eq!(server.packets(), ["jobs:4000|c"]);
}

#[test]
fn handles_are_sent_every_interval() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let client = StatsdClient::builder(socket.local_addr().unwrap());
    let client = client.handle_interval(Duration::from_millis(1)).build().unwrap();
    let jobs = client.counter("jobs");
    for _ in 0..3 {
        jobs.inc();
        let mut packet = [0; 100];
        assert_eq!(socket.recv(&mut packet).unwrap(), "jobs:1|c".len());
    }
}

#[test]
fn what_nobody_receives_comes_with_the_next_push() {
    let address = deserted_address();
    let client = StatsdClient::builder(address).handle_interval(NEVER).build().unwrap();
    let jobs = client.counter("jobs");
    for _ in 0..3 {
        jobs.inc_by(7);
        assert!(client.flush());
    }
    let server = Server::start_at(address);
    assert!(client.shutdown());
    assert_eq!(Totals::of(&server).counter("jobs"), 21);
    assert_eq!(client.stats().all_dropped_lines(), 0);
}

#[test]
fn a_handle_whose_name_cannot_be_sent_is_counted_once_and_counts_in_vain() {
    let server = Server::start();
    let client = StatsdClient::builder(server.address()).handle_interval(NEVER).build().unwrap();
    let nameless = client.counter("...");
    nameless.inc();
    nameless.inc();
    assert!(client.flush());
    assert!(server.packets().is_empty());
    assert_eq!(client.stats().dropped_lines(DropCause::BadName), 1);
}

#[test]
fn handles_of_each_kind_can_have_one_name() {
    let server = Server::start();
    let client = StatsdClient::builder(server.address()).handle_interval(NEVER).build().unwrap();
    client.counter("login").inc();
    client.gauge_handle("login").set(0.5);
    client.timer("login").observe(Duration::from_millis(3));
    assert!(client.flush());
    let mut lines = server.lines();
    lines.sort();
    assert_eq!(lines, ["login:0.5|g", "login:1|c", "login:3|ms"]);
}

#[test]
fn handles_without_room_count_under_one_name() {
    for (flavor, overflow) in [
        (Flavor::Etsy, "app.__overflow__.env.prod:5|c"),
        (Flavor::DogStatsD, "app.__overflow__:5|c|#env:prod"),
    ] {
        // A sender waits for the reader of such a socket.
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("statsd.sock");
        let socket = UnixDatagram::bind(&path).unwrap();
        socket.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
        let client = StatsdClient::builder(Transport::UnixDatagram(path)).flavor(flavor).prefix("app");
        let client = client.tag("env", "prod").handle_interval(NEVER).flush_timeout(NEVER).build().unwrap();
        for user in 0..10_005 {
            client.counter(&format!("user.{user}")).inc();
        }
        let (mut users, mut others) = (0, Vec::new());
        thread::scope(|scope| {
            let flush = scope.spawn(|| client.flush());
            let mut packet = [0; 65_536];
            loop {
                let Ok(length) = socket.recv(&mut packet) else {
                    if flush.is_finished() {
                        break;
                    }
                    continue;
                };
                for line in std::str::from_utf8(&packet[..length]).unwrap().lines() {
                    if line.starts_with("app.user.") { users += 1 } else { others.push(line.to_owned()) }
                }
            }
        });
        assert_eq!((users, others), (10_000, vec![overflow.to_owned()]));
        assert_eq!(client.stats().all_dropped_lines(), 0);
    }
}

#[test]
fn handles_do_not_wait_for_the_lines_of_calls() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let client = StatsdClient::builder(socket.local_addr().unwrap()).flush_interval(NEVER);
    let client = client.handle_interval(Duration::from_millis(1)).build().unwrap();
    client.incr("call");
    // Until the thread that sends has seen the call.
    thread::sleep(Duration::from_millis(50));
    client.counter("jobs").inc();
    let mut packet = [0; 100];
    assert_eq!(socket.recv(&mut packet).unwrap(), "jobs:1|c".len());
}
