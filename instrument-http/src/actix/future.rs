use std::pin::Pin;
use std::task::{Context, Poll, ready};

use actix_web::Error;
use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::ServiceResponse;
use pin_project_lite::pin_project;

use super::RedBody;
use super::head::{ActixExchange, status};
use crate::red::{End, end, watch};

pin_project! {
    /// The response of a [`RedService`](super::RedService), to be. Nobody has to name it.
    #[derive(Debug)]
    pub struct RedFuture<F> {
        #[pin]
        inner: F,
        exchange: Option<ActixExchange>,
    }
}

impl<F> RedFuture<F> {
    pub(super) fn new(inner: F, exchange: Option<ActixExchange>) -> Self {
        Self { inner, exchange }
    }
}

impl<F, B> Future for RedFuture<F>
where
    F: Future<Output = Result<ServiceResponse<B>, Error>>,
    B: MessageBody,
{
    type Output = Result<ServiceResponse<RedBody<B>>, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let result = ready!(watch(this.exchange, || this.inner.poll(cx)));
        Poll::Ready(match result {
            Ok(response) => Ok(RedBody::wrap(response, this.exchange.take())),
            Err(error) => {
                answered_by(&error, this.exchange);
                Err(error)
            }
        })
    }
}

/// Ends a request by the response that actix makes of an error, where nobody sees it any more.
fn answered_by(error: &Error, exchange: &mut Option<ActixExchange>) {
    if let Some(started) = exchange {
        // It has a body of the error's text, which the status alone does not tell.
        let response = error.error_response();
        let length = match response.body().size() {
            BodySize::Sized(length) => length,
            BodySize::None | BodySize::Stream => 0,
        };
        started.answer(status(response.status()), Some(length));
        if !started.has_no_body() {
            started.sent(length);
        }
    }
    end(exchange, End::Complete);
}
