//! Rate, errors and duration of every route of an axum app, by one layer.
//!
//!     $ cargo run -p instrument-examples --example red_axum
//!     http://127.0.0.1:8080
//!     $ curl http://127.0.0.1:8080/quotes/1
//!     Know thyself.
//!     $ curl http://127.0.0.1:8080/quotes/7
//!     no quotation 7
//!     $ curl http://127.0.0.1:8080/metrics
//!     http_server_active_requests{http_request_method="GET",url_scheme="http"} 1
//!     http_server_request_duration_seconds_count{http_request_method="GET",http_route="/quotes/{id}",http_response_status_code="200",url_scheme="http"} 1
//!     http_server_request_duration_seconds_count{http_request_method="GET",http_route="/quotes/{id}",http_response_status_code="404",url_scheme="http"} 1
//!
//! The label is the route as it is written here, never the path that somebody asked for. Here the metrics are a route of the app; where all the world
//! can reach it, serve them on an address of their own by `MetricsServer`.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::{Router, routing::get};
use instrument_http::MetricsService;
use instrument_http::tower::RedLayer;
use tokio::net::TcpListener;

const QUOTES: [&str; 2] = ["Que sais-je ?\n", "Know thyself.\n"];

async fn quote(Path(id): Path<usize>) -> Result<&'static str, (StatusCode, String)> {
    QUOTES.get(id).copied().ok_or_else(|| (StatusCode::NOT_FOUND, format!("no quotation {id}\n")))
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let app = Router::new()
        .route("/quotes/{id}", get(quote))
        .route_service("/metrics", MetricsService::default())
        .layer(RedLayer::new()); // around the routes above it

    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    let listener = TcpListener::bind(address).await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, app)
        .with_graceful_shutdown(async {
            let _ = tokio::signal::ctrl_c().await;
        })
        .await
}
