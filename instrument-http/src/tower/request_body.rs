//! How many bytes of a request's body the service reads.

use std::any::Any;

use http::{Version, header, request};

use super::body::content_length;
use crate::red::Received;

/// Has the bytes of a body counted as the service reads them, if the body is axum's: a body can only be wrapped where that leaves its type.
/// Any other is as long as its head says.
pub(super) fn received(head: &request::Parts, body: &mut dyn Any) -> Received {
    #[cfg(feature = "axum")]
    if let Some(received) = axum::count(body) {
        return received;
    }
    #[cfg(not(feature = "axum"))]
    let _ = body;
    match content_length(&head.headers) {
        Some(bytes) => Received::Known(bytes),
        // Source: RFC 9112, section 6.3: such a request has no body. In later versions it may have one.
        None if head.version <= Version::HTTP_11 && !head.headers.contains_key(header::TRANSFER_ENCODING) => {
            Received::Known(0)
        }
        None => Received::Unknown,
    }
}

#[cfg(feature = "axum")]
mod axum {
    use std::any::Any;
    use std::pin::Pin;
    use std::task::{Context, Poll, ready};

    use axum::body::{Body, Bytes};
    use http_body::{Body as _, Frame, SizeHint};

    use crate::red::{ByteCount, Received};

    /// Puts a body that counts in the place of one, unless that is empty.
    pub(super) fn count(body: &mut dyn Any) -> Option<Received> {
        let body = body.downcast_mut::<Body>()?;
        if body.is_end_stream() {
            return Some(Received::Known(0));
        }
        let count = ByteCount::default();
        let inner = std::mem::take(body);
        *body = Body::new(CountedBody { inner, count: count.clone() });
        Some(Received::Counted(count))
    }

    struct CountedBody {
        inner: Body,
        count: ByteCount,
    }

    impl http_body::Body for CountedBody {
        type Data = Bytes;
        type Error = axum::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
            let frame = ready!(Pin::new(&mut self.inner).poll_frame(cx));
            if let Some(Ok(frame)) = &frame {
                self.count.add(frame.data_ref().map_or(0, Bytes::len));
            }
            Poll::Ready(frame)
        }

        fn is_end_stream(&self) -> bool {
            self.inner.is_end_stream()
        }

        fn size_hint(&self) -> SizeHint {
            self.inner.size_hint()
        }
    }
}
