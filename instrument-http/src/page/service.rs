use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use http::{HeaderMap, Method, Request, Response};

use super::answer;
use super::document::Document;
use crate::MetricsBody;
use crate::service::method_not_allowed;

/// Answers each request with the live page: rate, errors and duration of every route and function, utilization, saturation and errors of every resource, and a
/// search over all series. A tower service and a hyper service, to mount in a server of your own; [`MetricsServer`](crate::MetricsServer) has it by itself.
///
/// It is one document of less than 60 KiB that needs nothing from elsewhere. The browser reads the metrics from the address that it is told, every two seconds while
/// somebody looks, and computes what it shows. So it is as open as the metrics are: it has none in it, and whoever may not read them there sees none here. If they
/// need a bearer token, it asks for one.
///
/// `GET` and `HEAD` are answered, other methods with 405. The document is put together at the first request.
///
/// ```
/// use axum::Router;
/// use instrument_core::Registry;
/// use instrument_http::{LivePage, MetricsService};
///
/// let app: Router = Router::new()
///     .route_service("/internal/", LivePage::new("metrics"))
///     .route_service("/internal/metrics", MetricsService::new(Registry::global().clone()));
/// ```
///
/// A clone has the same document.
#[derive(Debug, Clone)]
pub struct LivePage {
    metrics: Arc<str>,
    document: Arc<OnceLock<Document>>,
}

impl LivePage {
    /// A page for metrics at an address on the same server, as a link on the page would name it: relative to the page, or from the root.
    #[must_use]
    pub fn new(metrics: impl Into<String>) -> Self {
        Self { metrics: metrics.into().into(), document: Arc::default() }
    }

    pub(crate) fn respond(&self, method: &Method, headers: &HeaderMap) -> Response<MetricsBody> {
        if method != Method::GET && method != Method::HEAD {
            return method_not_allowed();
        }
        answer::page(self.document(), headers)
    }

    fn document(&self) -> &Document {
        self.document.get_or_init(|| Document::new(&self.metrics))
    }

    /// Makes the page what a browser shows of an answer that wants credentials: it can ask for them.
    pub(crate) fn shown_for<B>(
        &self,
        refusal: Response<MetricsBody>,
        request: &Request<B>,
    ) -> Response<MetricsBody> {
        if !answer::is_for_people(request.headers()) {
            return refusal;
        }
        let (refused, _) = refusal.into_parts();
        answer::refusal(self.document(), request.headers(), &refused)
    }
}

impl<B> tower_service::Service<Request<B>> for LivePage {
    type Response = Response<MetricsBody>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        ready(Ok(self.respond(request.method(), request.headers())))
    }
}

impl<B> hyper::service::Service<Request<B>> for LivePage {
    type Response = Response<MetricsBody>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn call(&self, request: Request<B>) -> Self::Future {
        ready(Ok(self.respond(request.method(), request.headers())))
    }
}
