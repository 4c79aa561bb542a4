use instrument_core::__private::Shared;
use instrument_core::{Error, Registry};
use tower_layer::Layer;

use super::asked::{ClientMetrics, DURATION};
use super::{RedClientLayerBuilder, RedClientService};
use crate::red::count_failure;

/// Records rate, errors and duration of the requests that a client sends: any service that takes a [`http::Request`], such as hyper-util's
/// client.
///
/// ```
/// use http::{Request, Response};
/// use http_body_util::BodyExt;
/// use instrument_core::Registry;
/// use instrument_http::tower::RedClientLayer;
/// use tower::{ServiceBuilder, ServiceExt, service_fn};
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let registry = Registry::new();
/// # let client = service_fn(async |_: Request<String>| Ok::<_, std::io::Error>(Response::new("Know thyself.".to_owned())));
/// let client = ServiceBuilder::new().layer(RedClientLayer::register(&registry)?).service(client);
/// let response = client.oneshot(Request::get("https://example.org/quotes/1").body(String::new())?).await?;
/// response.into_body().collect().await?;
///
/// let labels = [
///     ("http_request_method", "GET"),
///     ("server_address", "example.org"),
///     ("server_port", "443"),
///     ("http_response_status_code", "200"),
///     ("url_scheme", "https"),
/// ];
/// let requests = registry.snapshot();
/// assert_eq!(requests.histogram("http_client_request_duration_seconds", &labels).unwrap().count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # What is recorded
///
/// The histogram `http_client_request_duration_seconds`, of OpenTelemetry's HTTP conventions in Prometheus' spelling.
///
/// - **`http_request_method`** is `_OTHER` for a method that is not known.
/// - **`server_address`** and **`server_port`** are those of the request's target, or of its `Host`. Each server is a series: see
///   [`max_series`](RedClientLayerBuilder::max_series).
/// - **`http_response_status_code`** is left out when there was no response.
/// - **`error_type`** is left out when all went well. Otherwise it is the status, from 400 on; `service_error` when the client gave an error
///   instead of a response; `body_error` when the response's body failed; `panic`; or `cancelled` when the response was dropped before its end.
/// - **`url_scheme`** is `https` or `http`.
///
/// A request ends when the response's body ends, fails or is dropped.
#[derive(Debug, Clone)]
pub struct RedClientLayer {
    /// Nothing if they could not be registered.
    pub(super) metrics: Option<Shared<ClientMetrics>>,
}

impl RedClientLayer {
    /// A layer that records into [`Registry::global`].
    ///
    /// Should the name of its metric be taken there by another, it records nothing and counts that in
    /// `instrument_registration_errors_total`. Use [`register`](Self::register) to see the error.
    #[must_use]
    pub fn new() -> Self {
        Self::register(Registry::global()).unwrap_or_else(|_| {
            count_failure(Registry::global(), DURATION);
            Self { metrics: None }
        })
    }

    /// Says more of what to record: buckets, a prefix, and how many series.
    ///
    /// ```
    /// use instrument_core::Registry;
    /// use instrument_http::tower::RedClientLayer;
    ///
    /// let layer = RedClientLayer::builder().max_series(100).register(&Registry::new())?;
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn builder() -> RedClientLayerBuilder {
        RedClientLayerBuilder::new()
    }

    /// A layer that records into a registry.
    ///
    /// # Errors
    ///
    /// When another metric of the registry has the name, see [`Error`].
    pub fn register(registry: &Registry) -> Result<Self, Error> {
        Self::builder().register(registry)
    }
}

impl Default for RedClientLayer {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> Layer<S> for RedClientLayer {
    type Service = RedClientService<S>;

    fn layer(&self, inner: S) -> RedClientService<S> {
        RedClientService { inner, metrics: self.metrics.clone() }
    }
}
