//! What can be asked of a layer.

use std::env;
use std::process::Command;

use axum::Router;
use axum::body::Body;
use axum::routing::get as route_get;
use http::Request;
use http::request::Parts;
use instrument_core::{Buckets, LabelValue, Labels, Registry};
use instrument_http::tower::{RedLayer, RedLayerBuilder, Route};

use crate::recorded::{DURATION, RESPONSE_SIZE, active, ask, count, get, series};

fn router() -> Router {
    let told = async || {
        let mut response = axum::response::Response::new(Body::from("told"));
        response.extensions_mut().insert(Route::from("/told"));
        response
    };
    Router::new()
        .route("/quotes/{id}", route_get(async || ([("age", "3")], "Know thyself.")))
        .route("/health", route_get(async || "fine"))
        .fallback(told)
}

fn app<X>(registry: &Registry, builder: RedLayerBuilder<X>) -> Router
where
    X: Labels + std::fmt::Debug + Send + Sync + 'static,
{
    router().layer(builder.register(registry).unwrap())
}

async fn ask_by_each(app: Router, methods: [&str; 3]) {
    for method in methods {
        ask(app.clone(), Request::builder().method(method).uri("/health").body(Body::empty()).unwrap()).await;
    }
}

#[derive(Debug, LabelValue)]
enum Client {
    App,
    Other,
}

#[derive(Debug, Labels)]
struct Extra {
    client: Client,
    cached: bool,
}

#[tokio::test]
async fn labels_are_made_of_the_request_and_completed_by_the_response() {
    let registry = Registry::new();
    let client = |head: &Parts| if head.headers.contains_key("x-app") { Client::App } else { Client::Other };
    let builder = RedLayer::builder()
        .labels(move |head| Extra { client: client(head), cached: false })
        .response_labels(|extra, head| extra.cached = head.headers.contains_key("age"));
    let app = app(&registry, builder);
    ask(app.clone(), Request::get("/quotes/1").header("x-app", "1").body(Body::empty()).unwrap()).await;
    ask(app, get("/health")).await;
    for name in [DURATION, RESPONSE_SIZE] {
        assert_eq!(count(&registry, name, &[("client", "app"), ("cached", "true")]), 1);
        assert_eq!(count(&registry, name, &[("client", "other"), ("cached", "false")]), 1);
    }
    assert_eq!(active(&registry), [0], "what is active has the labels of OpenTelemetry alone");
}

#[test]
fn labels_that_are_there_already_are_an_error() {
    #[derive(Debug, Labels)]
    struct Again {
        http_route: bool,
    }
    let builder = RedLayer::builder().labels(|_| Again { http_route: true });
    let error = builder.register(&Registry::new()).unwrap_err().to_string();
    assert!(error.contains("http_route"), "{error}");
}

#[tokio::test]
async fn requests_are_left_out_by_route_and_by_predicate() {
    let registry = Registry::new();
    let probe = |head: &Parts| head.headers.contains_key("x-probe");
    let builder = RedLayer::builder().exclude_route("/health").exclude_route("/told").exclude(probe);
    let app = app(&registry, builder);
    ask(app.clone(), get("/health")).await;
    ask(app.clone(), get("/wherever")).await;
    ask(app.clone(), Request::get("/quotes/1").header("x-probe", "1").body(Body::empty()).unwrap()).await;
    ask(app, get("/quotes/1")).await;
    assert_eq!(count(&registry, DURATION, &[]), 1);
    assert_eq!(count(&registry, DURATION, &[("http_route", "/quotes/{id}")]), 1);
    assert_eq!(active(&registry), [0], "a route that only the response tells was active until then");
}

#[tokio::test]
async fn names_buckets_and_bounds_are_as_one_likes() {
    let registry = Registry::new();
    let builder = RedLayer::builder()
        .prefix("shop")
        .buckets(Buckets::explicit([0.5]))
        .size_buckets(Buckets::explicit([10.0, 20.0]))
        .max_series(1);
    let app = app(&registry, builder);
    ask(app.clone(), get("/quotes/1")).await;
    ask(app.clone(), get("/health")).await;
    ask(app, get("/elsewhere")).await;
    assert_eq!(count(&registry, DURATION, &[]), 0);
    assert_eq!(count(&registry, "shop_http_server_request_duration_seconds", &[]), 3);
    assert_eq!(series(&registry, "shop_http_server_request_duration_seconds").len(), 2);
    let overflowed = [("http_route", "__overflow__")];
    assert_eq!(count(&registry, "shop_http_server_response_body_size_bytes", &overflowed), 2);

    let snapshot = registry.snapshot();
    let labels = [
        ("http_request_method", "GET"),
        ("http_route", "/quotes/{id}"),
        ("http_response_status_code", "200"),
        ("url_scheme", "http"),
    ];
    let bounds = |name| snapshot.histogram(name, &labels).unwrap().buckets().count();
    assert_eq!(bounds("shop_http_server_request_duration_seconds"), 2);
    assert_eq!(bounds("shop_http_server_response_body_size_bytes"), 3);
}

#[tokio::test]
async fn sizes_can_be_left_out() {
    let registry = Registry::new();
    ask(app(&registry, RedLayer::builder().body_sizes(false)), get("/health")).await;
    assert_eq!(count(&registry, DURATION, &[]), 1);
    assert!(registry.snapshot().family(RESPONSE_SIZE).is_none());
}

#[tokio::test]
async fn methods_that_are_known_take_the_place_of_the_default_ones() {
    let registry = Registry::new();
    let app = app(&registry, RedLayer::builder().known_methods(["GET", "PROPFIND"]));
    ask_by_each(app, ["GET", "PROPFIND", "POST"]).await;
    for method in ["GET", "PROPFIND", "_OTHER"] {
        assert_eq!(count(&registry, DURATION, &[("http_request_method", method)]), 1, "{method}");
    }
}

/// In a process of its own, as the environment is that of all tests.
#[test]
fn the_environment_names_the_methods_that_are_known() {
    let output = Command::new(env::current_exe().unwrap())
        .env("OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS", "GET, PROPFIND")
        .args(["--exact", "--ignored", "options::only_get_and_propfind_are_known"])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

#[tokio::test]
#[ignore = "run by the test above, which sets the environment"]
async fn only_get_and_propfind_are_known() {
    let registry = Registry::new();
    let app = app(&registry, RedLayer::builder());
    ask_by_each(app, ["GET", "PROPFIND", "POST"]).await;
    for method in ["GET", "PROPFIND", "_OTHER"] {
        assert_eq!(count(&registry, DURATION, &[("http_request_method", method)]), 1, "{method}");
    }
}

#[tokio::test]
async fn head_options_and_query_are_recorded_under_their_names() {
    let registry = Registry::new();
    let methods = ["HEAD", "OPTIONS", "QUERY"];
    ask_by_each(app(&registry, RedLayer::builder()), methods).await;
    for method in methods {
        let labels = [("http_request_method", method), ("http_route", "/health")];
        assert_eq!(count(&registry, DURATION, &labels), 1, "{method}");
    }
    assert_eq!(active(&registry), [0; 3]);
}

#[test]
fn a_prefix_that_no_name_can_have_is_an_error() {
    let error = RedLayer::builder().prefix("9 lives").register(&Registry::new()).unwrap_err();
    assert!(error.to_string().contains("9 lives"), "{error}");
}

#[test]
fn the_metrics_keep_the_rules_of_names() {
    let registry = Registry::new();
    RedLayer::register(&registry).unwrap();
    registry.catalogue().lint().assert_clean();
}
