//! More than anybody needs.

use std::time::Duration;

use instrument_core::Registry;
use instrument_http::MetricsServer;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::sleep;

use crate::client::{connect, request, rest};
use crate::limits::{IDLE, served};
use crate::page::{builder, server};

/// More than the system's buffers hold on their way, and far less than what is sent.
const READ_AT_MOST: usize = 64 << 20;

/// Sends the same again and again, up to a gibibyte. How much of it the server has taken, and what it says before it closes.
async fn flood(server: &MetricsServer, begin: &[u8], again: &[u8]) -> (usize, String) {
    let mut stream = connect(server.local_addr()).await;
    stream.write_all(begin).await.unwrap();
    let again = again.repeat((64 << 10) / again.len());
    let mut sent = 0;
    while sent < 1 << 30 && stream.write_all(&again).await.is_ok() {
        sent += again.len();
    }
    (sent, rest(&mut stream).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_of_a_gibibyte_is_not_read() {
    let server = server(&Registry::new()).await;
    let start = "GET /metrics HTTP/1.1\r\n";
    for (begin, again) in [
        (format!("{start}X: "), "x"),
        (start.to_owned(), "X: x\r\n"),
        (start.to_owned(), "x"),
        ("GET /".to_owned(), "x"),
        ("G".to_owned(), "G"),
        (String::new(), "\r\n"),
        (String::new(), "\0"),
    ] {
        let (sent, answer) = flood(&server, begin.as_bytes(), again.as_bytes()).await;
        assert!(sent < READ_AT_MOST, "{sent} bytes were read after {begin:?}");
        // An answer may be lost when the connection is reset, as more was sent than was read.
        assert!(!answer.contains(" 200 "), "{answer}");
    }
    served(&server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_of_a_gibibyte_is_not_read() {
    let server = server(&Registry::new()).await;
    for head in ["Content-Length: 1073741824", "Transfer-Encoding: chunked"] {
        let begin = format!("POST /metrics HTTP/1.1\r\nHost: test\r\n{head}\r\n\r\n");
        let (sent, _) = flood(&server, begin.as_bytes(), b"4\r\nmore\r\n").await;
        assert!(sent < READ_AT_MOST, "{sent} bytes were read");
    }
    served(&server).await;
}

/// A frame of HTTP/2: RFC 9113, section 4.1.
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heads_and_settings_without_end_are_not_read_in_http2() {
    const HEADERS: u8 = 1;
    const RST_STREAM: u8 = 3;
    const SETTINGS: u8 = 4;
    const CONTINUATION: u8 = 9;
    /// `:method: GET`, `:scheme: http`, `:path: /`, from the static table of HPACK.
    const GET: &[u8] = &[0x82, 0x86, 0x84];
    let server = server(&Registry::new()).await;
    let begin = [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", &*frame(SETTINGS, 0, 0, &[])].concat();
    // A literal header of 1 KiB that is not indexed.
    let literal = [&[0x00, 1, b'x', 0x7f, 0x81, 0x07][..], &[b'x'; 1024]].concat();
    let unended = [begin.clone(), frame(HEADERS, 0, 1, GET)].concat();
    let (sent, _) = flood(&server, &unended, &frame(CONTINUATION, 0, 1, &literal)).await;
    assert!(sent < READ_AT_MOST, "{sent} bytes of a head were read");

    // Requests that are cancelled at once, on streams whose numbers go up.
    let mut stream = connect(server.local_addr()).await;
    stream.write_all(&begin).await.unwrap();
    let resets = (0..200_000_u32).map(|number| 2 * number + 1);
    let mut is_open = true;
    for number in resets {
        let request = [frame(HEADERS, 5, number, GET), frame(RST_STREAM, 0, number, &8_u32.to_be_bytes())];
        is_open = stream.write_all(&request.concat()).await.is_ok();
        if !is_open {
            break;
        }
    }
    assert!(!is_open, "200,000 requests were taken that nobody waits for");
    served(&server).await;
}

/// Opens as many connections as asked for, or as this process may.
async fn open(server: &MetricsServer, number: usize) -> Vec<TcpStream> {
    let limits = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limits.maximum, ..limits });
    let mut open = Vec::new();
    while open.len() < number
        && let Ok(stream) = TcpStream::connect(server.local_addr()).await
    {
        open.push(stream);
    }
    // What other tests need.
    if open.len() < number {
        open.truncate(open.len().saturating_sub(500));
    }
    open
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_idle_connections_hold_up_nobody() {
    // Longer than the test takes, so that nothing but their number ends them.
    let server = builder(&Registry::new()).header_timeout(Duration::from_secs(3600)).bind().await.unwrap();
    let idle = open(&server, 10_000).await;
    sleep(IDLE).await;
    for _ in 0..10 {
        assert_eq!(request(server.local_addr(), "GET", "/metrics").await.status, 200);
    }
    drop(idle);
    served(&server).await;
}
