//! Rate, errors and duration of every route of an actix app, by one middleware.
//!
//!     $ cargo run -p instrument-examples --example red_actix
//!     http://127.0.0.1:8080
//!     $ curl http://127.0.0.1:8080/quotes/1
//!     Know thyself.
//!     $ curl http://127.0.0.1:8080/quotes/7
//!     no quotation 7
//!     $ curl http://127.0.0.1:8080/metrics
//!     http_server_request_duration_seconds_count{http_request_method="GET",http_route="/quotes/{id}",http_response_status_code="200",url_scheme="http"} 1
//!     http_server_request_duration_seconds_count{http_request_method="GET",http_route="/quotes/{id}",http_response_status_code="404",url_scheme="http"} 1
//!
//! The label is the pattern that matched, never the path that somebody asked for.

use actix_web::{App, HttpResponse, HttpServer, web};
use instrument_core::Registry;
use instrument_http::TextEncoder;
use instrument_http::actix::RedMiddleware;

const QUOTES: [&str; 2] = ["Que sais-je ?\n", "Know thyself.\n"];

async fn quote(id: web::Path<usize>) -> HttpResponse {
    match QUOTES.get(*id) {
        Some(quote) => HttpResponse::Ok().body(*quote),
        None => HttpResponse::NotFound().body(format!("no quotation {id}\n")),
    }
}

async fn metrics() -> HttpResponse {
    let page = TextEncoder::new().encode(Registry::global());
    HttpResponse::Ok().content_type(TextEncoder::CONTENT_TYPE).body(page)
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    let app = || {
        App::new()
            .route("/quotes/{id}", web::get().to(quote))
            .route("/metrics", web::get().to(metrics))
            .wrap(RedMiddleware::new())
    };
    let server = HttpServer::new(app).workers(2).bind(address)?;
    for address in server.addrs() {
        println!("http://{address}");
    }
    server.run().await
}
