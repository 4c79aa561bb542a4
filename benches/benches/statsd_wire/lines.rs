//! How long it takes from the first of many calls of one thread until the server has received the line of the last.
//!
//! Over a Unix datagram socket, which makes senders wait for a reader instead of losing packets; who drops a line itself is found out.

use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::thread;
use std::time::Duration;

use cadence::prelude::*;
use cadence::{BufferedUnixMetricSink, QueuingMetricSink};
use instrument_benches::median_ns;
use instrument_benches::statsd::Drain;
use instrument_statsd::{StatsdClient, Transport};

use super::{Numbers, PACKET_BYTES};

const PREFIX: &str = "app";
const NAME: &str = "requests";

/// Room for all lines.
const QUEUE_BYTES: usize = 256 << 20;

pub(crate) fn all(lines: u64, budget: Duration) -> Vec<(&'static str, Numbers)> {
    vec![
        ("instrument", of(lines, budget, instrument)),
        ("cadence", of(lines, budget, cadence)),
        ("cadence_queuing", of(lines, budget, cadence_queuing)),
    ]
}

/// Says so many lines and hands all of them to the network.
type Say = Box<dyn Fn(u64)>;

fn of(lines: u64, budget: Duration, open: fn(&Path) -> Say) -> Numbers {
    let directory = tempfile::tempdir().expect("a writable directory");
    let path = directory.path().join("statsd.sock");
    let drain = Drain::bind(&path).expect("a free path");
    let say = open(&path);
    let ns = median_ns(budget, || {
        let expected = drain.lines() + lines;
        say(lines);
        assert!(drain.await_lines(expected), "{} of {expected} lines", drain.lines());
    });
    vec![("lines_per_second", lines as f64 / ns * 1e9)]
}

fn instrument(path: &Path) -> Say {
    let builder = StatsdClient::builder(Transport::UnixDatagram(path.to_owned())).prefix(PREFIX);
    let builder = builder.packet_bytes(PACKET_BYTES).queue_bytes(QUEUE_BYTES);
    let client = builder.flush_timeout(Duration::from_secs(60)).build().expect("a local server");
    Box::new(move |lines| {
        (0..lines).for_each(|_| client.incr(NAME));
        client.flush();
    })
}

/// The buffered sink, with a socket that blocks.
fn cadence(path: &Path) -> Say {
    let client = cadence::StatsdClient::from_sink(PREFIX, cadence_sink(path));
    Box::new(move |lines| say_by_cadence(&client, lines))
}

/// The same behind a queue without a bound.
fn cadence_queuing(path: &Path) -> Say {
    let sink = QueuingMetricSink::from(cadence_sink(path));
    let queue = sink.clone();
    let client = cadence::StatsdClient::from_sink(PREFIX, sink);
    Box::new(move |lines| {
        say_by_cadence(&client, lines);
        while queue.queued() > 0 {
            thread::yield_now();
        }
        // The last line is counted as taken before it is in the buffer.
        thread::sleep(Duration::from_millis(1));
        let _ = client.flush();
    })
}

fn cadence_sink(path: &Path) -> BufferedUnixMetricSink {
    let socket = UnixDatagram::unbound().expect("a socket");
    BufferedUnixMetricSink::with_capacity(path, socket, PACKET_BYTES)
}

fn say_by_cadence(client: &cadence::StatsdClient, lines: u64) {
    for _ in 0..lines {
        let _ = client.incr(NAME);
    }
    let _ = client.flush();
}
