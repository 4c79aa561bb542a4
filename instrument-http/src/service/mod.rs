//! The endpoint as a service, to mount in any server.

mod answer;
mod body;
mod measure;

#[cfg(feature = "page")]
pub(crate) use self::answer::method_not_allowed;
pub(crate) use self::answer::{forbidden, not_found, too_busy, unauthorized};
pub use self::body::MetricsBody;
pub(crate) use self::measure::{Measure, TIMEOUT};

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Method, Request, Response};
use instrument_core::Registry;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};

use crate::BrokenPage;
use crate::negotiate::Wanted;
use crate::scrape::{SharedPages, places, scrape};

/// Answers each request with the metrics of a registry: a tower service and a hyper service, to mount in a server of your own.
///
/// The path is left to the router that it is mounted in. `GET` and `HEAD` are answered, other methods with 405.
///
/// # Formats
///
/// `Accept` chooses between the text format 0.0.4 (and 1.0.0, where the names are between quotes), OpenMetrics 1.0.0 and protobuf, with their qualities and
/// the parameter `escaping`, and what accepts none of them gets text 0.0.4. `Accept-Encoding` chooses between gzip and zstd, with the features of these names, and no
/// compression.
///
/// # What it costs
///
/// A page is written chunk by chunk on tokio's threads for blocking work, so that no worker waits for it: the next chunk of 128 KiB is written while one is sent, and
/// no further one until that is taken. At most 32 pages are being begun at once, so that a collector that never returns does not take all of these threads: others wait.
///
/// A page of one chunk has a `Content-Length`. How long a client may take, and `X-Prometheus-Scrape-Timeout-Seconds`, is left to the server that it is mounted
/// in; a [`MetricsServer`](crate::MetricsServer) sees to both.
///
/// ```
/// use axum::{Router, routing::get};
/// use instrument_core::Registry;
/// use instrument_http::MetricsService;
///
/// let app: Router = Router::new()
///     .route("/", get(async || "Know thyself."))
///     .route_service("/metrics", MetricsService::new(Registry::global().clone()));
/// ```
///
/// A clone answers from the same registry.
#[derive(Debug, Clone)]
pub struct MetricsService {
    registry: Arc<Registry>,
    places: Arc<Semaphore>,
    shared: Option<Arc<SharedPages>>,
    created: bool,
}

impl MetricsService {
    /// A service that answers with the metrics of a registry.
    #[must_use]
    pub fn new(registry: Registry) -> Self {
        Self { registry: Arc::new(registry), places: places(), shared: None, created: false }
    }

    /// Shares a page between scrapes in the same format and compression, its clones' too, until it was begun so long ago; nothing is shared otherwise, as with an age of zero. So
    /// several Prometheus that scrape the same service see equal numbers, and the page is written once for all.
    ///
    /// It takes memory, which a page of one's own does not: a shared one is kept whole, as compressed, until another is asked for after that age, and until the slowest of its readers
    /// has ended. There can be one for each format and compression. One that is still being written is shared beyond that age, and broken off when nobody reads it any more.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use instrument_http::MetricsService;
    ///
    /// let metrics = MetricsService::default().max_age(Duration::from_secs(1));
    /// ```
    #[must_use]
    pub fn max_age(mut self, age: Duration) -> Self {
        self.shared = (!age.is_zero()).then(|| Arc::new(SharedPages::new(age)));
        self
    }

    /// Sets whether OpenMetrics has lines `_created`, which tell when counts began; `false` otherwise, as Prometheus up to 2.x stores them as series of their own. See
    /// [`OpenMetricsEncoder::created`](crate::OpenMetricsEncoder::created). Protobuf always tells it, and text never.
    ///
    /// ```
    /// use instrument_http::MetricsService;
    ///
    /// let metrics = MetricsService::default().created(true);
    /// ```
    #[must_use]
    pub fn created(mut self, is_shown: bool) -> Self {
        self.created = is_shown;
        self
    }

    /// The request's body is not looked at.
    fn respond<B>(&self, request: &Request<B>) -> MetricsFuture {
        let Self { registry, places, shared, created } = self.clone();
        let is_read = request.method() == Method::GET || request.method() == Method::HEAD;
        let mut wanted = Wanted::by(request.headers());
        wanted.format.created = created;
        MetricsFuture(Box::pin(async move {
            if !is_read {
                return answer::method_not_allowed();
            }
            let scrape = match shared {
                Some(shared) => shared.scrape(&registry, wanted, places).await,
                None => scrape(registry, wanted, places).await,
            };
            match scrape {
                Ok(scrape) => answer::page(scrape, wanted),
                Err(broken) => answer::unavailable(&broken),
            }
        }))
    }
}

/// The registry of the process.
impl Default for MetricsService {
    fn default() -> Self {
        Self::new(Registry::global().clone())
    }
}

impl<B> tower_service::Service<Request<B>> for MetricsService {
    type Response = Response<MetricsBody>;
    type Error = Infallible;
    type Future = MetricsFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> MetricsFuture {
        self.respond(&request)
    }
}

impl<B> hyper::service::Service<Request<B>> for MetricsService {
    type Response = Response<MetricsBody>;
    type Error = Infallible;
    type Future = MetricsFuture;

    fn call(&self, request: Request<B>) -> MetricsFuture {
        self.respond(&request)
    }
}

/// The answer of a [`MetricsService`], to be.
///
/// ```
/// use http::Request;
/// use instrument_core::Registry;
/// use instrument_http::{MetricsFuture, MetricsService};
/// use tower::Service;
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let mut metrics = MetricsService::new(Registry::new());
/// let answer: MetricsFuture = metrics.call(Request::get("/metrics").body(())?);
/// assert_eq!(answer.await?.status(), 200);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct MetricsFuture(Pin<Box<dyn Future<Output = Response<MetricsBody>> + Send>>);

impl MetricsFuture {
    pub(crate) fn ready(response: Response<MetricsBody>) -> Self {
        Self(Box::pin(std::future::ready(response)))
    }

    /// The answer if it is there in time, and otherwise why it is not.
    pub(crate) fn by(self, due: Instant, otherwise: fn() -> BrokenPage) -> Self {
        Self(Box::pin(async move {
            timeout_at(due, self.0).await.unwrap_or_else(|_| answer::unavailable(&otherwise()))
        }))
    }

    pub(crate) fn map(
        self,
        change: impl FnOnce(Response<MetricsBody>) -> Response<MetricsBody> + Send + 'static,
    ) -> Self {
        Self(Box::pin(async { change(self.0.await) }))
    }
}

impl Future for MetricsFuture {
    type Output = Result<Response<MetricsBody>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(cx).map(Ok)
    }
}

impl fmt::Debug for MetricsFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetricsFuture").finish_non_exhaustive()
    }
}
