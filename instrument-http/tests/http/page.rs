//! What the endpoint answers.

use axum::Router;
use instrument_core::Registry;
use instrument_http::{BindError, MetricsServer, MetricsServerBuilder, MetricsService, TextEncoder};

use crate::client::{connect, read_to, request, request_with, send};

/// A server on any port, without metrics of its own so that the page is all known.
pub(crate) fn builder(registry: &Registry) -> MetricsServerBuilder {
    MetricsServer::builder().listen("127.0.0.1:0").registry(registry.clone()).own_metrics(false)
}

pub(crate) async fn server(registry: &Registry) -> MetricsServer {
    builder(registry).bind().await.unwrap()
}

fn registry() -> Registry {
    let registry = Registry::new();
    registry.counter("jobs", "Jobs run.").register().unwrap().inc_by(3);
    registry
}

const TEXT: &str = "# HELP jobs_total Jobs run.\n# TYPE jobs_total counter\njobs_total 3\n";

#[tokio::test]
async fn get_answers_with_the_metrics() {
    let server = server(&registry()).await;
    let answer = request(server.local_addr(), "GET", "/metrics?whatever").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, TEXT));
    assert_eq!(answer.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    assert_eq!(answer.header("content-length"), Some(TEXT.len().to_string().as_str()));
    assert_eq!(answer.header("transfer-encoding"), None);
}

#[tokio::test]
async fn head_answers_with_the_same_headers_and_no_body() {
    let server = server(&registry()).await;
    let answer = request(server.local_addr(), "HEAD", "/metrics").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    assert_eq!(answer.header("content-type"), Some(TextEncoder::CONTENT_TYPE));
    assert_eq!(answer.header("content-length"), Some(TEXT.len().to_string().as_str()));
}

#[tokio::test]
async fn an_empty_registry_is_an_empty_page() {
    let server = server(&Registry::new()).await;
    let answer = request(server.local_addr(), "GET", "/metrics").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    assert_eq!(answer.header("content-length"), Some("0"));
}

#[tokio::test]
async fn other_methods_are_told_which_are_allowed() {
    let server = server(&registry()).await;
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW"] {
        let answer = request(server.local_addr(), method, "/metrics").await;
        assert_eq!((answer.status, answer.header("allow")), (405, Some("GET, HEAD")), "{method}");
        assert!(!answer.body.contains("jobs"));
    }
}

#[tokio::test]
async fn other_paths_are_not_found() {
    let server = server(&registry()).await;
    for (method, path) in [
        ("GET", "/index.html"),
        ("GET", "/metrics/"),
        ("GET", "/Metrics"),
        ("GET", "//metrics"),
        ("POST", "/x"),
        ("OPTIONS", "*"),
    ] {
        let answer = request(server.local_addr(), method, path).await;
        assert_eq!(answer.status, 404, "{method} {path}");
        assert!(answer.body.contains("/metrics") && !answer.body.contains("jobs"));
    }
}

#[tokio::test]
async fn the_path_can_be_another() {
    let server = builder(&registry()).path("/internal/m").bind().await.unwrap();
    assert_eq!(request(server.local_addr(), "GET", "/internal/m").await.body, TEXT);
    assert_eq!(request(server.local_addr(), "GET", "/metrics").await.status, 404);

    for prefix in ["/internal", "/internal/"] {
        let server = builder(&registry()).path_prefix(prefix).path("/m").bind().await.unwrap();
        assert_eq!(request(server.local_addr(), "GET", "/internal/m").await.body, TEXT);
        assert_eq!(request(server.local_addr(), "GET", "/m").await.status, 404);
    }

    let error = MetricsServer::builder().path_prefix("internal").bind().await.unwrap_err();
    assert!(matches!(&error, BindError::InvalidPath { path } if path == "internal"), "{error}");
    let error = MetricsServer::builder().path("metrics").bind().await.unwrap_err();
    assert!(matches!(&error, BindError::InvalidPath { path } if path == "metrics"), "{error}");
}

#[tokio::test]
async fn a_connection_serves_one_scrape_after_the_other() {
    let registry = registry();
    let server = server(&registry).await;
    let jobs = registry.counter("jobs", "Jobs run.").register().unwrap();
    let mut stream = connect(server.local_addr()).await;
    for number in 4..10 {
        jobs.inc();
        send(&mut stream, "GET /metrics HTTP/1.1\r\nHost: test\r\n\r\n").await;
        read_to(&mut stream, &format!("jobs_total {number}\n")).await;
    }
}

#[tokio::test]
async fn the_body_of_a_request_is_not_waited_for() {
    let server = server(&registry()).await;
    for (method, status) in [("GET", 200), ("POST", 405)] {
        let answer =
            request_with(server.local_addr(), method, "/metrics", "Content-Length: 1073741824\r\n").await;
        assert_eq!(answer.status, status);
    }
}

#[tokio::test]
async fn the_service_answers_in_a_router_of_ones_own() {
    let app = Router::new().route_service("/deep/metrics", MetricsService::new(registry()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, app).await });

    let answer = request(address, "GET", "/deep/metrics").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, TEXT));
    assert_eq!(answer.header("content-type"), Some(TextEncoder::CONTENT_TYPE));
    assert_eq!(request(address, "HEAD", "/deep/metrics").await.body, "");
    let refused = request(address, "POST", "/deep/metrics").await;
    assert_eq!((refused.status, refused.header("allow")), (405, Some("GET, HEAD")));
}

#[test]
fn the_service_answers_without_a_tokio_runtime() {
    use tower::ServiceExt;
    let mut answer = std::pin::pin!(MetricsService::new(registry()).oneshot(http::Request::new(())));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(Ok(answer)) = answer.as_mut().poll(&mut context) else {
        panic!("it waits for something");
    };
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn an_address_in_use_is_named() {
    let first = server(&registry()).await;
    let address = first.local_addr();
    let error = MetricsServer::builder().listen(address).bind().await.unwrap_err();
    assert!(matches!(&error, BindError::InUse { .. }), "{error:?}");
    assert!(error.to_string().contains(&address.to_string()), "{error}");
}

#[tokio::test]
async fn what_is_no_address_is_named() {
    for bad in ["", "9464", "localhost", "127.0.0.1:70000", "127.0.0.1:http"] {
        let error = MetricsServer::builder().listen(bad).bind().await.unwrap_err();
        assert!(matches!(&error, BindError::InvalidAddress { .. }), "{bad}: {error:?}");
        assert!(error.to_string().contains(&format!("`{bad}`")), "{error}");
    }
    let elsewhere = MetricsServer::builder().listen("192.0.2.1:0").bind().await.unwrap_err();
    assert!(matches!(&elsewhere, BindError::Refused { .. }), "{elsewhere:?}");
    assert!(elsewhere.to_string().contains("192.0.2.1:0"), "{elsewhere}");
}

#[test]
fn binding_outside_of_a_runtime_is_an_error() {
    let mut bind = std::pin::pin!(MetricsServer::builder().listen("127.0.0.1:0").bind());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let polled = bind.as_mut().poll(&mut context);
    assert!(matches!(polled, std::task::Poll::Ready(Err(BindError::NoRuntime { .. }))));
}
