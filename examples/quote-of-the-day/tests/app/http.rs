//! A client for the tests, as small as HTTP/1.1 allows; written apart from the library that the app is made with.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

pub(crate) struct Response {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let value = values.next();
        assert_eq!(values.next(), None, "{name} twice");
        value
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), Some("application/json"));
        serde_json::from_str(&self.body).unwrap()
    }

    /// Asserts that this is a problem document of that status; returns its detail.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16) -> String {
        self.document(status, None)
    }

    /// Asserts that this is a problem document of that status which names `field`; returns its detail.
    #[track_caller]
    pub(crate) fn problem_in(&self, status: u16, field: &str) -> String {
        self.document(status, Some(field))
    }

    #[track_caller]
    fn document(&self, status: u16, field: Option<&str>) -> String {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        let document: Value = serde_json::from_str(&self.body).unwrap();
        assert_eq!(document["status"], status);
        assert_eq!(document["type"], "about:blank");
        assert!(document["title"].as_str().is_some_and(|title| !title.is_empty()));
        assert_eq!(document["field"].as_str(), field);
        let detail = document["detail"].as_str().unwrap();
        assert!(!detail.is_empty());
        detail.to_owned()
    }
}

pub(crate) fn get(server: SocketAddr, path: &str) -> Response {
    request(server, "GET", path)
}

pub(crate) fn request(server: SocketAddr, method: &str, path: &str) -> Response {
    exchange(server, format!("{method} {path} HTTP/1.1\r\nhost: app\r\nconnection: close\r\n\r\n").as_bytes())
}

/// Posts `body` as JSON.
pub(crate) fn post(server: SocketAddr, body: impl AsRef<[u8]>) -> Response {
    post_as(server, Some("application/json"), body)
}

pub(crate) fn post_as(server: SocketAddr, content_type: Option<&str>, body: impl AsRef<[u8]>) -> Response {
    let body = body.as_ref();
    let mut request = head(content_type, &format!("content-length: {}", body.len())).into_bytes();
    request.extend_from_slice(body);
    exchange(server, &request)
}

/// The head of a post to /quotes, with one more header line.
pub(crate) fn head(content_type: Option<&str>, line: &str) -> String {
    let content_type = content_type.map(|value| format!("content-type: {value}\r\n")).unwrap_or_default();
    format!("POST /quotes HTTP/1.1\r\nhost: app\r\nconnection: close\r\n{content_type}{line}\r\n\r\n")
}

pub(crate) fn connect(server: SocketAddr) -> TcpStream {
    let connection = TcpStream::connect(server).unwrap();
    connection.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    connection
}

pub(crate) fn exchange(server: SocketAddr, request: &[u8]) -> Response {
    let mut connection = connect(server);
    connection.write_all(request).unwrap();
    receive(&mut connection)
}

/// Reads the one response that ends with the connection.
pub(crate) fn receive(connection: &mut TcpStream) -> Response {
    let mut bytes = Vec::new();
    connection.read_to_end(&mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no response: {text:?}"));
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines.map(|line| {
        let (name, value) = line.split_once(": ").unwrap();
        (name.to_ascii_lowercase(), value.to_owned())
    });
    let response = Response { status, headers: headers.collect(), body: body.to_owned() };
    if !response.body.is_empty() {
        assert_eq!(response.header("content-length"), Some(body.len().to_string().as_str()));
    }
    response
}
