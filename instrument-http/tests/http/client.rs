//! A client that says exactly what it is told to.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::PATIENCE;

/// An answer as it came over the socket.
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Answer {
    fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
        Self { status, head: head.to_owned(), body: body.to_owned() }
    }

    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        headers.find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// A request, and the answer up to the end of the connection.
pub(crate) async fn request(address: SocketAddr, method: &str, path: &str) -> Answer {
    request_with(address, method, path, "").await
}

/// The same with more headers, each with its line end.
pub(crate) async fn request_with(address: SocketAddr, method: &str, path: &str, headers: &str) -> Answer {
    let mut stream = connect(address).await;
    send(
        &mut stream,
        &format!("{method} {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n{headers}\r\n"),
    )
    .await;
    Answer::parse(&rest(&mut stream).await)
}

/// A connection.
pub(crate) async fn connect(address: SocketAddr) -> TcpStream {
    TcpStream::connect(address).await.unwrap()
}

/// Sends a text.
pub(crate) async fn send(stream: &mut TcpStream, text: &str) {
    stream.write_all(text.as_bytes()).await.unwrap();
}

/// Sends a request on a connection that stays open.
pub(crate) async fn send_get(stream: &mut TcpStream, path: &str) {
    send(stream, &format!("GET {path} HTTP/1.1\r\nHost: test\r\n\r\n")).await;
}

/// Reads until the text ends in `end`.
pub(crate) async fn read_to(stream: &mut TcpStream, end: &str) -> String {
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
pub(crate) async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = timeout(PATIENCE, stream.read_to_end(&mut bytes)).await.expect("the server does not close");
    String::from_utf8_lossy(&bytes).into_owned()
}
