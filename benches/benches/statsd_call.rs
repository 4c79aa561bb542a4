//! What does a call of a StatsD client cost the thread that makes it, alone and beside a second one on the same client?
//!
//! All send real packets to a server on this machine: over UDP to a socket that keeps what finds room and loses the rest without a word, over a
//! Unix datagram socket to a thread that reads, as nothing is lost there. Two servers are none: at one address nobody listens, and
//! at the other nobody reads.

use std::hint::black_box;
use std::net::UdpSocket;
use std::os::unix::net::UnixDatagram;
use std::panic::RefUnwindSafe;
use std::path::Path;
use std::thread;
use std::time::Duration;

use cadence::prelude::*;
use cadence::{BufferedUdpMetricSink, BufferedUnixMetricSink, MetricSink, QueuingMetricSink};
use instrument_benches::statsd::Drain;
use instrument_benches::{Question, criterion};
use instrument_statsd::{ClientBuilder, Flavor, StatsdClient, Transport};

/// As long as cadence sends by default.
const PACKET_BYTES: usize = 512;

/// Enough for all lines of a sample: a line that is dropped may cost less than one that is sent.
const QUEUE_BYTES: usize = 256 << 20;

const PREFIX: &str = "app";
const NAME: &str = "requests";
/// More than a client keeps: as good as new each time.
const NEW_NAMES: usize = 100_000;
const TAGS: [(&str, &str); 2] = [("lang", "fr"), ("route", "home")];

fn main() {
    let mut criterion = criterion();
    let mut question = Question::new(&mut criterion, "statsd_call");

    let udp = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    let address = udp.local_addr().expect("bound").to_string();
    let directory = tempfile::tempdir().expect("a writable directory");
    let (path, hung_path) = (directory.path().join("statsd.sock"), directory.path().join("hung.sock"));
    let drain = Drain::bind(&path).expect("a free path");
    let hung = UnixDatagram::bind(&hung_path).expect("a free path");

    floor(&mut question);
    let dogstatsd = || builder(address.as_str()).flavor(Flavor::DogStatsD);
    instrument(&mut question, "instrument", &client(builder(address.as_str())));
    instrument_processor_time(&mut question, &client(builder(address.as_str())));
    instrument_new_names(&mut question, &client(builder(address.as_str())));
    instrument(&mut question, "instrument_tags", &client(dogstatsd()).with_tags(TAGS));
    instrument(&mut question, "instrument_unix", &client(builder(Transport::UnixDatagram(path.clone()))));
    instrument(&mut question, "instrument_gone", &client(builder(nobody().as_str())));
    instrument_hung(&mut question, &hung_path);
    instrument_handle(&mut question, address.as_str());
    cadence(&mut question, "cadence", &[], cadence_udp(&address), || ());
    cadence(&mut question, "cadence_tags", &TAGS, cadence_udp(&address), || ());
    cadence(&mut question, "cadence_unix", &[], cadence_unix(&path), || ());
    cadence_queuing(&mut question, &address);
    metrics_dogstatsd(&mut question, &address);

    drop((question, drain, hung));
    criterion.final_summary();
}

/// An address where nobody listens: the port was given to somebody, who has gone.
fn nobody() -> String {
    let gone = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    gone.local_addr().expect("bound").to_string()
}

/// A counter of the core, without a client.
fn floor(question: &mut Question<'_>) {
    let registry = instrument_core::Registry::new();
    let counter = registry.counter(NAME, "Requests.").register().expect("first of its name");
    question.ask("floor_counter", |_| {
        let counter = black_box(&counter);
        || counter.inc()
    });
}

fn builder(transport: impl Into<Transport>) -> ClientBuilder {
    StatsdClient::builder(transport).prefix(PREFIX).packet_bytes(PACKET_BYTES)
}

fn client(builder: ClientBuilder) -> StatsdClient {
    let patient = builder.queue_bytes(QUEUE_BYTES).flush_timeout(Duration::from_secs(60));
    patient.build().expect("a local server")
}

/// A call that is a line.
fn instrument(question: &mut Question<'_>, name: &str, client: &StatsdClient) {
    let call = |_| {
        let client = black_box(client);
        || client.incr(NAME)
    };
    question.ask_and_settle(name, call, || {
        client.flush();
    });
}

/// The same without the time in which the thread that sends has the core: of three threads, two at most have one here.
fn instrument_processor_time(question: &mut Question<'_>, client: &StatsdClient) {
    let call = |_| {
        let client = black_box(client);
        || client.incr(NAME)
    };
    question.ask_processor_time("instrument_processor_time", call, || {
        client.flush();
    });
}

/// The same with names that come for the first time, or as if they did.
fn instrument_new_names(question: &mut Question<'_>, client: &StatsdClient) {
    let names: Vec<String> = (0..NEW_NAMES).map(|n| format!("{NAME}.{n:05}")).collect();
    let call = |thread| {
        let (client, mut names) = (black_box(client), names.iter().cycle().skip(thread * NEW_NAMES / 2));
        move || {
            if let Some(name) = names.next() {
                client.incr(name);
            }
        }
    };
    question.ask_and_settle("instrument_new_names", call, || {
        client.flush();
    });
}

/// The same with the queue as long as it is by default: it is full, and what comes is dropped.
fn instrument_hung(question: &mut Question<'_>, path: &Path) {
    let builder = builder(Transport::UnixDatagram(path.to_owned())).flush_timeout(Duration::ZERO);
    let client = builder.build().expect("a local server");
    question.ask("instrument_hung", |_| {
        let client = black_box(&client);
        || client.incr(NAME)
    });
}

/// A handle, which adds up.
fn instrument_handle(question: &mut Question<'_>, address: &str) {
    let client = client(builder(address));
    let requests = client.counter(NAME);
    question.ask("instrument_handle", |_| {
        let requests = black_box(&requests);
        || requests.inc()
    });
}

/// Its buffered sinks, which send on the calling thread when a packet is full.
fn cadence(
    question: &mut Question<'_>,
    name: &str,
    tags: &[(&str, &str)],
    sink: impl MetricSink + Send + Sync + RefUnwindSafe + 'static,
    settle: impl Fn(),
) {
    let builder = cadence::StatsdClient::builder(PREFIX, sink);
    let builder = tags.iter().fold(builder, |builder, (key, value)| builder.with_tag(key, value));
    let client = builder.build();
    let call = |_| {
        let client = black_box(&client);
        || {
            let _ = client.incr(NAME);
        }
    };
    question.ask_and_settle(name, call, settle);
}

fn cadence_udp(address: &str) -> BufferedUdpMetricSink {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    socket.set_nonblocking(true).expect("as its documentation does");
    BufferedUdpMetricSink::from(address, socket).expect("an address")
}

/// With a socket that blocks: otherwise it would lose what the reader has no room for.
fn cadence_unix(path: &Path) -> BufferedUnixMetricSink {
    BufferedUnixMetricSink::from(path, UnixDatagram::unbound().expect("a socket"))
}

/// The form that its documentation recommends for production: a queue without a bound, and a thread that sends.
fn cadence_queuing(question: &mut Question<'_>, address: &str) {
    let sink = QueuingMetricSink::from(cadence_udp(address));
    let queue = sink.clone();
    cadence(question, "cadence_queuing", &[], sink, || {
        while queue.queued() > 0 {
            thread::yield_now();
        }
    });
}

/// A kept handle of its recorder, which adds up.
fn metrics_dogstatsd(question: &mut Question<'_>, address: &str) {
    let builder = metrics_exporter_dogstatsd::DogStatsDBuilder::default();
    builder.with_remote_address(address).expect("an address").install().expect("first recorder");
    let counter = metrics::counter!(NAME);
    question.ask("metrics_exporter_dogstatsd", |_| {
        let counter = black_box(&counter);
        || counter.increment(1)
    });
}
