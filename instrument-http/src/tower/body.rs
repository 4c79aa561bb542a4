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
    }
}

impl<B: Body, R: Follow> RedBody<B, R> {
    pub(super) fn wrap(response: Response<B>, mut exchange: Option<Exchange<R>>) -> Response<Self> {
        let (head, inner) = response.into_parts();
        if let Some(started) = &mut exchange {
            let length = content_length(&head.headers).or_else(|| inner.size_hint().exact());
            started.answer(head.status, length);
            started.record().head(&head);
            if inner.is_end_stream() || started.has_no_body() || is_over(started) {
                end(&mut exchange, End::Complete);
            }
        }
        Response::from_parts(head, Self { inner, exchange })
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
                if is_last(this.exchange, frame) || this.inner.is_end_stream() {
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
fn is_last<R: Follow, D: Buf>(exchange: &mut Option<Exchange<R>>, frame: &Frame<D>) -> bool {
    let Some(exchange) = exchange else { return false };
    if let Some(trailers) = frame.trailers_ref() {
        exchange.record().trailers(trailers);
        return true;
    }
    exchange.sent(frame.data_ref().map_or(0, |data| data.remaining() as u64));
    is_over(exchange)
}

fn is_over<R: Follow>(exchange: &mut Exchange<R>) -> bool {
    exchange.is_whole() && !exchange.record().awaits_trailers()
}

/// How long a body is by its head.
pub(super) fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
