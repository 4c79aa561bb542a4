use std::sync::Arc;
use std::task::{Context, Poll};

use http::uri::Scheme;
use http::{Request, Response};
use http_body::Body;
use tower_service::Service;

use super::{RedBody, RedFuture};
use crate::red::{Exchange, RequestMetrics};

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
    pub(super) metrics: Option<Arc<RequestMetrics>>,
    pub(super) scheme: Option<Scheme>,
}

impl<S, RequestBody, ResponseBody> Service<Request<RequestBody>> for RedService<S>
where
    S: Service<Request<RequestBody>, Response = Response<ResponseBody>>,
    ResponseBody: Body,
{
    type Response = Response<RedBody<ResponseBody>>;
    type Error = S::Error;
    type Future = RedFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        let metrics = self.metrics.as_ref();
        let exchange = metrics.map(|metrics| Exchange::start(metrics, &request, self.scheme.as_ref()));
        let inner = self.inner.call(request);
        RedFuture::new(inner, exchange)
    }
}
