//! How requests end, and when, as seen from the other side of a socket.

use std::future::pending;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Instant;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http_body::Frame;
use tokio::sync::mpsc;

use crate::app::{App, Labels};
use crate::client::{connect, read_to, request, rest, send, send_get, send_upgrade};
use crate::until;

const GET_STREAM: Labels<'_> =
    &[("http_request_method", "GET"), ("http_route", "/stream"), ("http_response_status_code", "200")];

/// A body that sends what comes through a channel, and ends when nothing can come any more.
struct Streamed(mpsc::Receiver<io::Result<Bytes>>);

impl http_body::Body for Streamed {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.0.poll_recv(cx).map(|item| item.map(|item| item.map(Frame::data)))
    }
}

/// A service whose one answer is a body that the test sends, with more headers or another status.
async fn streaming<H: IntoResponse + Clone + Send + Sync + 'static>(
    head: H,
) -> (App, mpsc::Sender<io::Result<Bytes>>) {
    let (sender, receiver) = mpsc::channel(1);
    let receiver = Arc::new(Mutex::new(Some(receiver)));
    let answer = move || {
        let body = Streamed(receiver.lock().unwrap().take().expect("there is one request"));
        let (parts, _) = head.clone().into_response().into_parts();
        std::future::ready(Response::from_parts(parts, Body::new(body)))
    };
    (App::serve(Router::new().route("/stream", get(answer))).await, sender)
}

fn with_error<'a>(labels: Labels<'a>, error_type: &'a str) -> Vec<(&'a str, &'a str)> {
    labels.iter().copied().chain([("error_type", error_type)]).collect()
}

#[tokio::test]
async fn a_streamed_answer_is_active_and_unrecorded_until_its_end() {
    let (app, sender) = streaming(()).await;
    let mut stream = connect(app.address).await;
    send_get(&mut stream, "/stream").await;
    sender.send(Ok("first".into())).await.unwrap();
    read_to(&mut stream, "first\r\n").await;
    let since = Instant::now();
    assert_eq!((app.active(), app.requests(&[])), (1, 0));

    sender.send(Ok("second".into())).await.unwrap();
    read_to(&mut stream, "second\r\n").await;
    assert_eq!((app.active(), app.requests(&[])), (1, 0));
    let streamed = since.elapsed();
    drop(sender);
    read_to(&mut stream, "0\r\n\r\n").await;

    app.recorded_once(GET_STREAM).await;
    assert!(app.recorded()[0].seconds >= streamed.as_secs_f64());
}

#[tokio::test]
async fn a_client_that_leaves_in_the_middle_of_the_answer_has_cancelled_it() {
    let (app, sender) = streaming(()).await;
    let mut stream = connect(app.address).await;
    send_get(&mut stream, "/stream").await;
    sender.send(Ok("first".into())).await.unwrap();
    read_to(&mut stream, "first\r\n").await;
    drop(stream);
    app.recorded_once(&with_error(GET_STREAM, "cancelled")).await;
}

#[tokio::test]
async fn a_client_that_leaves_before_the_answer_has_cancelled_it() {
    let app = App::serve(Router::new().route("/", get(pending::<()>))).await;
    let mut stream = connect(app.address).await;
    send_get(&mut stream, "/").await;
    until("the request is active", || app.active() == 1).await;
    drop(stream);
    app.recorded_once(&[("http_request_method", "GET"), ("http_route", "/"), ("error_type", "cancelled")])
        .await;
}

#[tokio::test]
async fn an_answer_of_known_length_ends_with_its_last_byte_though_the_body_goes_on() {
    let (app, sender) = streaming([("content-length", "11")]).await;
    let mut stream = connect(app.address).await;
    send_get(&mut stream, "/stream").await;
    sender.send(Ok("first".into())).await.unwrap();
    read_to(&mut stream, "first").await;
    assert_eq!((app.active(), app.requests(&[])), (1, 0));
    sender.send(Ok("second".into())).await.unwrap();
    read_to(&mut stream, "second").await;
    app.recorded_once(GET_STREAM).await;
    drop(sender);
}

#[tokio::test]
async fn an_answer_that_is_cut_short_of_its_known_length_is_cancelled() {
    let (app, sender) = streaming([("content-length", "11")]).await;
    let mut stream = connect(app.address).await;
    send_get(&mut stream, "/stream").await;
    sender.send(Ok("first".into())).await.unwrap();
    read_to(&mut stream, "first").await;
    drop(stream);
    app.recorded_once(&with_error(GET_STREAM, "cancelled")).await;
}

#[tokio::test]
async fn a_body_that_fails_is_an_error_of_the_body() {
    let (app, sender) = streaming(()).await;
    let mut stream = connect(app.address).await;
    send_get(&mut stream, "/stream").await;
    sender.send(Ok("first".into())).await.unwrap();
    sender.send(Err(io::Error::other("the database has gone"))).await.unwrap();
    assert!(!rest(&mut stream).await.ends_with("0\r\n\r\n"));
    app.recorded_once(&with_error(GET_STREAM, "body_error")).await;
}

#[tokio::test]
async fn an_answer_to_head_ends_with_its_head() {
    let (app, sender) = streaming(()).await;
    let mut stream = connect(app.address).await;
    send(&mut stream, "HEAD /stream HTTP/1.1\r\nHost: test\r\n\r\n").await;
    read_to(&mut stream, "\r\n\r\n").await;
    app.recorded_once(&[
        ("http_request_method", "HEAD"),
        ("http_route", "/stream"),
        ("http_response_status_code", "200"),
    ])
    .await;
    drop(sender);
}

#[tokio::test]
async fn an_answer_whose_status_allows_no_body_ends_with_its_head() {
    for status in [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED] {
        let (app, sender) = streaming(status).await;
        let mut stream = connect(app.address).await;
        send_get(&mut stream, "/stream").await;
        read_to(&mut stream, "\r\n\r\n").await;
        app.recorded_once(&[
            ("http_request_method", "GET"),
            ("http_route", "/stream"),
            ("http_response_status_code", status.as_str()),
        ])
        .await;
        drop(sender);
    }
}

#[tokio::test]
async fn an_upgraded_connection_ends_the_request_with_its_head() {
    let upgrade = [("connection", "upgrade"), ("upgrade", "test")];
    let (app, sender) = streaming((StatusCode::SWITCHING_PROTOCOLS, upgrade)).await;
    let mut stream = connect(app.address).await;
    send_upgrade(&mut stream, "/stream", "test").await;
    read_to(&mut stream, "\r\n\r\n").await;
    app.recorded_once(&[
        ("http_request_method", "GET"),
        ("http_route", "/stream"),
        ("http_response_status_code", "101"),
    ])
    .await;
    drop(sender);
}

#[tokio::test]
async fn a_whole_answer_is_recorded_before_the_client_has_it() {
    let app =
        App::serve(Router::new().route("/", get(async || "whole")).route("/empty", get(async || ()))).await;
    for (number, path) in ["/", "/empty", "/", "/empty"].into_iter().enumerate() {
        request(app.address, "GET", path).await;
        assert_eq!((app.requests(&[]), app.active()), (number as u64 + 1, 0));
    }
    assert_eq!(app.requests(&[("error_type", "cancelled")]), 0);
}

#[tokio::test]
async fn errors_of_the_server_have_their_status_as_type_and_those_of_clients_none() {
    let router = Router::new()
        .route("/server", get(async || StatusCode::SERVICE_UNAVAILABLE))
        .route("/client", get(async || StatusCode::UNPROCESSABLE_ENTITY));
    let app = App::serve(router).await;
    request(app.address, "GET", "/server").await;
    request(app.address, "GET", "/client").await;
    assert_eq!(app.requests(&[("http_response_status_code", "503"), ("error_type", "503")]), 1);
    let recorded = app.recorded();
    let client = recorded.iter().find(|series| series.has(&[("http_response_status_code", "422")])).unwrap();
    assert!(client.labels().all(|(name, _)| name != "error_type"), "{client:?}");
}

#[tokio::test]
async fn an_error_page_that_nobody_reads_keeps_its_status_as_type() {
    let (app, sender) = streaming(StatusCode::BAD_GATEWAY).await;
    let mut stream = connect(app.address).await;
    send_get(&mut stream, "/stream").await;
    sender.send(Ok("first".into())).await.unwrap();
    read_to(&mut stream, "first\r\n").await;
    drop(stream);
    until("the request has ended", || app.active() == 0).await;
    assert_eq!(app.requests(&[("http_response_status_code", "502"), ("error_type", "502")]), 1);
}

#[tokio::test]
async fn a_panic_in_a_handler_is_recorded_and_leaves_nothing_active() {
    async fn broken() {
        panic!("this panic is part of a test");
    }
    let app = App::serve(Router::new().route("/", get(broken))).await;
    let mut stream = connect(app.address).await;
    send_get(&mut stream, "/").await;
    assert_eq!(rest(&mut stream).await, "");
    app.recorded_once(&[("http_request_method", "GET"), ("http_route", "/"), ("error_type", "panic")]).await;
}
