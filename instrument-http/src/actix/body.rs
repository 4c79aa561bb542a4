use std::pin::Pin;
use std::task::{Context, Poll, ready};

use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::ServiceResponse;
use bytes::Bytes;
use pin_project_lite::pin_project;

use super::head::{ActixExchange, status};
use crate::red::{End, Route, end, watch};

pin_project! {
    /// The body of a response whose request is recorded when the body has ended. It goes to the server, or to the middleware around this one.
    #[derive(Debug)]
    pub struct RedBody<B> {
        #[pin]
        inner: B,
        // Taken out when the request has ended.
        exchange: Option<ActixExchange>,
    }
}

impl<B: MessageBody> RedBody<B> {
    pub(super) fn wrap(
        response: ServiceResponse<B>,
        mut exchange: Option<ActixExchange>,
    ) -> ServiceResponse<Self> {
        if let Some(started) = &mut exchange {
            let size = response.response().body().size();
            let length = match size {
                BodySize::None => Some(0),
                BodySize::Sized(length) => Some(length),
                BodySize::Stream => None,
            };
            started.answer(status(response.status()), length);
            // What has been routed is found without a search, from actix-web 4.14 on; the rest by one.
            let route = response.request().match_pattern().map(Route::from);
            started.record().answer(response.response().head(), route);
            if started.has_no_body() || started.is_whole() {
                end(&mut exchange, End::Complete);
            }
        }
        response.map_body(|_, inner| Self { inner, exchange })
    }
}

impl<B: MessageBody> MessageBody for RedBody<B> {
    type Error = B::Error;

    fn size(&self) -> BodySize {
        self.inner.size()
    }

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, B::Error>>> {
        let this = self.project();
        let chunk = ready!(watch(this.exchange, || this.inner.poll_next(cx)));
        match &chunk {
            Some(Ok(bytes)) => {
                if let Some(started) = this.exchange {
                    started.sent(bytes.len() as u64);
                    // Now and not later: who has all bytes does not ask for more.
                    if started.is_whole() {
                        end(this.exchange, End::Complete);
                    }
                }
            }
            Some(Err(_)) => end(this.exchange, End::BodyError),
            None => end(this.exchange, End::Complete),
        }
        Poll::Ready(chunk)
    }
}
