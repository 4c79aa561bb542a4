//! Client and exporter over sockets other than UDP's.
#![cfg(unix)]

mod server;

use std::io::Read as _;
use std::net::TcpListener;
use std::os::unix::net::{UnixDatagram, UnixListener};
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use instrument_core::{Counter, Registry};
use instrument_statsd::{DropCause, Error, Flavor, StatsdClient, StatsdExporter, Transport};
use server::Totals;

/// Long enough that nothing is sent in a test unless it must.
const NEVER: Duration = Duration::from_secs(3600);

/// Sends 300 lines in several packets, and ends.
fn send(transport: Transport) -> StatsdClient {
    send_as(Flavor::Etsy, transport)
}

fn send_as(flavor: Flavor, transport: Transport) -> StatsdClient {
    let client = StatsdClient::builder(transport).flavor(flavor).packet_bytes(512).flush_interval(NEVER);
    let client = client.build().unwrap();
    for n in 0..300 {
        client.count("requests", n);
    }
    assert!(client.shutdown());
    assert_eq!(client.stats().sent_lines, 300);
    client
}

fn total(text: &str) -> u64 {
    let mut totals = Totals::default();
    text.lines().for_each(|line| totals.line(line));
    totals.counter("requests")
}

#[test]
fn all_lines_arrive_over_a_unix_datagram_socket() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("statsd.sock");
    let socket = UnixDatagram::bind(&path).unwrap();
    let client = send(Transport::UnixDatagram(path));
    let mut text = String::new();
    for _ in 0..client.stats().sent_packets {
        let mut buffer = [0; 513];
        let length = socket.recv(&mut buffer).unwrap();
        assert!(length <= 512);
        text += std::str::from_utf8(&buffer[..length]).unwrap();
        text += "\n";
    }
    assert_eq!(total(&text), 299 * 150);
}

#[test]
fn all_lines_arrive_over_tcp() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    send(Transport::Tcp(listener.local_addr().unwrap().to_string()));
    let mut text = String::new();
    listener.accept().unwrap().0.read_to_string(&mut text).unwrap();
    assert_eq!(total(&text), 299 * 150);
    assert!(text.ends_with('\n'));
}

#[test]
fn all_lines_arrive_over_a_unix_stream() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("statsd.sock");
    let listener = UnixListener::bind(&path).unwrap();
    send(Transport::UnixStream(path));
    let mut text = String::new();
    listener.accept().unwrap().0.read_to_string(&mut text).unwrap();
    assert_eq!(total(&text), 299 * 150);
}

#[test]
fn the_datadog_agent_is_told_the_length_of_each_packet_over_a_unix_stream() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("dsd.sock");
    let listener = UnixListener::bind(&path).unwrap();
    send_as(Flavor::DogStatsD, Transport::UnixStream(path));
    let mut bytes = Vec::new();
    listener.accept().unwrap().0.read_to_end(&mut bytes).unwrap();
    let (mut rest, mut packets) = (bytes.as_slice(), Vec::new());
    while let Some((length, after)) = rest.split_first_chunk() {
        let (packet, others) = after.split_at(u32::from_le_bytes(*length) as usize);
        packets.push(std::str::from_utf8(packet).unwrap());
        rest = others;
    }
    assert!(rest.is_empty() && packets.len() > 1 && packets.iter().all(|packet| packet.len() <= 512));
    assert_eq!(total(&packets.join("\n")), 299 * 150);
}

#[test]
fn what_an_exporter_cannot_send_waits_for_the_server_to_come() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("statsd.sock");
    let registry = Registry::new();
    let jobs = registry.counter("requests", "").register().unwrap();
    let exporter = StatsdExporter::builder(Transport::UnixDatagram(path.clone()));
    let exporter = exporter.registry(registry.clone()).interval(NEVER).start().unwrap();
    for _ in 0..3 {
        jobs.inc_by(7);
        assert!(exporter.flush());
    }
    assert!(exporter.stats().carried_lines >= 3);
    let socket = UnixDatagram::bind(&path).unwrap();
    assert!(exporter.flush());
    let mut buffer = [0; 8192];
    let length = socket.recv(&mut buffer).unwrap();
    assert_eq!(total(std::str::from_utf8(&buffer[..length]).unwrap()), 21);
}

#[test]
fn a_stream_without_a_server_is_a_counted_drop() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    for transport in
        [Transport::Tcp(address), Transport::UnixStream(PathBuf::from("/nonexistent/statsd.sock"))]
    {
        let client = StatsdClient::connect(transport).unwrap();
        client.incr("lost");
        assert!(client.flush());
        assert_eq!(client.stats().dropped_lines(DropCause::SendFailed), 1);
    }
}

#[test]
fn a_server_that_hangs_costs_no_call_and_what_it_does_not_take_is_counted() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("statsd.sock");
    let listener = UnixListener::bind(&path).unwrap();
    let client = StatsdClient::builder(Transport::UnixStream(path))
        .queue_bytes(64 << 10)
        .flush_timeout(Duration::from_secs(60))
        .build()
        .unwrap();
    // Nobody reads. What the socket takes is a few hundred kilobytes, what the queue takes is 64 KiB, and no call waits for either.
    let calls = 500_000;
    for _ in 0..calls {
        client.incr("requests_that_nobody_reads_yet");
    }
    assert!(client.stats().dropped_lines(DropCause::QueueFull) > 0, "{:?}", client.stats());
    let received = thread::spawn(move || {
        let mut text = String::new();
        listener.accept().unwrap().0.read_to_string(&mut text).unwrap();
        text.lines().filter(|line| *line == "requests_that_nobody_reads_yet:1|c").count() as u64
    });
    assert!(client.shutdown());
    let stats = client.stats();
    assert_eq!(received.join().unwrap(), stats.sent_lines);
    assert_eq!(stats.sent_lines + stats.all_dropped_lines(), calls);
}

/// Makes a server that hangs: of what it is sent, nobody reads anything.
fn filled(transport: Transport) -> (StatsdExporter, Counter) {
    let registry = Registry::new();
    let jobs = registry.counter("jobs", "").register().unwrap();
    let many: Vec<_> = (0..1000)
        .map(|n| registry.counter(&format!("c{n}_{}", "x".repeat(190)), "").register().unwrap())
        .collect();
    let exporter = StatsdExporter::builder(transport).registry(registry.clone()).interval(NEVER);
    let exporter = exporter.flush_timeout(Duration::from_secs(30)).start().unwrap();
    loop {
        let sent = exporter.stats().sent_packets;
        many.iter().for_each(Counter::inc);
        assert!(exporter.flush());
        if exporter.stats().sent_packets == sent {
            break;
        }
    }
    (exporter, jobs)
}

#[test]
fn an_exporter_waits_once_for_a_server_that_hangs_and_ends_in_time() {
    let directory = tempfile::tempdir().unwrap();
    let _servers = (
        UnixListener::bind(directory.path().join("stream.sock")).unwrap(),
        UnixDatagram::bind(directory.path().join("datagram.sock")).unwrap(),
    );
    thread::scope(|scope| {
        for transport in [
            Transport::UnixStream(directory.path().join("stream.sock")),
            Transport::UnixDatagram(directory.path().join("datagram.sock")),
        ] {
            scope.spawn(move || {
                let (exporter, jobs) = filled(transport);
                let start = Instant::now();
                jobs.inc();
                assert!(exporter.flush() && exporter.shutdown());
                // Each of the two flushes waits a second for one packet of 25.
                assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
                assert!(exporter.stats().dropped_lines(DropCause::SendFailed) > 0, "{:?}", exporter.stats());
            });
        }
    });
}

#[test]
fn a_client_waits_once_for_a_server_that_hangs_when_it_ends() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("statsd.sock");
    let _server = UnixDatagram::bind(&path).unwrap();
    let client = StatsdClient::builder(Transport::UnixDatagram(path)).flush_timeout(Duration::from_secs(30));
    let client = client.packet_bytes(512).flush_interval(NEVER).build().unwrap();
    // Hundreds of packets, of which the socket takes some.
    let calls = 20_000;
    for _ in 0..calls {
        client.incr("requests");
    }
    assert!(client.shutdown());
    let stats = client.stats();
    assert!(stats.dropped_lines(DropCause::SendFailed) > calls / 2, "{stats:?}");
    assert_eq!(stats.sent_lines + stats.all_dropped_lines(), calls);
}

#[test]
fn what_a_server_that_hangs_has_not_taken_goes_to_the_one_that_follows() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("statsd.sock");
    let listener = UnixListener::bind(&path).unwrap();
    let (exporter, jobs) = filled(Transport::UnixStream(path));
    let (hung, _) = listener.accept().unwrap();
    jobs.inc_by(7);
    assert!(exporter.flush());
    drop(hung);
    let received = thread::spawn(move || {
        let mut text = String::new();
        listener.accept().unwrap().0.read_to_string(&mut text).unwrap();
        text
    });
    assert!(exporter.shutdown());
    let text = received.join().unwrap();
    assert_eq!(text.lines().filter(|line| *line == "jobs:7|c").count(), 1);
    assert_eq!(exporter.stats().all_dropped_lines(), 0);
}

#[test]
fn a_server_that_accepts_and_closes_is_known_to_have_received_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let client = StatsdClient::connect(Transport::Tcp(listener.local_addr().unwrap().to_string())).unwrap();
    for _ in 0..100 {
        client.incr("requests");
        assert!(client.flush());
        drop(listener.accept());
    }
    assert!(client.shutdown());
    let stats = client.stats();
    assert_eq!(stats.dropped_lines(DropCause::SendFailed), 100);
    assert!(stats.sent_lines < 50, "not a connection for each: {stats:?}");
}

#[test]
fn what_cannot_be_an_address_is_an_error_that_names_it() {
    for bad in ["tcp://nowhere", "tcp://127.0.0.1:0", "unix://", "unixgram://", "http://127.0.0.1:8125"] {
        let error = StatsdClient::connect(bad).unwrap_err();
        assert!(matches!(error, Error::Resolve { .. } | Error::Unusable { .. }), "{error}");
        let address = Transport::from(bad).to_string();
        let (_, address) = address.split_once("://").unwrap();
        assert!(error.to_string().contains(&format!("`{address}`")), "{error}");
    }
}
