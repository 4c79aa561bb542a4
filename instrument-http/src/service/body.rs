use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::Instant;

use super::measure::Measure;
use crate::BrokenPage;
use crate::scrape::{Rest, Scrape};

/// The body of an answer of a [`MetricsService`](crate::MetricsService).
///
/// A page of some size comes in chunks, each of which is written when the one before it is taken.
///
/// ```
/// use http_body_util::BodyExt;
/// use instrument_http::MetricsBody;
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let body = MetricsBody::from(bytes::Bytes::from("load 0.7\n"));
/// assert_eq!(body.collect().await?.to_bytes(), "load 0.7\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct MetricsBody {
    /// What can be sent at once.
    ready: Bytes,
    /// What brings more.
    rest: Option<Rest>,
    pub(super) measure: Option<Measure>,
}

impl From<Bytes> for MetricsBody {
    fn from(text: Bytes) -> Self {
        Self { ready: text, rest: None, measure: None }
    }
}

impl From<Scrape> for MetricsBody {
    fn from(Scrape { begin, rest }: Scrape) -> Self {
        Self { ready: begin, rest, measure: None }
    }
}

impl MetricsBody {
    /// When it is of no use any more, if that is known.
    pub(crate) fn due(&self) -> Option<Instant> {
        self.measure.as_ref()?.due
    }

    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, BrokenPage>>> {
        if !self.ready.is_empty() {
            return Poll::Ready(Some(Ok(std::mem::take(&mut self.ready))));
        }
        let Some(rest) = &mut self.rest else { return Poll::Ready(None) };
        let chunk = ready!(rest.poll_next(cx));
        if rest.is_at_end() {
            self.rest = None;
        }
        Poll::Ready(chunk)
    }
}

impl Body for MetricsBody {
    type Data = Bytes;
    type Error = BrokenPage;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenPage>>> {
        let chunk = ready!(self.poll_chunk(cx));
        if let (Some(measure), Some(Ok(bytes))) = (&self.measure, &chunk) {
            measure.sent(bytes.len());
        }
        if self.is_end_stream()
            && let Some(measure) = self.measure.take()
        {
            measure.end(!matches!(chunk, Some(Err(_))));
        }
        Poll::Ready(chunk.map(|chunk| chunk.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.ready.is_empty() && self.rest.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        let ready = self.ready.len() as u64;
        if self.rest.is_none() {
            return SizeHint::with_exact(ready);
        }
        let mut at_least = SizeHint::new();
        at_least.set_lower(ready);
        at_least
    }
}
