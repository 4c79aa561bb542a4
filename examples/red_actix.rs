//! Rate, errors and duration of the handlers of an actix app, by the attribute.
//!
//!     $ cargo run -p instrument-examples --example red_actix
//!     http://127.0.0.1:8080
//!     $ curl http://127.0.0.1:8080/quotes/1
//!     Know thyself.
//!     $ curl http://127.0.0.1:8080/quotes/7
//!     no quotation 7
//!     $ curl http://127.0.0.1:8080/metrics
//!     function_duration_seconds_count{function="quote",module="red_actix",outcome="error"} 0
//!     function_duration_seconds_count{function="quote",module="red_actix",outcome="ok"} 2
//!
//! With the feature `actix` a response goes by its status, of which those from 500 on are errors. So a quotation that is not there is none.

use actix_web::{App, HttpResponse, HttpServer, web};
use instrument_core::{Registry, instrument_red};
use instrument_http::TextEncoder;

const QUOTES: [&str; 2] = ["Que sais-je ?\n", "Know thyself.\n"];

#[instrument_red]
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
    let app =
        || App::new().route("/quotes/{id}", web::get().to(quote)).route("/metrics", web::get().to(metrics));
    let server = HttpServer::new(app).workers(2).bind(address)?;
    for address in server.addrs() {
        println!("http://{address}");
    }
    server.run().await
}
