//! Within a scope the global registry is another: what is made there stays with it.

use http_body_util::{BodyExt, Empty};
use instrument_core::Registry;
use instrument_http::tower::RedLayer;
use instrument_http::{MetricsServer, MetricsService};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tower::{Layer, ServiceExt, service_fn};

#[tokio::test]
async fn a_layer_made_in_a_scope_records_there_when_it_is_called_outside() {
    let registry = Registry::new();
    let layer = registry.scope(RedLayer::new);
    let service = layer.layer(service_fn(async |_: http::Request<()>| {
        Ok::<_, std::convert::Infallible>(http::Response::new(String::new()))
    }));
    let response = service.oneshot(http::Request::new(())).await.unwrap();
    response.into_body().collect().await.unwrap();

    let duration = "http_server_request_duration_seconds";
    let recorded = registry.snapshot();
    assert_eq!(recorded.family(duration).unwrap().series().len(), 1, "{recorded}");
    assert!(Registry::global().snapshot().family(duration).is_none());
}

#[tokio::test]
async fn a_service_made_in_a_scope_shows_what_was_counted_there() {
    let registry = Registry::new();
    let service = registry.scope(|| {
        Registry::global().counter("jobs", "Jobs run.").register().unwrap().inc();
        MetricsService::default()
    });
    let request = http::Request::get("/metrics").body(Empty::<&[u8]>::new()).unwrap();
    let page = service.oneshot(request).await.unwrap().into_body().collect().await.unwrap().to_bytes();
    assert!(page.ends_with(b"jobs_total 1\n"), "{page:?}");
}

/// Its connections are served by tasks, and its pages written on other threads, which are in no scope.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_bound_in_a_scope_shows_what_was_counted_there() {
    let registry = Registry::new();
    registry.counter("jobs", "Jobs run.").register().unwrap().inc();
    let server = registry.scope_future(MetricsServer::builder().listen("127.0.0.1:0").bind()).await.unwrap();

    let mut connection = TcpStream::connect(server.local_addr()).await.unwrap();
    connection.write_all(b"GET /metrics HTTP/1.0\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    assert!(answer.ends_with("jobs_total 1\n"), "{answer}");
    server.shutdown().await;
}
