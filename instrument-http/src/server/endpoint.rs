use std::convert::Infallible;
use std::sync::Arc;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::Service;

use crate::MetricsService;
use crate::service::{MetricsBody, MetricsFuture, not_found};

/// What the server answers, and to what.
#[derive(Debug, Clone)]
pub(super) struct Endpoint {
    path: Arc<str>,
    metrics: MetricsService,
}

impl Endpoint {
    pub(super) fn new(path: String, metrics: MetricsService) -> Self {
        Self { path: path.into(), metrics }
    }
}

impl Service<Request<Incoming>> for Endpoint {
    type Response = Response<MetricsBody>;
    type Error = Infallible;
    type Future = MetricsFuture;

    fn call(&self, request: Request<Incoming>) -> MetricsFuture {
        if request.uri().path() == &*self.path {
            self.metrics.call(request)
        } else {
            MetricsFuture::ready(not_found(&self.path))
        }
    }
}
