use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Buf;
use http::{HeaderMap, Response, header};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use crate::red::{End, Exchange, watch};

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
    pub struct RedBody<B> {
        #[pin]
        inner: B,
        // Taken out when the request has ended.
        exchange: Option<Exchange>,
        // Bytes still to come, if their number is known. A server stops polling when it has them all.
        remaining: Option<u64>,
    }
}

impl<B: Body> RedBody<B> {
    pub(super) fn wrap(response: Response<B>, mut exchange: Option<Exchange>) -> Response<Self> {
        if let Some(exchange) = &mut exchange {
            exchange.answer(&response);
        }
        let (head, inner) = response.into_parts();
        let remaining = content_length(&head.headers).or_else(|| inner.size_hint().exact());
        let ended = exchange.take_if(|exchange| remaining == Some(0) || exchange.has_no_body(&inner));
        end(ended, End::Complete);
        Response::from_parts(head, Self { inner, exchange, remaining })
    }
}

impl<B: Body> Body for RedBody<B> {
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
                if let (Some(remaining), Some(data)) = (this.remaining.as_mut(), frame.data_ref()) {
                    *remaining = remaining.saturating_sub(data.remaining() as u64);
                }
                // Now and not later: who knows that this was the last frame does not ask for another.
                if *this.remaining == Some(0) || frame.is_trailers() || this.inner.is_end_stream() {
                    end(this.exchange.take(), End::Complete);
                }
            }
            Some(Err(_)) => end(this.exchange.take(), End::BodyError),
            None => end(this.exchange.take(), End::Complete),
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

fn end(exchange: Option<Exchange>, end: End) {
    if let Some(exchange) = exchange {
        exchange.end(end);
    }
}

fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
