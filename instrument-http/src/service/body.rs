use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// The body of an answer of a [`MetricsService`](crate::MetricsService).
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
    /// What is still to be sent.
    rest: Bytes,
}

impl From<Bytes> for MetricsBody {
    fn from(text: Bytes) -> Self {
        Self { rest: text }
    }
}

impl Body for MetricsBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let rest = std::mem::take(&mut self.rest);
        Poll::Ready((!rest.is_empty()).then(|| Ok(Frame::data(rest))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}
