use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;

use super::RedBody;
use super::head::{Follow, ServedRequest};
use crate::red::{End, Exchange, end, watch};

pin_project! {
    /// The response of a [`RedService`](super::RedService), to be.
    ///
    /// ```
    /// use std::convert::Infallible;
    ///
    /// use http::{Request, Response};
    /// use instrument_http::tower::{RedFuture, RedLayer};
    /// use tower::{Layer, Service, service_fn};
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let answer = service_fn(async |_: Request<()>| Ok::<_, Infallible>(Response::new("Hello".to_owned())));
    /// let response: RedFuture<_> = RedLayer::new().layer(answer).call(Request::new(()));
    /// assert_eq!(response.await?.status(), 200);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[derive(Debug)]
    pub struct RedFuture<F, R: Follow = ServedRequest> {
        #[pin]
        inner: F,
        exchange: Option<Exchange<R>>,
    }
}

impl<F, R: Follow> RedFuture<F, R> {
    pub(super) fn new(inner: F, exchange: Option<Exchange<R>>) -> Self {
        Self { inner, exchange }
    }
}

impl<F, B, E, R> Future for RedFuture<F, R>
where
    F: Future<Output = Result<Response<B>, E>>,
    B: Body,
    R: Follow,
{
    type Output = Result<Response<RedBody<B, R>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let result = ready!(watch(this.exchange, || this.inner.poll(cx)));
        Poll::Ready(match result {
            Ok(response) => Ok(RedBody::wrap(response, this.exchange.take())),
            Err(error) => {
                end(this.exchange, End::ServiceError);
                Err(error)
            }
        })
    }
}
