//! The layer around a client, here hyper-util's.

use std::future::pending;

use axum::Router;
use axum::body::Body;
use axum::routing::get as route_get;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use instrument_core::Registry;
use instrument_http::tower::{RedClientLayer, RedClientService};
use tokio::net::TcpListener;
use tower::{Layer, ServiceExt};

use crate::recorded::{count, get, series};

const DURATION: &str = "http_client_request_duration_seconds";

type HyperClient = RedClientService<Client<HttpConnector, Body>>;

fn client(layer: &RedClientLayer) -> HyperClient {
    layer.layer(Client::builder(TokioExecutor::new()).build_http())
}

/// A server, by the port that it listens on.
async fn server() -> u16 {
    let router = Router::new()
        .route("/quotes/{id}", route_get(async || "Know thyself."))
        .route("/later", route_get(pending::<()>))
        .route("/broken", route_get(async || StatusCode::BAD_GATEWAY));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async { axum::serve(listener, router).await });
    port
}

async fn ask(client: HyperClient, port: u16, path: &str) -> StatusCode {
    let response = client.oneshot(get(&format!("http://127.0.0.1:{port}{path}"))).await.unwrap();
    let status = response.status();
    response.into_body().collect().await.unwrap();
    status
}

#[tokio::test]
async fn a_request_is_recorded_by_its_server_and_not_by_its_path() {
    let (registry, port) = (Registry::new(), server().await);
    let layer = RedClientLayer::register(&registry).unwrap();
    for path in ["/quotes/1", "/quotes/2"] {
        assert_eq!(ask(client(&layer), port, path).await, 200);
    }
    let labels = [
        ("http_request_method", "GET"),
        ("http_response_status_code", "200"),
        ("server_address", "127.0.0.1"),
        ("server_port", &port.to_string()),
        ("url_scheme", "http"),
    ];
    let labels = labels.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    assert_eq!((series(&registry, DURATION), count(&registry, DURATION, &[])), (vec![labels], 2));
}

#[tokio::test]
async fn statuses_from_400_on_are_errors_of_a_client() {
    let (registry, port) = (Registry::new(), server().await);
    let layer = RedClientLayer::register(&registry).unwrap();
    ask(client(&layer), port, "/nowhere").await;
    ask(client(&layer), port, "/broken").await;
    for status in ["404", "502"] {
        let labels = [("http_response_status_code", status), ("error_type", status)];
        assert_eq!(count(&registry, DURATION, &labels), 1, "{status}");
    }
}

#[tokio::test]
async fn a_request_without_a_response_says_why() {
    let (registry, port) = (Registry::new(), server().await);
    let layer = RedClientLayer::register(&registry).unwrap();
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    client(&layer).oneshot(get(&format!("http://127.0.0.1:{nobody}/"))).await.unwrap_err();
    assert_eq!(count(&registry, DURATION, &[("error_type", "service_error")]), 1);

    let cancelled = client(&layer).oneshot(get(&format!("http://127.0.0.1:{port}/later")));
    tokio::select! {
        biased;
        _ = cancelled => panic!("there is no response"),
        () = tokio::task::yield_now() => (),
    }
    assert_eq!(count(&registry, DURATION, &[("error_type", "cancelled")]), 1);
}

#[tokio::test]
async fn servers_beyond_the_bound_share_a_series() {
    let registry = Registry::new();
    let layer = RedClientLayer::builder().max_series(10).register(&registry).unwrap();
    let client = layer.layer(tower::service_fn(async |_: Request<Body>| {
        Ok::<_, std::io::Error>(http::Response::new(String::new()))
    }));
    for number in 0..1000 {
        client.clone().oneshot(get(&format!("https://host{number}.example/"))).await.unwrap();
    }
    assert_eq!(series(&registry, DURATION).len(), 11);
    assert_eq!(count(&registry, DURATION, &[("server_address", "__overflow__")]), 990);
    assert_eq!(count(&registry, DURATION, &[("server_port", "443"), ("url_scheme", "https")]), 10);
}

#[tokio::test]
async fn the_server_of_a_relative_target_is_its_host() {
    let registry = Registry::new();
    let client =
        RedClientLayer::register(&registry).unwrap().layer(tower::service_fn(async |_: Request<Body>| {
            Ok::<_, std::io::Error>(http::Response::new(String::new()))
        }));
    let request = Request::get("/").header("host", "[::1]:8080").body(Body::empty()).unwrap();
    client.oneshot(request).await.unwrap();
    assert_eq!(count(&registry, DURATION, &[("server_address", "::1"), ("server_port", "8080")]), 1);
}
