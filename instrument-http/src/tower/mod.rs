//! The middleware for all that is built on tower: rate, errors and duration of the requests that a service answers.
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
//! | `http_server_active_requests`, a gauge | `http_request_method`, `url_scheme` |
//!
//! - **`http_route`** is the route's template, and left out for a request that no route matched. See [`Route`].
//! - **`http_request_method`** is `_OTHER` for a method that is not known.
//! - **`http_response_status_code`** is left out when there was no response.
//! - **`error_type`** is left out when all went well, which a status below 500 is too. Otherwise it is the status, from 500 on; `service_error` when the
//!   service gave an error instead of a response; `body_error` when the response's body failed; `panic`; or `cancelled` when the request was
//!   dropped before its end, which is what servers do when the client has gone.
//!
//! So the number of series depends on the service, and not on what clients send. Beyond 10,000 series the family's
//! [overflow](instrument_core::Family#bounds) takes the rest.
//!
//! # When a request ends
//!
//! It ends when the response's body ends, fails or is dropped. A body of known length ends with its last byte; a response that has no
//! body, such as one to `HEAD`, ends with its head. Until then the request is active.

mod body;
mod future;
mod layer;
mod service;

pub use self::body::RedBody;
pub use self::future::RedFuture;
pub use self::layer::RedLayer;
pub use self::service::RedService;
pub use crate::red::Route;
