//! Lines that are sent together.

mod server;

use std::time::Duration;

use instrument_statsd::{DropCause, StatsdClient};
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
