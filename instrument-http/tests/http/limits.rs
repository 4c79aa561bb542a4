//! What clients cannot do to the endpoint.

use std::time::{Duration, Instant};

use instrument_core::{Labels, Registry};
use instrument_http::{MetricsServer, TextEncoder};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::PATIENCE;
use crate::client::{
    connect, read_to, request, request_with, rest, rest_of_bytes, send, send_get, without_chunks,
};
use crate::page::{builder, server};

/// As long as a connection has to be idle to give way, and a bit.
pub(crate) const IDLE: Duration = Duration::from_millis(300);

/// A registry whose page no socket takes at once: some 16 MB.
pub(crate) fn large() -> Registry {
    of(4000)
}

/// A registry of so many series, each of 4 KB.
pub(crate) fn of(series: u32) -> Registry {
    #[derive(Labels)]
    struct Number {
        number: u32,
        text: &'static str,
    }
    const TEXT: &str = include_str!("limits.rs");
    let registry = Registry::new();
    let many = registry.counter("many", "Many.").labels::<Number>().register().unwrap();
    (0..series).for_each(|number| many.with(&Number { number, text: TEXT }).inc());
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
async fn connections_beyond_the_bound_are_told_to_come_again_until_one_is_not_busy() {
    let server = builder(&large()).max_connections(2).bind().await.unwrap();
    let (first, _second) = (busy(&server).await, busy(&server).await);

    let third = request(server.local_addr(), "GET", "/metrics").await;
    assert_eq!((third.status, third.header("retry-after")), (503, Some("5")));
    assert_eq!(third.header("connection"), Some("close"));

    drop(first);
    served(&server).await;
}

#[tokio::test]
async fn two_hundred_connections_beyond_the_bound_hold_up_nobody_who_is_within() {
    let server = builder(&large()).max_connections(1).bind().await.unwrap();
    let mut first = busy(&server).await;
    let mut idle = Vec::new();
    for _ in 0..200 {
        idle.push(connect(server.local_addr()).await);
    }
    goes_on(&mut first).await;
    drop((first, idle));
    served(&server).await;
}

/// A connection whose answer is on its way: it is too long for the system's buffers, and only its head is read.
async fn busy(server: &MetricsServer) -> TcpStream {
    let mut stream = connect(server.local_addr()).await;
    send_get(&mut stream, "/metrics").await;
    assert!(read_to(&mut stream, "\r\n\r\n").await.starts_with("HTTP/1.1 200"));
    stream
}

/// The answer goes on when it is read: beyond what was in the system's buffers.
async fn goes_on(stream: &mut TcpStream) {
    let read = timeout(PATIENCE, stream.read_exact(&mut vec![0; 12 << 20])).await;
    read.expect("an answer that goes on").expect("a connection that stays");
}

#[tokio::test]
async fn the_connection_that_was_idle_for_longest_gives_way() {
    let server = builder(&large()).max_connections(3).bind().await.unwrap();
    let mut silent = connect(server.local_addr()).await;
    let mut busy = busy(&server).await;
    let mut kept = connect(server.local_addr()).await;
    send_get(&mut kept, "/nothing").await;
    read_to(&mut kept, "\r\n\r\n").await;
    sleep(IDLE).await;

    assert_eq!(request(server.local_addr(), "HEAD", "/metrics").await.status, 200);
    assert_eq!(rest(&mut silent).await, "");
    send_get(&mut kept, "/nothing").await;
    assert!(read_to(&mut kept, "\r\n\r\n").await.contains("HTTP/1.1 404"));
    goes_on(&mut busy).await;
}

#[tokio::test]
async fn who_has_just_come_does_not_give_way() {
    let server = builder(&Registry::new()).max_connections(1).header_timeout(PATIENCE).bind().await.unwrap();
    let start = Instant::now();
    let mut first = connect(server.local_addr()).await;
    let second = request(server.local_addr(), "GET", "/metrics").await;
    // On a machine that was busy for longer it is not news any more.
    if start.elapsed() < Duration::from_millis(200) {
        assert_eq!(second.status, 503);
        send_get(&mut first, "/metrics").await;
        assert!(read_to(&mut first, "\r\n\r\n").await.starts_with("HTTP/1.1 200"));
    }
}

/// Whoever asks nothing keeps nobody out who does.
#[tokio::test]
async fn a_hundred_newcomers_at_once_are_all_answered_where_the_places_are_idle() {
    let server = builder(&Registry::new()).max_connections(100).bind().await.unwrap();
    let mut idle = Vec::new();
    for _ in 0..100 {
        idle.push(connect(server.local_addr()).await);
    }
    sleep(IDLE).await;
    let address = server.local_addr();
    let asking: Vec<_> = (0..100).map(|_| tokio::spawn(request(address, "GET", "/metrics"))).collect();
    for asked in asking {
        assert_eq!(asked.await.unwrap().status, 200);
    }
    for mut stream in idle {
        assert_eq!(rest(&mut stream).await, "");
    }
}

/// Asks until there is a place.
pub(crate) async fn served(server: &MetricsServer) {
    let start = Instant::now();
    loop {
        let mut stream = connect(server.local_addr()).await;
        let asked = stream.write_all(b"HEAD /metrics HTTP/1.1\r\nConnection: close\r\n\r\n").await;
        if asked.is_ok() && rest(&mut stream).await.starts_with("HTTP/1.1 200") {
            return;
        }
        assert!(start.elapsed() < PATIENCE, "there is no place any more");
        sleep(Duration::from_millis(2)).await;
    }
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
    let registry = large();
    let server = server(&registry).await;
    let _slow = begin_scrape(&server).await;
    let page = TextEncoder::new().encode(&registry);
    assert!(request(server.local_addr(), "GET", "/metrics").await.body == page);
}

#[tokio::test]
async fn a_client_that_does_not_read_loses_its_place() {
    let server = with_one_place().await;
    let start = Instant::now();
    let mut slow = begin_scrape(&server).await;
    served(&server).await;
    assert!(start.elapsed() >= Duration::from_millis(290), "there was a second place");
    assert!(
        without_chunks(&rest_of_bytes(&mut slow).await).is_none(),
        "all was kept for who did not read it"
    );
}

#[tokio::test]
async fn a_client_that_reads_now_and_then_loses_its_place_too() {
    let server = with_one_place().await;
    let mut slow = begin_scrape(&server).await;
    let (mut read, mut some) = (Vec::new(), vec![0; 32 * 1024]);
    while let Ok(Ok(length @ 1..)) = timeout(PATIENCE, slow.read(&mut some)).await {
        read.extend_from_slice(&some[..length]);
        sleep(Duration::from_millis(5)).await;
    }
    assert!(without_chunks(&read).is_none(), "it got all");
}

/// A server whose page takes longer to be read than it waits for.
async fn with_one_place() -> MetricsServer {
    builder(&large()).max_connections(1).response_timeout(Duration::from_millis(300)).bind().await.unwrap()
}

/// Asks for the page and reads its head.
async fn begin_scrape(server: &MetricsServer) -> TcpStream {
    let mut stream = connect(server.local_addr()).await;
    send(&mut stream, "GET /metrics HTTP/1.1\r\nHost: test\r\n\r\n").await;
    read_to(&mut stream, "\r\n\r\n").await;
    stream
}

#[tokio::test]
async fn a_page_in_time_is_followed_by_another_on_the_connection() {
    let server = server(&of(70)).await;
    let mut stream = connect(server.local_addr()).await;
    for _ in 0..2 {
        send(&mut stream, "GET /metrics HTTP/1.1\r\nHost: test\r\n\r\n").await;
        let head = read_to(&mut stream, "\r\n\r\n").await;
        assert!(head.contains("transfer-encoding: chunked\r\n"), "{head}");
        read_to(&mut stream, "\r\n0\r\n\r\n").await;
    }
}
