use std::convert::Infallible;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::Service;

use crate::service::{MetricsBody, MetricsFuture, forbidden, too_busy};

/// The one answer that a connection gets which is not served.
#[derive(Debug, Clone, Copy)]
pub(super) enum Refusal {
    /// Its network is not allowed.
    Forbidden,
    /// There are as many connections as there may be.
    Busy,
}

impl Service<Request<Incoming>> for Refusal {
    type Response = Response<MetricsBody>;
    type Error = Infallible;
    type Future = MetricsFuture;

    fn call(&self, _: Request<Incoming>) -> MetricsFuture {
        MetricsFuture::ready(match self {
            Self::Forbidden => forbidden(),
            Self::Busy => too_busy(),
        })
    }
}
