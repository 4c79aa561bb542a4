use std::convert::Infallible;
use std::sync::Arc;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::Service;

use super::access::Credentials;
use crate::MetricsService;
use crate::service::{MetricsBody, MetricsFuture, not_found, unauthorized};

/// What the server answers, and to what.
#[derive(Debug, Clone)]
pub(super) struct Endpoint {
    path: Arc<str>,
    credentials: Arc<Credentials>,
    metrics: MetricsService,
}

impl Endpoint {
    pub(super) fn new(path: String, credentials: Credentials, metrics: MetricsService) -> Self {
        Self { path: path.into(), credentials: credentials.into(), metrics }
    }
}

impl Service<Request<Incoming>> for Endpoint {
    type Response = Response<MetricsBody>;
    type Error = Infallible;
    type Future = MetricsFuture;

    fn call(&self, request: Request<Incoming>) -> MetricsFuture {
        if !self.credentials.accept(request.headers()) {
            // Before the path is looked at, which is nobody else's business.
            MetricsFuture::ready(unauthorized(self.credentials.challenges()))
        } else if request.uri().path() == &*self.path {
            self.metrics.call(request)
        } else {
            MetricsFuture::ready(not_found(&self.path))
        }
    }
}
