//! The sizes of bodies: one observation a request, of what went through.

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::{get as route_get, post};
use http::{Request, Response, StatusCode};
use http_body::Frame;
use http_body_util::BodyExt;
use instrument_core::Registry;
use instrument_http::tower::RedLayer;
use tower::{Layer, ServiceExt, service_fn};

use crate::recorded::{DURATION, REQUEST_SIZE, RESPONSE_SIZE, active, ask, get, histogram};

/// A body of these chunks, whose length it does not tell, and which fails in the end if there is an error.
struct Chunks(Vec<&'static str>, Option<io::Error>);

impl http_body::Body for Chunks {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.0.is_empty() {
            return Poll::Ready(self.1.take().map(Err));
        }
        let chunk = Bytes::from_static(self.0.remove(0).as_bytes());
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }
}

fn chunked(chunks: &[&'static str]) -> Body {
    Body::new(Chunks(chunks.to_vec(), None))
}

fn app(registry: &Registry) -> Router {
    Router::new()
        .route("/echo", post(async |body: Bytes| body))
        .route("/unread", post(async || StatusCode::PAYLOAD_TOO_LARGE))
        .route("/stream", route_get(async || chunked(&["one", "three", "fifteen"])))
        .route("/broken", route_get(async || Body::new(Chunks(vec!["part"], Some(io::Error::other("gone"))))))
        .layer(RedLayer::register(registry).unwrap())
}

#[tokio::test]
async fn a_body_of_many_chunks_is_one_observation_of_all_its_bytes() {
    let registry = Registry::new();
    let request = Request::post("/echo").body(chunked(&["to be ", "or ", "not to be"])).unwrap();
    assert_eq!(ask(app(&registry), request).await, "to be or not to be");
    let labels = [
        ("http_request_method", "POST"),
        ("http_route", "/echo"),
        ("http_response_status_code", "200"),
        ("url_scheme", "http"),
    ];
    assert_eq!(histogram(&registry, REQUEST_SIZE, &labels), (1, 18.0));
    assert_eq!(histogram(&registry, RESPONSE_SIZE, &labels), (1, 18.0));

    assert_eq!(ask(app(&registry), get("/stream")).await, "onethreefifteen");
    assert_eq!(histogram(&registry, RESPONSE_SIZE, &[("http_route", "/stream")]), (1, 15.0));
    assert_eq!(histogram(&registry, REQUEST_SIZE, &[("http_route", "/stream")]), (1, 0.0));
}

#[tokio::test]
async fn a_body_that_nobody_reads_has_no_bytes() {
    let registry = Registry::new();
    let request = Request::post("/unread").body(Body::from("much too long")).unwrap();
    ask(app(&registry), request).await;
    assert_eq!(histogram(&registry, REQUEST_SIZE, &[]), (1, 0.0));
    assert_eq!(histogram(&registry, RESPONSE_SIZE, &[]), (1, 0.0));
}

#[tokio::test]
async fn a_body_that_breaks_off_counts_as_far_as_it_got() {
    let registry = Registry::new();
    let response = app(&registry).oneshot(get("/broken")).await.unwrap();
    response.into_body().collect().await.unwrap_err();
    assert_eq!(histogram(&registry, RESPONSE_SIZE, &[("error_type", "body_error")]), (1, 4.0));

    let mut response = app(&registry).oneshot(get("/stream")).await.unwrap();
    response.body_mut().frame().await.unwrap().unwrap();
    drop(response);
    assert_eq!(histogram(&registry, RESPONSE_SIZE, &[("error_type", "cancelled")]), (1, 3.0));
}

#[tokio::test]
async fn an_answer_to_head_has_no_bytes() {
    let registry = Registry::new();
    let request = Request::head("/stream").body(Body::empty()).unwrap();
    assert_eq!(ask(app(&registry), request).await, "");
    assert_eq!(histogram(&registry, RESPONSE_SIZE, &[("http_request_method", "HEAD")]), (1, 0.0));
}

#[tokio::test]
async fn a_service_that_fails_is_one_observation_in_each_metric() {
    let registry = Registry::new();
    let failing = service_fn(async |_: Request<()>| Err::<Response<String>, _>("out of order"));
    let service = RedLayer::register(&registry).unwrap().layer(failing);
    assert_eq!(service.oneshot(Request::new(())).await.unwrap_err(), "out of order");
    for name in [DURATION, REQUEST_SIZE, RESPONSE_SIZE] {
        assert_eq!(histogram(&registry, name, &[("error_type", "service_error")]).0, 1, "{name}");
    }
    assert_eq!(active(&registry), [0]);
}

#[tokio::test]
async fn a_body_that_is_not_axums_is_as_long_as_its_head_says() {
    let registry = Registry::new();
    let layer = RedLayer::register(&registry).unwrap();
    let answer = service_fn(async |_: Request<String>| Ok::<_, Infallible>(Response::new("yes".to_owned())));
    let ask = async |request: http::request::Builder| {
        let response = layer.layer(answer).oneshot(request.body("question".to_owned()).unwrap()).await;
        response.unwrap().into_body().collect().await.unwrap();
    };
    ask(Request::put("/").header("content-length", "8")).await;
    assert_eq!(histogram(&registry, REQUEST_SIZE, &[]), (1, 8.0));
    ask(Request::put("/").header("transfer-encoding", "chunked")).await;
    assert_eq!(histogram(&registry, REQUEST_SIZE, &[]), (1, 8.0), "nobody knows how long it was");
    assert_eq!(histogram(&registry, RESPONSE_SIZE, &[]), (2, 6.0));
}
