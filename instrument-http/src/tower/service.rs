use std::task::{Context, Poll};

use http::{Request, Response, request, response};
use http_body::Body;
use instrument_core::__private::Shared;
use tower_service::Service;

use super::request_body::received;
use super::{RedBody, RedFuture};
use crate::red::{Served, Watch};

/// A service whose requests are recorded. Made by [`RedLayer`](super::RedLayer).
///
/// ```
/// use std::convert::Infallible;
///
/// use http::{Request, Response};
/// use instrument_http::tower::{RedLayer, RedService};
/// use tower::{Layer, service_fn};
///
/// let answer = service_fn(async |_: Request<()>| Ok::<_, Infallible>(Response::new(String::new())));
/// let recorded: RedService<_> = RedLayer::new().layer(answer);
/// ```
#[derive(Debug, Clone)]
pub struct RedService<S> {
    pub(super) inner: S,
    pub(super) watch: Option<Shared<Watch<request::Parts, response::Parts>>>,
    pub(super) is_https: Option<bool>,
}

impl<S, RequestBody, ResponseBody> Service<Request<RequestBody>> for RedService<S>
where
    S: Service<Request<RequestBody>, Response = Response<ResponseBody>>,
    RequestBody: 'static,
    ResponseBody: Body,
{
    type Response = Response<RedBody<ResponseBody>>;
    type Error = S::Error;
    type Future = RedFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        let Some(watch) = &self.watch else { return RedFuture::new(self.inner.call(request), None) };
        let (head, mut body) = request.into_parts();
        let mut exchange = Served::start(watch, &head, self.is_https, || None);
        if let Some(started) = &mut exchange {
            started.record().set_received(received(&head, &mut body));
        }
        let inner = self.inner.call(Request::from_parts(head, body));
        RedFuture::new(inner, exchange)
    }
}
