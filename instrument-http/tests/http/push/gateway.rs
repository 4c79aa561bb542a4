//! A server that says what it is told to, and keeps what it was sent.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::Request;
use http::{Method, StatusCode};
use http_body_util::BodyExt;
use tokio::net::TcpListener;

pub(crate) struct Gateway {
    pub(crate) address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
}

/// A request as it came.
pub(crate) struct Received {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Bytes,
}

impl Gateway {
    pub(crate) async fn answering(status: StatusCode, message: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let received: Arc<Mutex<Vec<Received>>> = Arc::default();
        let keep = Arc::clone(&received);
        let answer = async move |request: Request| {
            let (head, body) = request.into_parts();
            let body = body.collect().await.unwrap().to_bytes();
            let path = head.uri.to_string();
            keep.lock().unwrap().push(Received { method: head.method, path, headers: head.headers, body });
            (status, message.clone())
        };
        let router = Router::new().fallback(answer);
        tokio::spawn(async { axum::serve(listener, router).await });
        Self { address, received }
    }

    /// The only request that came since this was asked last.
    pub(crate) fn received(&self) -> Received {
        let mut received = self.received.lock().unwrap();
        assert_eq!(received.len(), 1);
        received.remove(0)
    }

    /// The URL to push to.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}
