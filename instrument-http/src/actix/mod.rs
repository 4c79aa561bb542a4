//! The middleware for actix: rate, errors and duration of the requests that an app answers.
//!
//! ```
//! use actix_web::{App, test, web};
//! use instrument_core::Registry;
//! use instrument_http::actix::RedMiddleware;
//!
//! # actix_web::rt::System::new().block_on(async {
//! let registry = Registry::new();
//! let app = App::new()
//!     .route("/quotes/{id}", web::get().to(async || "Know thyself."))
//!     .wrap(RedMiddleware::register(&registry)?);
//! # let app = test::init_service(app).await;
//! # let request = test::TestRequest::get().uri("/quotes/1").to_request();
//! # test::call_and_read_body(&app, request).await;
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
//! # Ok::<(), instrument_core::Error>(())
//! # })?;
//! # Ok::<(), instrument_core::Error>(())
//! ```
//!
//! The metrics are those of OpenTelemetry's HTTP conventions, in Prometheus' spelling.
//!
//! | metric | labels |
//! |---|---|
//! | `http_server_request_duration_seconds`, a histogram | `http_request_method`, `http_route`, `http_response_status_code`, `error_type`, `url_scheme` |
//! | `http_server_request_body_size_bytes` and `http_server_response_body_size_bytes`, histograms | the same |
//! | `http_server_active_requests`, a gauge | `http_request_method`, `url_scheme` |
//!
//! - **`http_route`** is the pattern that the path matches, with those of the scopes around it, and left out for a request that matches none. A request that
//!   ends without a response (dropped, or refused by another middleware's `Err`) has the first pattern that its path matches, as it was before other middlewares, and whatever guards say.
//! - **`http_request_method`** is `_OTHER` for a method that is not [known](RedBuilder::known_methods).
//! - **`http_response_status_code`** is left out when there was no response.
//! - **`error_type`** is left out when all went well, which a status below 500 is too. Otherwise it is the status, from 500 on; `body_error` when the
//!   response's body failed; `panic`; or `cancelled` when the request was dropped before its end, which is what happens when the client has gone.
//! - **`url_scheme`** is that of the listener, whatever headers say, unless [`https`](RedMiddleware::https) does.
//!
//! An `Err` of a handler or of another middleware is recorded by the status of the response that actix makes of it. That response is made outside of the middleware:
//! the request ends when the error goes by, and its size is that of the response to be.
//!
//! Otherwise a request ends when the response's body ends, fails or is dropped. A body of known length ends with its last byte; a response that has no
//! body, such as one to `HEAD` or one that upgrades to WebSocket, ends with its head. Until then the request is active.
//!
//! A request is one observation among the sizes: of the bytes that the app has read, and of those that it has sent. They are compressed ones if the middleware is outside of what
//! compresses, which the one that is wrapped last is.

mod body;
mod future;
mod head;
mod middleware;
mod payload;
mod service;

pub use self::body::RedBody;
pub use self::future::RedFuture;
pub use self::middleware::{RedMiddleware, RedMiddlewareBuilder};
pub use self::service::RedService;
pub use crate::red::RedBuilder;
