//! A client that says exactly what it is told to.

use std::net::SocketAddr;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::PATIENCE;

/// An answer as it came over the socket.
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    /// Without the framing of chunks.
    pub(crate) bytes: Vec<u8>,
    pub(crate) body: String,
}

impl Answer {
    fn parse(bytes: &[u8]) -> Self {
        let head_end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        let head_end = head_end.unwrap_or_else(|| panic!("no answer: {:?}", String::from_utf8_lossy(bytes)));
        let head = String::from_utf8(bytes[..head_end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
        let mut answer = Self { status, head, bytes: bytes[head_end + 4..].to_vec(), body: String::new() };
        if answer.header("transfer-encoding") == Some("chunked") && !answer.bytes.is_empty() {
            answer.bytes = without_chunks(&answer.bytes).expect("all chunks");
        }
        answer.body = String::from_utf8_lossy(&answer.bytes).into_owned();
        answer
    }

    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        headers.find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// What is in the chunks, if the last is there.
pub(crate) fn without_chunks(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut all = Vec::new();
    loop {
        let line_end = bytes.windows(2).position(|window| window == b"\r\n")?;
        let len = usize::from_str_radix(std::str::from_utf8(&bytes[..line_end]).ok()?, 16).ok()?;
        let chunk = bytes.get(line_end + 2..line_end + 2 + len)?;
        if len == 0 {
            return Some(all);
        }
        all.extend(chunk);
        bytes = bytes.get(line_end + 2 + len + 2..)?;
    }
}

/// A request, and the answer up to the end of the connection.
pub(crate) async fn request(address: SocketAddr, method: &str, path: &str) -> Answer {
    request_with(address, method, path, "").await
}

/// The same with more headers, each with its line end.
pub(crate) async fn request_with(address: SocketAddr, method: &str, path: &str, headers: &str) -> Answer {
    ask(connect(address).await, method, path, headers).await
}

/// The same on a connection, which is closed then.
pub(crate) async fn ask<S>(mut stream: S, method: &str, path: &str, headers: &str) -> Answer
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    send(
        &mut stream,
        &format!("{method} {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n{headers}\r\n"),
    )
    .await;
    Answer::parse(&rest_of_bytes(&mut stream).await)
}

/// A connection.
pub(crate) async fn connect(address: SocketAddr) -> TcpStream {
    TcpStream::connect(address).await.unwrap()
}

/// Sends a text.
pub(crate) async fn send(stream: &mut (impl AsyncWrite + Unpin), text: &str) {
    stream.write_all(text.as_bytes()).await.unwrap();
}

/// Sends a request on a connection that stays open.
pub(crate) async fn send_get(stream: &mut (impl AsyncWrite + Unpin), path: &str) {
    send(stream, &format!("GET {path} HTTP/1.1\r\nHost: test\r\n\r\n")).await;
}

/// Sends a request for another protocol.
pub(crate) async fn send_upgrade(stream: &mut (impl AsyncWrite + Unpin), path: &str, protocol: &str) {
    let headers = format!("Host: test\r\nConnection: upgrade\r\nUpgrade: {protocol}\r\n\r\n");
    send(stream, &format!("GET {path} HTTP/1.1\r\n{headers}")).await;
}

/// Reads until the text ends in `end`.
pub(crate) async fn read_to(stream: &mut (impl AsyncRead + Unpin), end: &str) -> String {
    let mut text = Vec::new();
    while !text.ends_with(end.as_bytes()) {
        let byte = timeout(PATIENCE, stream.read_u8()).await.expect("the server says nothing");
        text.push(byte.unwrap_or_else(|error| {
            panic!("{error} after {:?} instead of {end:?}", String::from_utf8_lossy(&text))
        }));
    }
    String::from_utf8(text).unwrap()
}

/// Reads until the other side closes. That it resets the connection is as good.
pub(crate) async fn rest(stream: &mut (impl AsyncRead + Unpin)) -> String {
    String::from_utf8_lossy(&rest_of_bytes(stream).await).into_owned()
}

/// The same as bytes.
pub(crate) async fn rest_of_bytes(stream: &mut (impl AsyncRead + Unpin)) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = timeout(PATIENCE, stream.read_to_end(&mut bytes)).await.expect("the server does not close");
    bytes
}
