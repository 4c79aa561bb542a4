//! What clients cannot do to the endpoint.

use std::time::{Duration, Instant};

use instrument_core::{Labels, Registry};
use instrument_http::{MetricsServer, MetricsServerBuilder};
use tokio::net::TcpStream;

use crate::client::{connect, read_to, request, request_with, rest, send};
use crate::page::server;

fn builder(registry: &Registry) -> MetricsServerBuilder {
    MetricsServer::builder().listen("127.0.0.1:0").registry(registry.clone())
}

/// A registry whose page no socket takes at once: some 20 MB.
fn large() -> Registry {
    #[derive(Labels)]
    struct Number {
        number: u32,
        text: &'static str,
    }
    const TEXT: &str = include_str!("limits.rs");
    let registry = Registry::new();
    let many = registry.counter("many", "Many.").labels::<Number>().register().unwrap();
    (0..4000).for_each(|number| many.with(&Number { number, text: TEXT }).inc());
    registry
}

#[tokio::test]
async fn a_client_that_sends_no_head_or_half_of_one_is_closed() {
    let server = builder(&Registry::new()).header_timeout(Duration::from_millis(100)).bind().await.unwrap();
    for sent in ["", "GET /metr", "GET /metrics HTTP/1.1\r\nHost: test\r\n"] {
        let start = Instant::now();
        let mut stream = connect(server.local_addr()).await;
        send(&mut stream, sent).await;
        rest(&mut stream).await;
        assert!(start.elapsed() >= Duration::from_millis(90), "closed at once after {sent:?}");
    }
}

#[tokio::test]
async fn a_connection_that_goes_idle_is_closed() {
    let server = builder(&Registry::new()).header_timeout(Duration::from_millis(100)).bind().await.unwrap();
    let mut stream = connect(server.local_addr()).await;
    send(&mut stream, "GET /metrics HTTP/1.1\r\nHost: test\r\n\r\n").await;
    read_to(&mut stream, "\r\n\r\n").await;
    assert_eq!(rest(&mut stream).await, "");
}

#[tokio::test]
async fn a_head_that_is_too_long_is_refused() {
    let server = server(&Registry::new()).await;
    let long = format!("X-Long: {}\r\n", "x".repeat(20_000));
    assert_eq!(request_with(server.local_addr(), "GET", "/metrics", &long).await.status, 431);
    let many: String = (0..70).map(|number| format!("X-{number}: x\r\n")).collect();
    assert_eq!(request_with(server.local_addr(), "GET", "/metrics", &many).await.status, 431);
    assert_eq!(request(server.local_addr(), "GET", "/metrics").await.status, 200);
}

#[tokio::test]
async fn connections_beyond_the_bound_wait_until_one_is_closed() {
    let server = builder(&Registry::new()).max_connections(2).bind().await.unwrap();
    let first = connect(server.local_addr()).await;
    let mut second = connect(server.local_addr()).await;
    send(&mut second, "GET /metrics HTTP/1.1\r\nHost: test\r\n\r\n").await;
    read_to(&mut second, "\r\n\r\n").await;

    let mut third = connect(server.local_addr()).await;
    send(&mut third, "GET /metrics HTTP/1.1\r\nHost: test\r\n\r\n").await;
    let mut byte = [0];
    let refused = tokio::time::timeout(Duration::from_millis(100), third.peek(&mut byte)).await;
    assert!(refused.is_err(), "it was let in");

    drop(first);
    assert!(read_to(&mut third, "\r\n\r\n").await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_bound_of_nothing_lets_one_in() {
    let server = builder(&Registry::new()).max_connections(0).bind().await.unwrap();
    assert_eq!(request(server.local_addr(), "GET", "/metrics").await.status, 200);
    let server = builder(&Registry::new())
        .max_connections(usize::MAX)
        .header_timeout(Duration::MAX)
        .response_timeout(Duration::MAX)
        .bind()
        .await
        .unwrap();
    assert_eq!(request(server.local_addr(), "GET", "/metrics").await.status, 200);
}

#[tokio::test]
async fn a_client_that_does_not_read_holds_up_nobody() {
    let server = server(&large()).await;
    let mut slow = connect(server.local_addr()).await;
    let length = begin_scrape(&mut slow).await;
    assert_eq!(request(server.local_addr(), "GET", "/metrics").await.body.len(), length);
}

#[tokio::test]
async fn a_client_that_does_not_read_loses_its_place() {
    let server = builder(&large())
        .max_connections(1)
        .response_timeout(Duration::from_millis(300))
        .bind()
        .await
        .unwrap();
    let mut slow = connect(server.local_addr()).await;
    let start = Instant::now();
    let length = begin_scrape(&mut slow).await;
    assert_eq!(request(server.local_addr(), "HEAD", "/metrics").await.status, 200);
    assert!(start.elapsed() >= Duration::from_millis(290), "there was a second place");
    let read = rest(&mut slow).await.len();
    assert!(read < length, "all {length} bytes were kept for who did not read them");
}

/// Asks for the page and reads its head; gives the length of what follows.
async fn begin_scrape(stream: &mut TcpStream) -> usize {
    send(stream, "GET /metrics HTTP/1.1\r\nHost: test\r\n\r\n").await;
    let head = read_to(stream, "\r\n\r\n").await;
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    length.and_then(|length| length.parse().ok()).expect("the length of the page")
}

#[tokio::test]
async fn a_client_that_reads_slowly_but_in_time_gets_all() {
    let server = server(&large()).await;
    let mut slow = connect(server.local_addr()).await;
    send(&mut slow, "GET /metrics HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").await;
    let head = read_to(&mut slow, "\r\n\r\n").await;
    let body = rest(&mut slow).await;
    assert!(head.contains(&format!("content-length: {}\r\n", body.len())), "{head}");
}
