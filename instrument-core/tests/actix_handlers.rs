//! `#[instrument_red]` on the handlers of actix, on either side of actix's own attribute: they stay handlers, and their statuses are
//! outcomes.
#![cfg(all(feature = "macros", feature = "actix"))]

use actix_web::error::ErrorNotFound;
use actix_web::http::StatusCode;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::{App, HttpResponse, Result, get, web};
use instrument_core::{HistogramSnapshot, Registry, Snapshot, instrument_red};

#[get("/above/{status}")]
#[instrument_red]
async fn above(status: web::Path<u16>) -> HttpResponse {
    answer(*status)
}

#[instrument_red]
#[get("/below/{status}")]
async fn below(status: web::Path<u16>) -> HttpResponse {
    answer(*status)
}

#[get("/fallible/{status}")]
#[instrument_red]
async fn fallible(status: web::Path<u16>) -> Result<HttpResponse> {
    if *status == 404 { Err(ErrorNotFound("nothing")) } else { Ok(answer(*status)) }
}

fn answer(status: u16) -> HttpResponse {
    HttpResponse::build(StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST)).finish()
}

fn outcomes(snapshot: &Snapshot, function: &str) -> (u64, u64) {
    let count = |outcome| {
        let labels = [("function", function), ("module", module_path!()), ("outcome", outcome)];
        snapshot.histogram("function_duration_seconds", &labels).map_or(0, HistogramSnapshot::count)
    };
    (count("ok"), count("error"))
}

#[actix_web::test]
async fn a_status_from_500_on_is_an_error() {
    let app = init_service(App::new().service(above).service(below).service(fallible)).await;
    let registry = Registry::new();
    let _scope = registry.enter_scope();
    for handler in ["above", "below", "fallible"] {
        for status in [200, 404, 503] {
            let request = TestRequest::get().uri(&format!("/{handler}/{status}")).to_request();
            assert_eq!(call_service(&app, request).await.status(), status);
        }
    }
    let snapshot = registry.snapshot();
    assert_eq!(outcomes(&snapshot, "above"), (2, 1));
    assert_eq!(outcomes(&snapshot, "below"), (2, 1));
    assert_eq!(outcomes(&snapshot, "fallible"), (1, 2), "`Err` is an error");
}
