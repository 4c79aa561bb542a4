//! Requests whose end two parsers may see in two places (RFC 9112, section 11.2). Behind each is another request, which a proxy may have taken for a body
//! and must not be answered.

use std::time::Duration;

use instrument_core::Registry;
use tokio::io::AsyncWriteExt;

use crate::client::{connect, rest};
use crate::page::builder;

const SMUGGLED: &str = "GET /metrics HTTP/1.1\r\nHost: test\r\n\r\n";

/// The statuses of all answers to a request with these lines and this body.
async fn statuses(method: &str, lines: &str, body: &str) -> Vec<String> {
    let registry = Registry::new();
    registry.counter("jobs", "Jobs run.").register().unwrap();
    // A connection that is left open for more is closed by this, so that all its answers are seen.
    let server = builder(&registry).header_timeout(Duration::from_millis(200)).bind().await.unwrap();
    let mut stream = connect(server.local_addr()).await;
    let request = format!("{method} /metrics HTTP/1.1\r\nHost: test\r\n{lines}\r\n{body}{SMUGGLED}");
    // The server may close before it has read all.
    let _ = stream.write_all(request.as_bytes()).await;
    let answers = rest(&mut stream).await;
    let statuses = answers.lines().filter_map(|line| line.strip_prefix("HTTP/1.1 "));
    statuses.map(|status| status[..3].to_owned()).collect()
}

/// Checks that a request gets one answer, if any, and the one behind it none.
async fn assert_alone(lines: &str, body: &str) {
    for (method, answer) in [("POST", "405"), ("GET", "200")] {
        let statuses = statuses(method, lines, body).await;
        let is_alone = match &*statuses {
            [] => true,
            [status] => ["400", "431", answer].contains(&&**status),
            _ => false,
        };
        assert!(is_alone, "{statuses:?}: {method} {lines:?} {body:?}");
    }
}

#[tokio::test]
async fn without_a_body_the_next_request_is_answered() {
    assert_eq!(statuses("GET", "", "").await, ["200", "200"]);
    assert_eq!(statuses("GET", "Content-Length: 0\r\n", "").await, ["200", "200"]);
}

#[tokio::test]
async fn lengths_that_contradict_each_other_or_are_none() {
    for lines in [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Content-Length: 43\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 5\r\nContent-Length: 43\r\n",
        "Content-Length: 5, 43\r\n",
        "Content-Length: 5\r\nContent-Length: 5\r\n",
    ] {
        assert_alone(lines, "0\r\n\r\n").await;
    }
    let odd = ["+5", "-1", "0x5", "5 5", "5;", "", "99999999999999999999", "18446744073709551615"];
    for length in odd.map(|length| format!("Content-Length: {length}\r\n")) {
        assert_alone(&length, "0\r\n\r\n").await;
    }
}

#[tokio::test]
async fn transfer_encodings_that_are_written_oddly() {
    for line in [
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding : chunked",
        "Transfer-Encoding\t: chunked",
        "Transfer-Encoding:\tchunked",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: identity, chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding: \"chunked\"",
        "transfer-encoding: CHUNKED",
        "Transfer-Encoding:\r\n chunked",
        "X: x\r\n Transfer-Encoding: chunked",
        "X: x\nTransfer-Encoding: chunked",
        "X: x\rTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nConnection: keep-alive, Transfer-Encoding",
    ] {
        assert_alone(&format!("Content-Length: 5\r\n{line}\r\n"), "0\r\n\r\n").await;
    }
}

#[tokio::test]
async fn chunks_of_bad_sizes() {
    for body in [
        "5\r\n0\r\n\r\n\r\n0\r\n\r\n",
        "0x5\r\nhello\r\n0\r\n\r\n",
        "-1\r\n\r\n0\r\n\r\n",
        "5 \r\nhello\r\n0\r\n\r\n",
        "5;a=\"\n\r\nhello\r\n0\r\n\r\n",
        "10000000000000005\r\nhello\r\n0\r\n\r\n",
        "5\nhello\n0\n\n",
        "5\r\nhelloXX0\r\n\r\n",
        "zz\r\n0\r\n\r\n",
        "0\r\nX: x\r\n\r\n",
        "0\n\n",
    ] {
        assert_alone("Transfer-Encoding: chunked\r\n", body).await;
    }
}

#[tokio::test]
async fn header_lines_that_are_none_are_refused() {
    for lines in [
        "Content-Length : 5\r\n",
        "X: x\r\n folded\r\n",
        ": x\r\n",
        "X\r\n",
        "X: a\0b\r\n",
        "X: a\rb\r\n",
        " X: x\r\n",
    ] {
        assert_eq!(statuses("GET", lines, "").await, ["400"], "{lines:?}");
    }
}
