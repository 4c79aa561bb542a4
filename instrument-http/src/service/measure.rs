use http::{Response, StatusCode};
use http_body::Body;
use instrument_core::{Counter, RedSpan};

use super::MetricsBody;

/// One scrape, from its request until the last of its page was handed over. When it is dropped before, nobody waited for it.
#[derive(Debug)]
pub(crate) struct Measure {
    span: RedSpan,
    sent_bytes: Counter,
}

impl Measure {
    pub(crate) fn new(span: RedSpan, sent_bytes: Counter) -> Self {
        Self { span, sent_bytes }
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

    pub(super) fn end(self, is_ok: bool) {
        if is_ok {
            self.span.ok();
        } else {
            self.span.error();
        }
    }
}
