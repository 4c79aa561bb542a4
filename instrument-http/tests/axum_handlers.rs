//! `#[instrument_red]` on the handlers of axum: they stay handlers, and their statuses are outcomes.
#![cfg(feature = "axum")]

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Router, debug_handler};
use instrument_core::{HistogramSnapshot, Registry, Snapshot, instrument_red};
use tower::ServiceExt as _;

#[debug_handler]
#[instrument_red]
async fn above(Path(status): Path<u16>) -> Response {
    status_of(status).into_response()
}

#[instrument_red]
#[debug_handler]
async fn below(Path(status): Path<u16>) -> StatusCode {
    status_of(status)
}

#[debug_handler]
#[instrument_red]
async fn with_text(Path(status): Path<u16>) -> (StatusCode, &'static str) {
    (status_of(status), "text")
}

#[debug_handler]
#[instrument_red]
async fn fallible(Path(status): Path<u16>) -> Result<Response, StatusCode> {
    match status_of(status) {
        StatusCode::NOT_FOUND => Err(StatusCode::NOT_FOUND),
        status => Ok(status.into_response()),
    }
}

#[debug_handler(state = &'static str)]
#[instrument_red(err_if = StatusCode::is_client_error)]
async fn with_state(State(_): State<&'static str>, Path(status): Path<u16>) -> StatusCode {
    status_of(status)
}

fn status_of(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST)
}

fn outcomes(snapshot: &Snapshot, function: &str) -> (u64, u64) {
    let count = |outcome| {
        let labels = [("function", function), ("module", module_path!()), ("outcome", outcome)];
        snapshot.histogram("function_duration_seconds", &labels).map_or(0, HistogramSnapshot::count)
    };
    (count("ok"), count("error"))
}

#[tokio::test]
async fn a_status_from_500_on_is_an_error() {
    let app = Router::new()
        .route("/above/{status}", get(above))
        .route("/below/{status}", get(below))
        .route("/with_text/{status}", get(with_text))
        .route("/fallible/{status}", get(fallible))
        .route("/with_state/{status}", get(with_state))
        .with_state("state");
    let registry = Registry::new();
    let _scope = registry.enter_scope();
    for handler in ["above", "below", "with_text", "fallible", "with_state"] {
        for status in [200, 404, 503] {
            let request = Request::get(format!("/{handler}/{status}")).body(Body::empty()).unwrap();
            let response = app.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status(), status);
        }
    }
    let snapshot = registry.snapshot();
    for handler in ["above", "below", "with_text"] {
        assert_eq!(outcomes(&snapshot, handler), (2, 1), "{handler}");
    }
    assert_eq!(outcomes(&snapshot, "fallible"), (1, 2), "`Err` is an error");
    assert_eq!(outcomes(&snapshot, "with_state"), (2, 1), "`err_if` has the last word");
}
