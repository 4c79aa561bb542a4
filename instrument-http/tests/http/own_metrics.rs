//! What the endpoint counts of itself.

use instrument_core::{HistogramSnapshot, Registry};
use instrument_http::{BindError, MetricsServer, MetricsServerBuilder};
use tokio::time::sleep;

use crate::client::{connect, read_to, request, send_get};
use crate::limits::{IDLE, large};
use crate::until;

fn builder(registry: &Registry) -> MetricsServerBuilder {
    MetricsServer::builder().listen("127.0.0.1:0").registry(registry.clone())
}

/// How many scrapes had an outcome.
pub(crate) fn scrapes(registry: &Registry, outcome: &str) -> u64 {
    // The series of rare outcomes come with the first of them.
    let snapshot = registry.snapshot();
    let durations = snapshot.histogram("instrument_scrape_duration_seconds", &[("outcome", outcome)]);
    durations.map_or(0, HistogramSnapshot::count)
}

fn refused(registry: &Registry, reason: &str) -> u64 {
    registry.snapshot().expect_counter("instrument_scrape_refused_total", &[("reason", reason)])
}

pub(crate) fn failures(registry: &Registry, cause: &str) -> u64 {
    registry.snapshot().expect_counter("instrument_scrape_failures_total", &[("cause", cause)])
}

fn sent_bytes(registry: &Registry) -> u64 {
    registry.snapshot().expect_counter("instrument_scrape_sent_bytes_total", &[])
}

fn in_flight(registry: &Registry) -> i64 {
    registry.snapshot().expect_up_down_counter("instrument_scrape_in_flight", &[])
}

#[tokio::test]
async fn scrapes_are_counted_with_what_was_sent() {
    let registry = Registry::new();
    let server = builder(&registry).bind().await.unwrap();
    let page = request(server.local_addr(), "GET", "/metrics").await;
    assert!(page.body.contains("instrument_scrape_in_flight 1\n"), "{}", page.body);
    assert_eq!((scrapes(&registry, "ok"), sent_bytes(&registry)), (1, page.bytes.len() as u64));

    request(server.local_addr(), "HEAD", "/metrics").await;
    assert_eq!((scrapes(&registry, "ok"), sent_bytes(&registry)), (2, page.bytes.len() as u64));
    for (method, path) in [("POST", "/metrics"), ("GET", "/")] {
        request(server.local_addr(), method, path).await;
    }
    assert_eq!((scrapes(&registry, "ok"), scrapes(&registry, "error"), in_flight(&registry)), (2, 0, 0));
}

#[tokio::test]
async fn a_page_of_many_chunks_is_one_scrape() {
    let registry = large();
    let server = builder(&registry).bind().await.unwrap();
    let page = request(server.local_addr(), "GET", "/metrics").await;
    assert_eq!((scrapes(&registry, "ok"), sent_bytes(&registry)), (1, page.bytes.len() as u64));
}

#[tokio::test]
async fn a_client_that_leaves_has_cancelled_its_scrape() {
    let registry = large();
    let server = builder(&registry).bind().await.unwrap();
    let mut stream = connect(server.local_addr()).await;
    send_get(&mut stream, "/metrics").await;
    read_to(&mut stream, "\r\n\r\n").await;
    assert_eq!(in_flight(&registry), 1);
    drop(stream);
    until("it is noticed", || scrapes(&registry, "cancelled") == 1).await;
    assert_eq!((scrapes(&registry, "ok"), in_flight(&registry)), (0, 0));
}

#[tokio::test]
async fn who_is_refused_is_counted_by_the_reason() {
    let registry = Registry::new();
    let server = builder(&registry).bearer_token("c3a1f0e7").max_connections(1).bind().await.unwrap();
    assert_eq!(refused(&registry, "credentials"), 0);
    let mut first = connect(server.local_addr()).await;
    send_get(&mut first, "/metrics").await;
    read_to(&mut first, "\r\n\r\n").await;
    assert_eq!(["credentials", "connections"].map(|reason| refused(&registry, reason)), [1, 0]);
    sleep(IDLE).await;
    // The first gives way to this one, which has no credentials either.
    request(server.local_addr(), "GET", "/metrics").await;

    let forbidding = builder(&registry).allow("10.0.0.0/8").bind().await.unwrap();
    request(forbidding.local_addr(), "GET", "/metrics").await;
    assert_eq!(["credentials", "connections", "network"].map(|reason| refused(&registry, reason)), [2, 1, 1]);
    assert_eq!(scrapes(&registry, "ok") + scrapes(&registry, "error"), 0);
}

#[tokio::test]
async fn they_can_be_left_out_and_names_that_are_taken_are_an_error() {
    let registry = Registry::new();
    registry.gauge("instrument_scrape_in_flight", "").register().unwrap();
    let error = builder(&registry).bind().await.unwrap_err();
    assert!(matches!(&error, BindError::Metrics { .. }), "{error:?}");
    assert!(error.to_string().contains("instrument_scrape_in_flight"), "{error}");

    let server = builder(&registry).own_metrics(false).bind().await.unwrap();
    let page = request(server.local_addr(), "GET", "/metrics").await.body;
    assert!(!page.contains("instrument_scrape_duration"), "{page}");
}
