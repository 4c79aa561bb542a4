//! How the endpoint ends.

use std::time::{Duration, Instant};

use instrument_core::Registry;
use instrument_http::MetricsServer;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::PATIENCE;
use crate::client::{connect, read_to, rest, send};
use crate::page::server;

#[tokio::test]
async fn after_shutdown_nobody_listens_and_nothing_is_open() {
    let server = server(&Registry::new()).await;
    let address = server.local_addr();
    let mut idle = connect(address).await;
    send(&mut idle, "GET /metrics HTTP/1.1\r\nHost: test\r\n\r\n").await;
    read_to(&mut idle, "\r\n\r\n").await;
    let mut silent = connect(address).await;

    let start = Instant::now();
    server.shutdown().await;
    assert!(start.elapsed() < Duration::from_secs(2), "it waited for idle connections");
    assert!(TcpStream::connect(address).await.is_err());
    assert_eq!((rest(&mut idle).await, rest(&mut silent).await), (String::new(), String::new()));
    // The port is free again.
    tokio::net::TcpListener::bind(address).await.unwrap();
}

#[tokio::test]
async fn shutdown_waits_for_a_request_under_way_but_not_for_ever() {
    let server = server(&Registry::new()).await;
    let (mut half, mut other) = half_a_request(&server).await;

    let shutdown = tokio::spawn(server.shutdown());
    rest(&mut other).await;
    send(&mut half, "Host: test\r\n\r\n").await;
    assert!(rest(&mut half).await.starts_with("HTTP/1.1 200"));
    shutdown.await.unwrap();
}

#[tokio::test]
async fn a_request_that_never_ends_is_cut_off() {
    let server = server(&Registry::new()).await;
    let _connections = half_a_request(&server).await;

    let start = Instant::now();
    server.shutdown().await;
    let took = start.elapsed();
    assert!((Duration::from_secs(2)..Duration::from_secs(5)).contains(&took), "it took {took:?}");
}

#[tokio::test]
async fn a_dropped_server_stops() {
    let server = server(&Registry::new()).await;
    let address = server.local_addr();
    let mut idle = connect(address).await;
    send(&mut idle, "GET /metrics HTTP/1.1\r\nHost: test\r\n\r\n").await;
    read_to(&mut idle, "\r\n\r\n").await;
    drop(server);
    assert_eq!(rest(&mut idle).await, "");
    let closed = async {
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, closed).await.expect("it still listens");
}

/// A connection with half a request that the server has read, and the one whose answer shows that it has.
async fn half_a_request(server: &MetricsServer) -> (TcpStream, TcpStream) {
    let mut half = connect(server.local_addr()).await;
    send(&mut half, "GET /metrics HTTP/1.1\r\n").await;
    // An answer on another connection shows that the server has read what came before.
    let mut other = connect(server.local_addr()).await;
    send(&mut other, "GET /metrics HTTP/1.1\r\nHost: test\r\n\r\n").await;
    read_to(&mut other, "\r\n\r\n").await;
    (half, other)
}
