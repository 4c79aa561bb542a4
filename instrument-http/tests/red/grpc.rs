//! Calls of gRPC, whose status comes last.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::post;
use http::{HeaderMap, Request, Response};
use http_body::Frame;
use http_body_util::BodyExt;
use instrument_core::Registry;
use instrument_http::tower::RedLayer;
use tower::{Layer, ServiceExt, service_fn};

use crate::recorded::{DURATION, Labels, RESPONSE_SIZE, count, histogram, series};

const CALLS: &str = "rpc_server_call_duration_seconds";

/// One message, and then the status.
struct Message(Option<Bytes>, Option<HeaderMap>);

impl http_body::Body for Message {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let data = self.0.take().map(Frame::data);
        Poll::Ready(data.or_else(|| self.1.take().map(Frame::trailers)).map(Ok))
    }
}

/// A response that ends with this status in its trailers; without one it just ends.
fn answer(status: Option<&str>) -> Response<Message> {
    let trailers = status.map(|status| {
        HeaderMap::from_iter([(http::HeaderName::from_static("grpc-status"), status.parse().unwrap())])
    });
    Response::new(Message(Some(Bytes::from_static(b"\0\0\0\0\0")), trailers))
}

fn call(path: &str) -> Request<Body> {
    Request::post(path).header("content-type", "application/grpc").body(Body::empty()).unwrap()
}

async fn call_and_read(registry: &Registry, path: &str, response: impl Fn() -> Response<Message>) {
    let layer = RedLayer::builder().rpc_methods(["quotes.Quotes/Get"]).register(registry).unwrap();
    let service = layer.layer(service_fn(async |_: Request<Body>| Ok::<_, Infallible>(response())));
    let response = service.oneshot(call(path)).await.unwrap();
    response.into_body().collect().await.unwrap();
}

fn assert_only(registry: &Registry, labels: Labels<'_>) {
    let mut expected: Vec<_> =
        labels.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
    expected.push(("rpc_system_name".to_owned(), "grpc".to_owned()));
    expected.sort();
    assert_eq!(series(registry, CALLS), [expected]);
}

#[tokio::test]
async fn the_status_is_that_of_the_trailers() {
    let registry = Registry::new();
    call_and_read(&registry, "/quotes.Quotes/Get", || answer(Some("0"))).await;
    assert_only(&registry, &[("rpc_method", "quotes.Quotes/Get"), ("rpc_response_status_code", "OK")]);
    assert_eq!(count(&registry, DURATION, &[("http_response_status_code", "200")]), 1, "it is a request too");
    assert_eq!(histogram(&registry, RESPONSE_SIZE, &[]), (1, 5.0));
}

#[tokio::test]
async fn a_status_that_is_the_servers_fault_is_an_error() {
    for (code, name, is_error) in
        [("13", "INTERNAL", true), ("5", "NOT_FOUND", false), ("99", "UNKNOWN", true)]
    {
        let registry = Registry::new();
        call_and_read(&registry, "/quotes.Quotes/Get", || answer(Some(code))).await;
        let labels =
            [("rpc_method", "quotes.Quotes/Get"), ("rpc_response_status_code", name), ("error_type", name)];
        assert_only(&registry, &labels[..2 + usize::from(is_error)]);
    }
}

#[tokio::test]
async fn a_response_of_trailers_only_has_the_status_in_its_head() {
    let registry = Registry::new();
    call_and_read(&registry, "/quotes.Quotes/Get", || {
        let mut response = Response::new(Message(None, None));
        response.headers_mut().insert("grpc-status", "7".parse().unwrap());
        response
    })
    .await;
    let labels = [("rpc_method", "quotes.Quotes/Get"), ("rpc_response_status_code", "PERMISSION_DENIED")];
    assert_only(&registry, &labels);
}

#[tokio::test]
async fn a_method_that_nobody_named_is_other() {
    let registry = Registry::new();
    for number in 0..1000 {
        call_and_read(&registry, &format!("/made.Up{number}/Get"), || answer(Some("12"))).await;
    }
    assert_only(
        &registry,
        &[
            ("rpc_method", "_OTHER"),
            ("rpc_response_status_code", "UNIMPLEMENTED"),
            ("error_type", "UNIMPLEMENTED"),
        ],
    );
}

#[tokio::test]
async fn a_route_of_one_method_names_it() {
    let registry = Registry::new();
    let app = Router::new()
        .route("/quotes.Quotes/Get", post(async || answer(Some("0")).map(Body::new)))
        .route("/quotes.Admin/{*method}", post(async || answer(Some("0")).map(Body::new)))
        .layer(RedLayer::register(&registry).unwrap());
    for path in ["/quotes.Quotes/Get", "/quotes.Admin/Delete"] {
        app.clone().oneshot(call(path)).await.unwrap().into_body().collect().await.unwrap();
    }
    assert_eq!(count(&registry, CALLS, &[("rpc_method", "quotes.Quotes/Get")]), 1);
    assert_eq!(count(&registry, CALLS, &[("rpc_method", "_OTHER")]), 1);
}

#[tokio::test]
async fn a_call_without_status_says_how_it_ended() {
    let registry = Registry::new();
    call_and_read(&registry, "/quotes.Quotes/Get", || answer(None)).await;
    assert_only(&registry, &[("rpc_method", "quotes.Quotes/Get"), ("error_type", "_OTHER")]);

    let registry = Registry::new();
    let layer = RedLayer::register(&registry).unwrap();
    let service = layer.layer(service_fn(async |_: Request<Body>| Ok::<_, Infallible>(answer(Some("0")))));
    drop(service.oneshot(call("/quotes.Quotes/Get")).await.unwrap());
    assert_only(&registry, &[("rpc_method", "_OTHER"), ("error_type", "cancelled")]);
}

#[tokio::test]
async fn a_request_that_is_no_call_is_not_among_the_calls() {
    let registry = Registry::new();
    let layer = RedLayer::register(&registry).unwrap();
    let service = layer.layer(service_fn(async |_: Request<Body>| Ok::<_, Infallible>(answer(Some("0")))));
    let request = Request::post("/quotes.Quotes/Get").header("content-type", "application/grpc-web");
    let response = service.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    response.into_body().collect().await.unwrap();
    assert!(series(&registry, CALLS).is_empty());
}
