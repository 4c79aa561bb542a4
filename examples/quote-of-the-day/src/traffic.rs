//! `--traffic N`: the app as its own client, so that its metrics have something to show.
//!
//! The requests go over real sockets. Most succeed; some ask for what is not there, some send what is refused, and
//! a few clients are slow. None changes the database: what is posted breaks a rule or is there already.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::http::{Method, Request, header};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// A server that does not keep up gets fewer requests rather than an ever longer queue of them.
const MAX_IN_FLIGHT: usize = 256;

/// The requests repeat after this many.
const ROUND: u64 = 50;

/// Sends `rate` requests a second to `server` until it is dropped. Requests that are under way then still end.
pub(crate) async fn send(server: SocketAddr, rate: u32) {
    let server = reachable(server);
    let client = Client::builder(TokioExecutor::new()).build_http();
    let in_flight = Arc::new(Semaphore::new(MAX_IN_FLIGHT));
    // Ticks that were missed are made up for: beyond 1000 a second, several fall on one turn of the timer.
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / rate);
    for number in 0.. {
        ticks.tick().await;
        let Ok(permit) = Arc::clone(&in_flight).try_acquire_owned() else { continue };
        let client = client.clone();
        tokio::spawn(async move {
            // A request that fails is the server's to count: this client has nobody to tell.
            let _ = request(&client, server, number).await;
            drop(permit);
        });
    }
}

/// Sends each kind of request once, all together, and awaits the answers.
pub(crate) async fn round(server: SocketAddr) {
    let client = Client::builder(TokioExecutor::new()).build_http();
    let mut requests = JoinSet::new();
    for number in 0..ROUND {
        let client = client.clone();
        requests.spawn(async move { request(&client, server, number).await });
    }
    requests.join_all().await;
}

/// A server that listens on every address is reached on the loopback one.
fn reachable(server: SocketAddr) -> SocketAddr {
    let address = match server.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(address, server.port())
}

type Outcome = Result<(), Box<dyn std::error::Error + Send + Sync>>;

async fn request(client: &Client<HttpConnector, Full<Bytes>>, server: SocketAddr, number: u64) -> Outcome {
    // 7 and 50 have no common divisor: each round holds every number once, with the rare ones spread over it.
    match number * 7 % ROUND {
        0 => slow_to_read(server).await,
        1 => slow_to_send(server).await,
        2..5 => get(client, server, &format!("/quotes/{}", 1_000_000 + number)).await,
        5 => get(client, server, "/quotes/of-tomorrow").await,
        6 => get(client, server, "/favicon.ico").await,
        7 => post(client, server, "{\"text\": ").await,
        8 => post(client, server, "{\"text\": \"\", \"author\": \"Nobody\"}").await,
        9 => post(client, server, KNOWN).await,
        10..15 => get(client, server, "/quotes").await,
        15..20 => get(client, server, &format!("/quotes?limit=10&after={}", number % 90)).await,
        20..30 => get(client, server, &format!("/quotes/{}", 1 + number % 60)).await,
        30..35 => get(client, server, "/random").await,
        35..40 => get(client, server, "/quote").await,
        _ => get(client, server, "/").await,
    }
}

/// One of the first quotations.
const KNOWN: &str = r#"{"text": "Je pense, donc je suis.", "author": "René Descartes"}"#;

async fn get(client: &Client<HttpConnector, Full<Bytes>>, server: SocketAddr, path: &str) -> Outcome {
    let request = Request::get(format!("http://{server}{path}")).body(Full::default())?;
    exchange(client, request).await
}

async fn post(
    client: &Client<HttpConnector, Full<Bytes>>,
    server: SocketAddr,
    body: &'static str,
) -> Outcome {
    let request = Request::builder()
        .method(Method::POST)
        .uri(format!("http://{server}/quotes"))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Full::from(body))?;
    exchange(client, request).await
}

async fn exchange(client: &Client<HttpConnector, Full<Bytes>>, request: Request<Full<Bytes>>) -> Outcome {
    // Read to the end, so that the connection can be used again.
    client.request(request).await?.into_body().collect().await?;
    Ok(())
}

/// Takes a long answer in small sips, with as little room for it as the kernel allows.
async fn slow_to_read(server: SocketAddr) -> Outcome {
    let socket = if server.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_recv_buffer_size(1)?;
    let mut connection = socket.connect(server).await?;
    let request = format!("GET /quotes?limit=100 HTTP/1.1\r\nhost: {server}\r\nconnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).await?;
    let mut sip = [0; 512];
    while connection.read(&mut sip).await? > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// Sends a body in pieces over half a second; the handler waits for all of it.
async fn slow_to_send(server: SocketAddr) -> Outcome {
    let body = r#"{"text": "Festina lente.", "author": ""}"#;
    let socket = if server.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    let mut connection = socket.connect(server).await?;
    let length = body.len();
    let head = format!(
        "POST /quotes HTTP/1.1\r\nhost: {server}\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    );
    connection.write_all(head.as_bytes()).await?;
    for piece in body.as_bytes().chunks(8) {
        tokio::time::sleep(Duration::from_millis(100)).await;
        connection.write_all(piece).await?;
    }
    connection.read_to_end(&mut Vec::new()).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::time::Instant;

    use axum::Router;
    use axum::extract;
    use http_body_util::Collected;
    use tokio::net::TcpListener;
    use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

    use super::*;

    /// A server that tells the method, path and body of every request it gets.
    async fn server() -> (SocketAddr, UnboundedReceiver<(Method, String, Bytes)>) {
        let (seen, requests) = unbounded_channel();
        let router = Router::new().fallback(async move |request: extract::Request| {
            let (head, body) = request.into_parts();
            let body = body.collect().await.map(Collected::to_bytes).unwrap_or_default();
            let _ = seen.send((head.method, head.uri.path().to_owned(), body));
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(axum::serve(listener, router).into_future());
        (address, requests)
    }

    #[tokio::test]
    async fn a_round_holds_every_kind_of_request() {
        let (server, mut requests) = server().await;
        round(server).await;
        let mut counts: HashMap<_, u32> = HashMap::new();
        for _ in 0..ROUND {
            let (method, path, body) = requests.recv().await.unwrap();
            let id = path.strip_prefix("/quotes/").and_then(|id| id.parse::<u64>().ok());
            let kind = match (id, path.as_str()) {
                (Some(1..=60), _) => "a known id",
                (Some(1_000_000..), _) => "an unknown id",
                (_, "/quotes") if method == Method::POST && body == KNOWN => "a known quotation",
                (_, "/quotes") if method == Method::POST => "a bad body",
                (_, "/" | "/quote" | "/quotes" | "/random") => "another good one",
                _ => "another bad one",
            };
            *counts.entry(kind).or_default() += 1;
        }
        let expected = [
            ("a known id", 10),
            ("an unknown id", 3),
            ("a known quotation", 1),
            ("a bad body", 3),
            ("another good one", 31),
            ("another bad one", 2),
        ];
        assert_eq!(counts, HashMap::from(expected));
    }

    #[tokio::test]
    async fn requests_come_at_no_more_than_the_rate() {
        let (server, mut requests) = server().await;
        let started = Instant::now();
        let sender = tokio::spawn(send(server, 2_000));
        for _ in 0..200 {
            requests.recv().await.unwrap();
        }
        sender.abort();
        assert!(started.elapsed() >= Duration::from_micros(199 * 500), "{:?}", started.elapsed());
    }
}
