use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use http::{Method, Request, Response};
use hyper::body::Incoming;
use hyper::service::Service;
use tokio::time::Instant;

use super::access::Credentials;
use super::page::Page;
use super::scrape_timeout;
use super::telemetry::{Reason, Telemetry};
use crate::service::{MetricsBody, MetricsFuture, not_found, unauthorized};
use crate::{BrokenPage, MetricsService};

/// What the server answers, and to what.
#[derive(Debug, Clone)]
pub(super) struct Endpoint {
    path: Arc<str>,
    credentials: Arc<Credentials>,
    metrics: MetricsService,
    page: Page,
    /// How long an answer may take to begin.
    response_timeout: Duration,
    telemetry: Telemetry,
}

impl Endpoint {
    pub(super) fn new(
        path: String,
        credentials: Credentials,
        metrics: MetricsService,
        page: Page,
        response_timeout: Duration,
        telemetry: Telemetry,
    ) -> Self {
        Self {
            path: path.into(),
            credentials: credentials.into(),
            metrics,
            page,
            response_timeout,
            telemetry,
        }
    }
}

impl Endpoint {
    fn measured(&self, request: Request<Incoming>) -> MetricsFuture {
        let is_head = match *request.method() {
            Method::HEAD => true,
            Method::GET => false,
            _ => return self.metrics.call(request),
        };
        let due = scrape_timeout::due(request.headers());
        let measure = self.telemetry.begin(due);
        let answer = self.metrics.call(request);
        let limit = Instant::now() + self.response_timeout;
        let answer = match due.filter(|due| *due < limit) {
            Some(due) => answer.by(due, BrokenPage::late),
            None => answer.by(limit, BrokenPage::not_begun),
        };
        answer.map(move |response| measure.over(response, is_head))
    }
}

impl Service<Request<Incoming>> for Endpoint {
    type Response = Response<MetricsBody>;
    type Error = Infallible;
    type Future = MetricsFuture;

    fn call(&self, request: Request<Incoming>) -> MetricsFuture {
        if !self.credentials.accept(request.headers()) {
            // Before the path is looked at, which is nobody else's business.
            self.telemetry.refuse(Reason::Credentials);
            let refusal = unauthorized(self.credentials.challenges());
            MetricsFuture::ready(self.page.asking_for_credentials(refusal, &request))
        } else if request.uri().path() == &*self.path {
            self.measured(request)
        } else {
            MetricsFuture::ready(self.page.answer(&request).unwrap_or_else(|| not_found(&self.path)))
        }
    }
}
