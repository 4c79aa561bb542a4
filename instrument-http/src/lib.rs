//! What Prometheus pulls: the metrics of an [`instrument_core`] registry as text, OpenMetrics or protobuf, an endpoint that serves them, and a middleware that
//! counts the requests of a web service.
//!
//! ```
//! use axum::{Router, routing::get};
//! use instrument_http::MetricsServer;
//! use instrument_http::tower::RedLayer;
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! // The service, with rate, errors and duration of its requests.
//! let app = Router::new().route("/quote", get(async || "Know thyself.")).layer(RedLayer::new());
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! # let address = listener.local_addr()?;
//! tokio::spawn(async { axum::serve(listener, app).await });
//!
//! // What Prometheus scrapes, on an address of its own.
//! let metrics = MetricsServer::builder().listen("127.0.0.1:0").bind().await?;
//! println!("metrics http://{}/metrics", metrics.local_addr());
//! # use tokio::io::{AsyncReadExt, AsyncWriteExt};
//! # let get = async |address: std::net::SocketAddr, path: &str| {
//! #     let mut stream = tokio::net::TcpStream::connect(address).await?;
//! #     let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
//! #     stream.write_all(request.as_bytes()).await?;
//! #     let mut answer = String::new();
//! #     stream.read_to_string(&mut answer).await?;
//! #     Ok::<_, std::io::Error>(answer)
//! # };
//! # assert!(get(address, "/quote").await?.ends_with("Know thyself."));
//! # let page = get(metrics.local_addr(), "/metrics").await?;
//! # let line = "http_server_request_duration_seconds_count{http_request_method=\"GET\",http_route=\"/quote\",\
//! #     http_response_status_code=\"200\",url_scheme=\"http\"} 1\n";
//! # assert!(page.contains(line), "{page}");
//! # metrics.shutdown().await;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! After a request to `/quote`, `/metrics` shows, among others:
//!
//! ```text
//! # HELP http_server_request_duration_seconds Duration of HTTP requests, until the end of the response's body.
//! # TYPE http_server_request_duration_seconds histogram
//! http_server_request_duration_seconds_count{http_request_method="GET",http_route="/quote",http_response_status_code="200",url_scheme="http"} 1
//! ```
//!
//! # In a manifest
//!
//! Not on crates.io yet. Depend on a clone of the repository:
//!
//! ```toml
//! instrument-http = { path = "../instrument/instrument-http", features = ["axum"] }
//! ```
//!
//! # What to use
//!
//! | for | use | feature |
//! |---|---|---|
//! | an endpoint with an address of its own | [`MetricsServer`] | `server` (default) |
//! | an endpoint in a server that is there already | [`MetricsService`] | `server` (default) |
//! | the same behind TLS, with client certificates | [`MetricsServerBuilder::tls`] | `tls` |
//! | the same in HTTP/2 too | [`MetricsServer`] | `http2` |
//! | the same on a Unix-domain socket | [`UnixMetricsServer`] | `server` (default) |
//! | a page for people, beside the metrics | [`LivePage`] | `page` |
//! | the requests of a service built on tower | [`tower::RedLayer`] | `tower` |
//! | the same, with the routes of axum | [`tower::RedLayer`] | `axum` |
//! | the requests that a client built on tower sends | [`tower::RedClientLayer`] | `tower` |
//! | the requests of a service built on actix | [`actix::RedMiddleware`] | `actix` |
//! | a job that ends before it is scraped | [`PushGateway`] | `push` |
//! | the text alone, to be sent in a way of your own | [`TextEncoder`] | |
//! | the same in OpenMetrics, with exemplars | [`OpenMetricsEncoder`] | |
//! | the same in protobuf, with native histograms | [`ProtobufEncoder`] | `protobuf` (default) |
//! | alert rules for what a registry has | [`rules::Rules`] | `monitoring` |
//! | a Grafana dashboard of it | [`dashboard::Dashboard`] | `monitoring` |
//! | pages that are compressed | [`MetricsService`] | `gzip` (default), `zstd` |

// On docs.rs, what a feature adds says so.
#![cfg_attr(docsrs, feature(doc_cfg))]
// Links lead to what a feature adds.
#![cfg_attr(
    not(all(
        feature = "actix",
        feature = "monitoring",
        feature = "page",
        feature = "push",
        feature = "server",
        feature = "tls",
        feature = "tower",
        feature = "protobuf"
    )),
    allow(rustdoc::broken_intra_doc_links)
)]

#[cfg(feature = "actix")]
pub mod actix;
#[cfg(any(feature = "push", feature = "server"))]
mod credential_rules;
#[cfg(feature = "monitoring")]
pub mod dashboard;
mod format;
#[cfg(feature = "server")]
mod negotiate;
#[cfg(feature = "page")]
mod page;
#[cfg(feature = "tls")]
mod pem;
#[cfg(feature = "push")]
mod push;
#[cfg(any(feature = "actix", feature = "tower"))]
mod red;
#[cfg(feature = "monitoring")]
pub mod rules;
#[cfg(feature = "server")]
mod scrape;
#[cfg(feature = "server")]
mod server;
#[cfg(feature = "server")]
mod service;
#[cfg(feature = "monitoring")]
mod signals;
#[cfg(any(feature = "axum", feature = "tower"))]
pub mod tower;

#[cfg(feature = "protobuf")]
pub use crate::format::ProtobufEncoder;
pub use crate::format::{EscapingScheme, OpenMetricsEncoder, TextEncoder};
#[cfg(feature = "page")]
pub use crate::page::LivePage;
#[cfg(feature = "push")]
pub use crate::push::{BlockingPushGateway, PushAtEnd, PushError, PushGateway, PushGatewayBuilder};
#[cfg(feature = "server")]
pub use crate::scrape::BrokenPage;
#[cfg(all(feature = "server", unix))]
pub use crate::server::UnixMetricsServer;
#[cfg(feature = "server")]
pub use crate::server::{BindError, MetricsServer, MetricsServerBuilder};
#[cfg(feature = "server")]
pub use crate::service::{MetricsBody, MetricsFuture, MetricsService};

/// The examples of the project's README.
#[cfg(all(
    doctest,
    feature = "actix",
    feature = "axum",
    feature = "monitoring",
    feature = "push",
    feature = "server"
))]
#[doc = include_str!("../../README.md")]
mod readme {}
