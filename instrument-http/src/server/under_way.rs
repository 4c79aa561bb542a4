use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::{BrokenPage, MetricsBody};

/// How many answers of a connection have a body that has not come to its end.
#[derive(Debug, Clone, Default)]
pub(super) struct UnderWay(Arc<AtomicUsize>);

impl UnderWay {
    /// The body, which counts until it is dropped.
    pub(super) fn count(&self, body: MetricsBody) -> CountedBody {
        self.0.fetch_add(1, Ordering::Relaxed);
        CountedBody { body, under_way: self.clone() }
    }

    pub(super) fn is_any(&self) -> bool {
        // Relaxed: a connection is served by one task.
        self.0.load(Ordering::Relaxed) > 0
    }
}

#[derive(Debug)]
pub(super) struct CountedBody {
    body: MetricsBody,
    under_way: UnderWay,
}

impl Drop for CountedBody {
    fn drop(&mut self) {
        self.under_way.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Body for CountedBody {
    type Data = Bytes;
    type Error = BrokenPage;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenPage>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
