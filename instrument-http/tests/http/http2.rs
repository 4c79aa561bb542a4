//! The endpoint in HTTP/2.

use std::time::{Duration, Instant};

use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http2::{Builder, SendRequest, handshake};
use hyper_util::rt::{TokioExecutor, TokioIo};
use instrument_http::TextEncoder;
use rustls::version::TLS13;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::PATIENCE;
use crate::client::{connect, request, rest_of_bytes};
use crate::limits::{IDLE, large, of};
use crate::page::builder;
use crate::tls;

type Client = SendRequest<Empty<Bytes>>;

/// A client, and what ends with its connection.
pub(crate) async fn client(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
) -> (Client, JoinHandle<()>) {
    let (client, connection) = handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    let connection = tokio::spawn(async {
        let _ = connection.await;
    });
    (client, connection)
}

async fn ask(client: &mut Client, method: Method, path: &str) -> Response<Incoming> {
    let uri = format!("http://localhost{path}");
    client.send_request(Request::builder().method(method).uri(uri).body(Empty::new()).unwrap()).await.unwrap()
}

async fn body(answer: Response<Incoming>) -> Bytes {
    answer.into_body().collect().await.unwrap().to_bytes()
}

fn length(headers: &HeaderMap) -> Option<usize> {
    headers.get("content-length")?.to_str().ok()?.parse().ok()
}

#[tokio::test]
async fn one_connection_serves_many_at_once_and_other_clients_beside_them() {
    let registry = of(70);
    let server = builder(&registry).bind().await.unwrap();
    let page = TextEncoder::new().encode(&registry);
    let (mut client, _connection) = client(connect(server.local_addr()).await).await;
    // From here on the client knows how many it may ask for at once.
    assert!(body(ask(&mut client, Method::GET, "/metrics").await).await == page);
    let scrapes: Vec<_> = (0..40)
        .map(|_| {
            let mut client = client.clone();
            tokio::spawn(async move { body(ask(&mut client, Method::GET, "/metrics").await).await })
        })
        .collect();
    for scrape in scrapes {
        assert!(timeout(PATIENCE, scrape).await.unwrap().unwrap() == page);
    }
    assert!(request(server.local_addr(), "GET", "/metrics").await.body == page);
}

#[tokio::test]
async fn answers_are_those_of_the_other_version() {
    let server = builder(&of(1)).bearer_token("c3a1f0e7").bind().await.unwrap();
    let (mut client, _connection) = client(connect(server.local_addr()).await).await;
    assert_eq!(ask(&mut client, Method::GET, "/metrics").await.status(), StatusCode::UNAUTHORIZED);

    let server = builder(&of(1)).bind().await.unwrap();
    let (mut client, _connection) = self::client(connect(server.local_addr()).await).await;
    assert_eq!(ask(&mut client, Method::GET, "/other").await.status(), StatusCode::NOT_FOUND);
    let refused = ask(&mut client, Method::POST, "/metrics").await;
    assert_eq!(
        (refused.status().as_u16(), &refused.headers()["allow"]),
        (405, &"GET, HEAD".parse().unwrap())
    );

    let head = ask(&mut client, Method::HEAD, "/metrics").await;
    let announced = length(head.headers());
    assert!(body(head).await.is_empty());
    assert_eq!(announced, Some(body(ask(&mut client, Method::GET, "/metrics").await).await.len()));
}

#[tokio::test]
async fn tls_clients_get_the_version_that_they_prefer() {
    let (authority, builder) = tls::builder();
    let server = builder.bind().await.unwrap();
    let mut config = (*authority.client(&[&TLS13], None)).clone();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let stream = tls::handshake(&server, config.into()).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let (mut client, _connection) = client(stream).await;
    assert_eq!(ask(&mut client, Method::GET, "/metrics").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_connection_that_goes_idle_is_closed() {
    let server = builder(&of(1)).header_timeout(Duration::from_millis(100)).bind().await.unwrap();
    let (mut client, connection) = client(connect(server.local_addr()).await).await;
    assert_eq!(ask(&mut client, Method::GET, "/metrics").await.status(), StatusCode::OK);
    timeout(PATIENCE, connection).await.expect("it stays open").unwrap();
}

#[tokio::test]
async fn what_was_answered_arrives_before_the_connection_gives_way() {
    let registry = of(12);
    let server = builder(&registry).max_connections(1).bind().await.unwrap();
    // The page is ready long before the client gives leave to send it.
    let mut narrow = Builder::new(TokioExecutor::new());
    narrow.initial_stream_window_size(1_000);
    let stream = TokioIo::new(connect(server.local_addr()).await);
    let (mut client, connection) = narrow.handshake(stream).await.unwrap();
    tokio::spawn(connection);
    let answer = ask(&mut client, Method::GET, "/metrics").await;
    sleep(IDLE).await;
    let other = tokio::spawn(request(server.local_addr(), "GET", "/metrics"));
    sleep(IDLE).await;
    assert!(body(answer).await == TextEncoder::new().encode(&registry));
    assert_eq!(timeout(PATIENCE, other).await.unwrap().unwrap().status, 200);
}

#[tokio::test]
async fn a_client_that_says_no_more_than_its_preface_is_closed() {
    let server = builder(&of(1)).header_timeout(Duration::from_millis(100)).bind().await.unwrap();
    for sent in [&b"PRI * HTTP/2.0"[..], b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
        let start = Instant::now();
        let mut stream = connect(server.local_addr()).await;
        stream.write_all(sent).await.unwrap();
        rest_of_bytes(&mut stream).await;
        assert!(start.elapsed() >= Duration::from_millis(90), "closed at once");
    }
}

#[tokio::test]
async fn a_client_that_grants_no_window_loses_its_place() {
    let server = builder(&large()).response_timeout(Duration::from_millis(300)).bind().await.unwrap();
    let (mut client, connection) = client(connect(server.local_addr()).await).await;
    // Not read, so that its window stays shut once it is full, and nothing is written any more.
    let answer = ask(&mut client, Method::GET, "/metrics").await;
    assert_eq!(answer.status(), StatusCode::OK);
    timeout(PATIENCE, connection).await.expect("it stays open").unwrap();
    assert!(answer.into_body().collect().await.is_err(), "it got all");
}

#[tokio::test]
async fn a_connection_on_which_answers_overlap_without_end_is_not_cut_off() {
    let limit = Duration::from_secs(1);
    let server = builder(&of(20)).response_timeout(limit).bind().await.unwrap();
    let (client, _connection) = client(connect(server.local_addr()).await).await;
    let start = Instant::now();
    let scrapers: Vec<_> = (0..3)
        .map(|_| {
            let mut client = client.clone();
            tokio::spawn(async move {
                while start.elapsed() < 2 * limit {
                    assert!(!body(ask(&mut client, Method::GET, "/metrics").await).await.is_empty());
                }
            })
        })
        .collect();
    for scraper in scrapers {
        scraper.await.unwrap();
    }
}

#[tokio::test]
async fn shutdown_waits_for_no_idle_connection() {
    let server = builder(&of(1)).bind().await.unwrap();
    let (mut client, connection) = client(connect(server.local_addr()).await).await;
    assert_eq!(ask(&mut client, Method::GET, "/metrics").await.status(), StatusCode::OK);
    let start = Instant::now();
    server.shutdown().await;
    timeout(PATIENCE, connection).await.expect("it stays open").unwrap();
    assert!(start.elapsed() < Duration::from_secs(2), "it waited for it");
}
