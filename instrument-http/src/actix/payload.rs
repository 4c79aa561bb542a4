//! How many bytes of a request's body the app reads.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use actix_web::HttpMessage;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use bytes::Bytes;
use futures_core::Stream;

use crate::red::{ByteCount, Received};

/// Has the bytes of a request's body counted as they are read.
pub(super) fn received(request: &mut ServiceRequest) -> Received {
    let inner = request.take_payload();
    if matches!(inner, Payload::None) {
        return Received::Known(0);
    }
    let count = ByteCount::default();
    let payload = Box::pin(CountedPayload { inner, count: count.clone() });
    request.set_payload(Payload::Stream { payload });
    Received::Counted(count)
}

struct CountedPayload {
    inner: Payload,
    count: ByteCount,
}

impl Stream for CountedPayload {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let chunk = ready!(Pin::new(&mut self.inner).poll_next(cx));
        if let Some(Ok(bytes)) = &chunk {
            self.count.add(bytes.len());
        }
        Poll::Ready(chunk)
    }
}
