use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;

use super::RedBody;
use crate::red::{End, Exchange, watch};

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
    pub struct RedFuture<F> {
        #[pin]
        inner: F,
        exchange: Option<Exchange>,
    }
}

impl<F> RedFuture<F> {
    pub(super) fn new(inner: F, exchange: Option<Exchange>) -> Self {
        Self { inner, exchange }
    }
}

impl<F, B, E> Future for RedFuture<F>
where
    F: Future<Output = Result<Response<B>, E>>,
    B: Body,
{
    type Output = Result<Response<RedBody<B>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let result = ready!(watch(this.exchange, || this.inner.poll(cx)));
        let exchange = this.exchange.take();
        Poll::Ready(match result {
            Ok(response) => Ok(RedBody::wrap(response, exchange)),
            Err(error) => {
                if let Some(exchange) = exchange {
                    exchange.end(End::ServiceError);
                }
                Err(error)
            }
        })
    }
}
