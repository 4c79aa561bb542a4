//! The middleware for all that is built on tower: rate, errors and duration of the requests that a service answers, and of those that a
//! [client](RedClientLayer) sends.
//!
//! ```
//! use axum::{Router, routing::get};
//! use instrument_core::Registry;
//! use instrument_http::tower::RedLayer;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let registry = Registry::new();
//! let app: Router = Router::new()
//!     .route("/quotes/{id}", get(async || "Know thyself."))
//!     .layer(RedLayer::register(&registry)?);
//! # use http::Request;
//! # use http_body_util::BodyExt;
//! # use tower::ServiceExt;
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! # let response = app.oneshot(Request::get("/quotes/1").body(axum::body::Body::empty())?).await?;
//! # response.into_body().collect().await?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//!
//! // After a request to /quotes/1:
//! let labels = [
//!     ("http_request_method", "GET"),
//!     ("http_route", "/quotes/{id}"),
//!     ("http_response_status_code", "200"),
//!     ("url_scheme", "http"),
//! ];
//! let snapshot = registry.snapshot();
//! assert_eq!(snapshot.histogram("http_server_request_duration_seconds", &labels).unwrap().count(), 1);
//! # Ok(())
//! # }
//! ```
//!
//! # What is recorded
//!
//! The metrics are those of OpenTelemetry's HTTP conventions, in Prometheus' spelling.
//!
//! | metric | labels |
//! |---|---|
//! | `http_server_request_duration_seconds`, a histogram | `http_request_method`, `http_route`, `http_response_status_code`, `error_type`, `url_scheme` |
//! | `http_server_request_body_size_bytes` and `http_server_response_body_size_bytes`, histograms | the same |
//! | `http_server_active_requests`, a gauge | `http_request_method`, `url_scheme` |
//! | `rpc_server_call_duration_seconds`, a histogram, for calls of gRPC | `rpc_system_name`, `rpc_method`, `rpc_response_status_code`, `error_type` |
//!
//! - **`http_route`** is the route's template, and left out for a request that no route matched. See [`Route`].
//! - **`http_request_method`** is `_OTHER` for a method that is not [known](RedBuilder::known_methods).
//! - **`http_response_status_code`** is left out when there was no response.
//! - **`error_type`** is left out when all went well, which a status below 500 is too. Otherwise it is the status, from 500 on; `service_error` when the
//!   service gave an error instead of a response; `body_error` when the response's body failed; `panic`; or `cancelled` when the request was
//!   dropped before its end, which is what servers do when the client has gone.
//!
//! So the number of series depends on the service, and not on what clients send. Beyond 10,000 series the family's
//! [overflow](instrument_core::Family#bounds) takes the rest.
//!
//! [`RedLayer::builder`] sets buckets, names, bounds, labels of your own, and which requests are left out.
//!
//! # When a request ends
//!
//! It ends when the response's body ends, fails or is dropped. A body of known length ends with its last byte; a response that has no
//! body, such as one to `HEAD` or one that upgrades to WebSocket, ends with its head. Until then the request is active.
//!
//! # Sizes
//!
//! A request is one observation in each metric, of the bytes that went through the layer: compressed ones if the layer is outside of what
//! compresses. A request that got no response counts as one of 0 bytes. The bytes of a request are those that the service has read, if the
//! body is axum's (feature `axum`); otherwise they are what `Content-Length` says, and a request whose length nobody says is not
//! among the sizes.
//!
//! # gRPC
//!
//! A request whose `content-type` is that of gRPC is recorded as a call too, with the status in the response's trailers, or in its head if it has nothing
//! else. Its path is made up by the client as any other, so **`rpc_method`** is `_OTHER` unless the path is among the methods that the builder
//! [was given](RedBuilder::rpc_methods), or the [`Route`] is that of one method, such as `/quotes.Quotes/Get`. **`error_type`** is the status if that is the server's
//! fault: `UNKNOWN`, `DEADLINE_EXCEEDED`, `UNIMPLEMENTED`, `INTERNAL`, `UNAVAILABLE` or `DATA_LOSS`. Without a status it says how the request ended.

mod body;
mod client;
mod future;
mod head;
mod layer;
mod request_body;
mod service;

pub use self::body::RedBody;
pub use self::client::{RedClientLayer, RedClientLayerBuilder, RedClientService};
pub use self::future::RedFuture;
pub use self::layer::{RedLayer, RedLayerBuilder};
pub use self::service::RedService;
pub use crate::red::{RedBuilder, Route};
