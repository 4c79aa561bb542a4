//! The registry of the process, which this test has for itself.

use instrument_core::Registry;
use instrument_http::tower::RedLayer;
use tower::{Layer, ServiceExt, service_fn};

/// A layer for the global registry has nobody to return an error to.
#[tokio::test]
async fn a_layer_whose_names_are_taken_lets_requests_through_and_counts_itself() {
    Registry::global().counter("http_server_request_duration_seconds", "Taken.").register().unwrap();
    let service = RedLayer::new().layer(service_fn(async |_: http::Request<()>| {
        Ok::<_, std::convert::Infallible>(http::Response::new("answer".to_owned()))
    }));
    assert_eq!(service.oneshot(http::Request::new(())).await.unwrap().status(), 200);

    let snapshot = Registry::global().snapshot();
    let labels = [("family", "http_server_request_duration_seconds")];
    assert_eq!(snapshot.counter("instrument_registration_errors_total", &labels), Some(1));
}
