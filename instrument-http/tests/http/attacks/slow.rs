//! Connections that never come to anything, and never quite stop: a byte now and then must not win more time.

use std::time::Duration;

use instrument_core::Registry;
use instrument_http::MetricsServer;
use rustls::version::TLS13;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;
use tokio::time::{Instant, sleep, timeout};
use tokio_rustls::TlsConnector;

use crate::PATIENCE;
use crate::client::connect;
use crate::limits::served;
use crate::page::builder;
use crate::tls;

const LIMIT: Duration = Duration::from_millis(200);

/// Sends a byte after the other until the server closes, which it must do long before the last.
async fn assert_closed(server: &MetricsServer, bytes: impl Iterator<Item = u8> + Send + 'static) {
    let (mut read, mut write) = connect(server.local_addr()).await.into_split();
    let start = Instant::now();
    let dribbling = tokio::spawn(async move {
        for byte in bytes {
            if write.write_all(&[byte]).await.is_err() {
                return;
            }
            sleep(LIMIT / 20).await;
        }
        panic!("all was taken");
    });
    let closed = tokio::time::timeout(PATIENCE, read.read_to_end(&mut Vec::new())).await;
    let _ = closed.expect("the server does not close");
    assert!(start.elapsed() >= LIMIT - LIMIT / 10, "closed at once");
    dribbling.abort();
    if let Err(error) = dribbling.await {
        assert!(error.is_cancelled(), "{error}");
    }
}

#[tokio::test]
async fn a_head_that_dribbles_in_is_cut_off() {
    let server = builder(&Registry::new()).max_connections(1).header_timeout(LIMIT).bind().await.unwrap();
    let head = b"GET /metrics HTTP/1.1\r\nX: ".iter().copied().chain(std::iter::repeat(b'x'));
    assert_closed(&server, head.take(4_000)).await;
    served(&server).await;
}

#[tokio::test]
async fn frames_that_dribble_in_are_cut_off() {
    let server = builder(&Registry::new()).max_connections(1).header_timeout(LIMIT).bind().await.unwrap();
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".iter().copied();
    assert_closed(&server, preface.clone().chain(std::iter::repeat(0)).take(4_000)).await;
    // The rest of the preface comes as fast as it can, and then pings without end (RFC 9113, section 6.7).
    let ping = [&[0, 0, 8, 6, 0, 0, 0, 0, 0][..], &[0; 8]].concat();
    let (mut read, mut write) = connect(server.local_addr()).await.into_split();
    write.write_all(&preface.chain([0, 0, 0, 4, 0, 0, 0, 0, 0]).collect::<Vec<_>>()).await.unwrap();
    let pinging = tokio::spawn(async move { while write.write_all(&ping).await.is_ok() {} });
    let closed = tokio::time::timeout(PATIENCE, read.read_to_end(&mut Vec::new())).await;
    let _ = closed.expect("pings keep a connection open");
    pinging.await.unwrap();
    served(&server).await;
}

/// What is written is kept by TLS, so that no write ever waits.
#[tokio::test]
async fn a_client_that_reads_nothing_over_tls_loses_its_place() {
    for token in [None, Some("c3a1f0e7b25d4c6f")] {
        let (authority, builder) = tls::builder();
        let builder = builder.max_connections(1).header_timeout(LIMIT).response_timeout(LIMIT);
        let builder = match token {
            Some(token) => builder.bearer_token(token),
            None => builder,
        };
        let server = builder.bind().await.unwrap();
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(2048).unwrap();
        let socket = socket.connect(server.local_addr()).await.unwrap();
        let connector = TlsConnector::from(authority.client(&[&TLS13], None));
        let mut slow = connector.connect("localhost".try_into().unwrap(), socket).await.unwrap();
        let requests = "GET /nothing HTTP/1.1\r\nHost: test\r\n\r\n".repeat(50);
        while let Ok(Ok(())) = timeout(5 * LIMIT, slow.write_all(requests.as_bytes())).await {}
        let start = Instant::now();
        while tls::status(&server, authority.client(&[&TLS13], None)).await.is_none_or(|status| status == 503)
        {
            assert!(start.elapsed() < PATIENCE, "it keeps its place");
            sleep(LIMIT / 10).await;
        }
        drop(slow);
    }
}

#[tokio::test]
async fn a_handshake_that_dribbles_in_is_cut_off() {
    let (_authority, builder) = tls::builder();
    let server = builder.max_connections(1).handshake_timeout(LIMIT).bind().await.unwrap();
    // The beginning of a record of 16 KiB (RFC 8446, section 5.1) with a ClientHello of as much.
    let hello = [0x16, 3, 1, 0x40, 0, 1, 0, 0x3f, 0xfc, 3, 3].into_iter().chain(std::iter::repeat(0));
    assert_closed(&server, hello.take(4_000)).await;
}
