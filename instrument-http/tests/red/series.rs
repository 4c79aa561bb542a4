//! What anybody can send makes no series, and what goes up comes down in the same one.

use axum::Router;
use axum::body::Body;
use axum::routing::any;
use http::{Request, StatusCode};
use instrument_core::Registry;
use instrument_http::tower::RedLayer;
use tower::Service;

use crate::recorded::{DURATION, REQUEST_SIZE, RESPONSE_SIZE, active, count, series};

#[tokio::test]
async fn a_hundred_thousand_methods_and_paths_make_a_handful_of_series() {
    let registry = Registry::new();
    let mut app = Router::new()
        .route("/quotes/{id}", any(async || "whatever"))
        .fallback(async || StatusCode::NOT_FOUND)
        .layer(RedLayer::register(&registry).unwrap());
    for number in 0..100_000_u32 {
        // Scattered, so that no two requests have much in common.
        let random = number.wrapping_mul(2_654_435_761);
        let path =
            if number % 2 == 0 { format!("/quotes/{random}") } else { format!("/{random:x}/{number}") };
        let request = Request::builder().method(format!("M{random:x}").as_str()).uri(path);
        let response = app.call(request.body(Body::empty()).unwrap()).await.unwrap();
        drop(response);
    }
    for name in [DURATION, REQUEST_SIZE, RESPONSE_SIZE] {
        assert_eq!(count(&registry, name, &[("http_request_method", "_OTHER")]), 100_000, "{name}");
        assert!(series(&registry, name).len() <= 3, "{:?}", series(&registry, name));
    }
    assert_eq!(active(&registry), [0]);
    let active = series(&registry, "http_server_active_requests");
    let labels = [("http_request_method", "_OTHER"), ("url_scheme", "http")];
    assert_eq!(active, [labels.map(|(name, value)| (name.to_owned(), value.to_owned()))]);
}
