//! Lines that are sent together.

mod server;

use std::net::UdpSocket;
use std::os::unix::net::UnixDatagram;
use std::thread;
use std::time::Duration;

use instrument_statsd::{DropCause, StatsdClient, Transport};
use server::Server;

/// Long enough that nothing is sent in a test unless it must.
const NEVER: Duration = Duration::from_secs(3600);

fn quiet_client(server: &Server) -> StatsdClient {
    StatsdClient::builder(server.address()).packet_bytes(64).flush_interval(NEVER).build().unwrap()
}

#[test]
fn a_pipeline_has_its_lines_in_its_own_packets_with_its_own_tags() {
    let server = Server::start();
    let client = quiet_client(&server);
    let pipeline = client.with_tags([("lang", "fr")]).pipeline();
    pipeline.incr("a");
    client.incr("other");
    pipeline.with_sample_rate(1.0).unwrap().decr("b");
    assert!(client.flush());
    assert_eq!(server.packets(), ["other:1|c"]);
    pipeline.send();
    assert!(client.flush());
    assert_eq!(server.packets(), ["a.lang.fr:1|c\nb.lang.fr:-1|c"]);
}

#[test]
fn a_pipeline_that_is_longer_than_a_packet_keeps_its_order() {
    let server = Server::start();
    let client = quiet_client(&server);
    let pipeline = client.pipeline();
    for n in 0..50 {
        pipeline.count("n", n);
    }
    drop(pipeline);
    assert!(client.flush());
    let expected: Vec<String> = (0..50).map(|n| format!("n:{n}|c")).collect();
    assert_eq!(server.lines(), expected);
}

#[test]
fn a_pipeline_that_is_late_is_counted() {
    let server = Server::start();
    let client = quiet_client(&server);
    let pipeline = client.pipeline();
    pipeline.incr("a");
    assert!(client.shutdown());
    pipeline.incr("b");
    pipeline.send();
    assert!(server.packets().is_empty());
    assert_eq!(client.stats().dropped_lines(DropCause::Closed), 2);
}

#[test]
fn handles_made_from_a_pipeline_are_sent_when_it_is_gone() {
    let server = Server::start();
    let client = quiet_client(&server);
    let pipeline = client.pipeline();
    let (tagged, cloned) = (pipeline.with_tags([("lang", "fr")]), pipeline.clone());
    tagged.incr("a");
    pipeline.send();
    tagged.incr("b");
    cloned.incr("c");
    assert!(client.flush());
    assert_eq!(server.lines(), ["a.lang.fr:1|c", "b.lang.fr:1|c", "c:1|c"]);
    assert!(client.shutdown());
    tagged.incr("late");
    assert_eq!(client.stats().dropped_lines(DropCause::Closed), 1);
}

#[test]
fn pipelines_sent_while_the_client_ends_are_sent_or_counted() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("hung.sock");
    let hung = UnixDatagram::bind(&path).unwrap();
    let filler = UnixDatagram::unbound().unwrap();
    filler.set_nonblocking(true).unwrap();
    while filler.send_to(b"x", &path).is_ok() {}
    let client = StatsdClient::builder(Transport::UnixDatagram(path)).flush_interval(NEVER);
    let client = client.flush_timeout(NEVER).build().unwrap();
    // Its last push takes as long as a server is waited for.
    client.counter("jobs").inc();
    let pipelines: Vec<_> = (0..50).map(|_| client.pipeline()).collect();
    for pipeline in &pipelines {
        pipeline.incr("a");
        pipeline.incr("b");
    }
    thread::scope(|scope| {
        scope.spawn(|| client.shutdown());
        for pipeline in pipelines {
            thread::sleep(Duration::from_millis(10));
            pipeline.send();
        }
    });
    drop(hung);
    let stats = client.stats();
    assert_eq!(stats.sent_lines + stats.all_dropped_lines(), 101, "{stats:?}");
    assert!(stats.dropped_lines(DropCause::Closed) > 0, "{stats:?}");
}

#[test]
fn a_pipeline_is_sent_at_once() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let client = StatsdClient::builder(socket.local_addr().unwrap()).flush_interval(NEVER).build().unwrap();
    let pipeline = client.pipeline();
    pipeline.incr("a");
    pipeline.send();
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut packet = [0; 100];
    let length = socket.recv(&mut packet).unwrap();
    assert_eq!(&packet[..length], b"a:1|c");
}

#[test]
fn a_pipeline_is_sent_at_once_even_if_the_sender_is_at_work() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("statsd.sock");
    let server = UnixDatagram::bind(&path).unwrap();
    let filler = UnixDatagram::unbound().unwrap();
    filler.set_nonblocking(true).unwrap();
    while filler.send_to(b"x", &path).is_ok() {}
    let client = StatsdClient::builder(Transport::UnixDatagram(path)).flush_interval(NEVER).build().unwrap();
    let thing = "x".repeat(3000);
    // Two have room in the lane of a thread, and two are less than a packet.
    let pairs = |pairs: usize| (0..2 * pairs).for_each(|_| client.set("things", &thing));
    pairs(3);
    thread::sleep(Duration::from_millis(20));
    // The sender waits for the server, and these wait for the sender.
    pairs(4);
    while client.stats().failed_packets == 0 {
        thread::sleep(Duration::from_millis(1));
    }
    thread::sleep(Duration::from_millis(20));
    // It has counted them, and waits for the server again.
    let pipeline = client.pipeline();
    pipeline.incr("pipeline");
    pipeline.send();
    server.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut packet = [0; 65_536];
    loop {
        let length = server.recv(&mut packet).unwrap();
        if packet[..length].ends_with(b"pipeline:1|c") {
            return;
        }
    }
}
