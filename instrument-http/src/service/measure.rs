use http::{Response, StatusCode};
use http_body::Body;
use instrument_core::{Counter, RedSpan};
use tokio::time::Instant;

use super::MetricsBody;

/// How a scrape ends that took longer than the scraper waits.
pub(crate) const TIMEOUT: &str = "timeout";

/// One scrape, from its request until the last of its page was handed over. When it is dropped before, nobody waited for it.
#[derive(Debug)]
pub(crate) struct Measure {
    /// Until the end.
    span: Option<RedSpan>,
    sent_bytes: Counter,
    /// When nobody waits any more, if that is known.
    pub(super) due: Option<Instant>,
}

impl Measure {
    pub(crate) fn new(span: RedSpan, sent_bytes: Counter, due: Option<Instant>) -> Self {
        Self { span: Some(span), sent_bytes, due }
    }

    /// Goes on with the body of an answer that has one to send, and ends otherwise.
    pub(crate) fn over(self, mut response: Response<MetricsBody>, is_head: bool) -> Response<MetricsBody> {
        let is_ok = response.status() == StatusCode::OK;
        if !is_ok || is_head || response.body().is_end_stream() {
            self.end(is_ok);
        } else {
            response.body_mut().measure = Some(self);
        }
        response
    }

    pub(super) fn sent(&self, bytes: usize) {
        self.sent_bytes.inc_by(bytes as u64);
    }

    pub(super) fn end(mut self, is_ok: bool) {
        let is_late = self.is_late();
        match self.span.take() {
            Some(span) if is_ok => span.ok(),
            Some(span) if is_late => span.end(TIMEOUT),
            Some(span) => span.error(),
            None => {}
        }
    }

    fn is_late(&self) -> bool {
        self.due.is_some_and(|due| due <= Instant::now())
    }
}

impl Drop for Measure {
    fn drop(&mut self) {
        if self.is_late()
            && let Some(span) = self.span.take()
        {
            span.end(TIMEOUT);
        }
    }
}
