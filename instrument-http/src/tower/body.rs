use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Buf;
use http::{HeaderMap, Response, header};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::head::{Follow, ServedRequest};
use crate::red::{End, Exchange, end, watch};

pin_project! {
    /// The body of a response whose request is recorded when the body has ended.
    ///
    /// ```
    /// use std::convert::Infallible;
    ///
    /// use http::{Request, Response};
    /// use http_body_util::BodyExt;
    /// use instrument_http::tower::{RedBody, RedLayer};
    /// use tower::{Layer, ServiceExt, service_fn};
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let answer = service_fn(async |_: Request<()>| Ok::<_, Infallible>(Response::new("Hello".to_owned())));
    /// let response = RedLayer::new().layer(answer).oneshot(Request::new(())).await?;
    /// let body: RedBody<String> = response.into_body();
    /// assert_eq!(body.collect().await?.to_bytes(), "Hello"); // only now is the request over
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[derive(Debug)]
    pub struct RedBody<B, R: Follow = ServedRequest> {
        #[pin]
        inner: B,
        // Taken out when the request has ended.
        exchange: Option<Exchange<R>>,
        // Bytes still to come, if their number is known. A server stops polling when it has them all.
        remaining: Option<u64>,
    }
}

impl<B: Body, R: Follow> RedBody<B, R> {
    pub(super) fn wrap(response: Response<B>, mut exchange: Option<Exchange<R>>) -> Response<Self> {
        let (head, inner) = response.into_parts();
        let mut remaining = None;
        if let Some(started) = &mut exchange {
            started.answer(head.status);
            started.record().head(&head);
            remaining = content_length(&head.headers).or_else(|| inner.size_hint().exact());
            if inner.is_end_stream()
                || started.has_no_body()
                || (remaining == Some(0) && !started.record().awaits_trailers())
            {
                end(&mut exchange, End::Complete);
            }
        }
        Response::from_parts(head, Self { inner, exchange, remaining })
    }
}

impl<B: Body, R: Follow> Body for RedBody<B, R> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let mut this = self.project();
        let frame = ready!(watch(this.exchange, || this.inner.as_mut().poll_frame(cx)));
        match &frame {
            Some(Ok(frame)) => {
                // Now and not later: who knows that this was the last frame does not ask for another.
                if is_last(this.exchange, this.remaining, frame) || this.inner.is_end_stream() {
                    end(this.exchange, End::Complete);
                }
            }
            Some(Err(_)) => end(this.exchange, End::BodyError),
            None => end(this.exchange, End::Complete),
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

/// Takes in a frame, and says whether no other is to come.
fn is_last<R: Follow, D: Buf>(
    exchange: &mut Option<Exchange<R>>,
    remaining: &mut Option<u64>,
    frame: &Frame<D>,
) -> bool {
    let Some(exchange) = exchange else { return false };
    if let Some(trailers) = frame.trailers_ref() {
        exchange.record().trailers(trailers);
        return true;
    }
    let bytes = frame.data_ref().map_or(0, |data| data.remaining() as u64);
    exchange.sent(bytes);
    *remaining = remaining.map(|remaining| remaining.saturating_sub(bytes));
    *remaining == Some(0) && !exchange.record().awaits_trailers()
}

/// How long a body is by its head.
pub(super) fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
