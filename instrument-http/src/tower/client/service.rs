use std::task::{Context, Poll};

use http::{Request, Response};
use http_body::Body;
use instrument_core::__private::Shared;
use tower_service::Service;

use super::asked::{AskedRequest, ClientMetrics};
use crate::tower::{RedBody, RedFuture};

/// A client whose requests are recorded. Made by [`RedClientLayer`](super::RedClientLayer).
///
/// ```
/// use std::convert::Infallible;
///
/// use http::{Request, Response};
/// use instrument_http::tower::{RedClientLayer, RedClientService};
/// use tower::{Layer, service_fn};
///
/// let client = service_fn(async |_: Request<()>| Ok::<_, Infallible>(Response::new(String::new())));
/// let recorded: RedClientService<_> = RedClientLayer::new().layer(client);
/// ```
#[derive(Debug, Clone)]
pub struct RedClientService<S> {
    pub(super) inner: S,
    pub(super) metrics: Option<Shared<ClientMetrics>>,
}

impl<S, RequestBody, ResponseBody> Service<Request<RequestBody>> for RedClientService<S>
where
    S: Service<Request<RequestBody>, Response = Response<ResponseBody>>,
    ResponseBody: Body,
{
    type Response = Response<RedBody<ResponseBody, AskedRequest>>;
    type Error = S::Error;
    type Future = RedFuture<S::Future, AskedRequest>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        let (head, body) = request.into_parts();
        let exchange = self.metrics.as_ref().map(|metrics| AskedRequest::start(metrics, &head));
        RedFuture::new(self.inner.call(Request::from_parts(head, body)), exchange)
    }
}
