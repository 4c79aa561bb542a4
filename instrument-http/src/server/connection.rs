use std::convert::Infallible;
use std::pin::pin;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::time::timeout;

use super::limits::{Limits, MAX_HEAD_BYTES, MAX_HEADERS, SHUTDOWN_LIMIT};
use super::response_deadline::ResponseDeadline;
use super::stop::Stopped;
use super::transport::Stream;
use super::under_way::UnderWay;
use crate::service::{MetricsBody, MetricsFuture};

/// Serves a connection, as soon as it is open, until it is closed, or until its last answer when the server stops.
pub(super) async fn serve<O, S>(opening: O, limits: Limits, endpoint: S, mut stopped: Stopped)
where
    O: Future<Output = Option<Stream>>,
    S: Service<
            Request<Incoming>,
            Response = Response<MetricsBody>,
            Error = Infallible,
            Future = MetricsFuture,
        >,
{
    let Some(Some(stream)) = stopped.or(opening).await else { return };
    let under_way = UnderWay::default();
    let io = ResponseDeadline::new(TokioIo::new(stream), limits.response_timeout, under_way.clone());
    let service = service_fn(move |request| {
        let (answer, under_way) = (endpoint.call(request), under_way.clone());
        async move { Ok::<_, Infallible>(answer.await?.map(|body| under_way.count(body))) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new()) // without it the next line does nothing
        .header_read_timeout(limits.header_timeout)
        .max_buf_size(MAX_HEAD_BYTES)
        .max_headers(MAX_HEADERS)
        .serve_connection(io, service);
    let mut connection = pin!(connection);
    // An error is the client's, and the end of this connection only.
    if stopped.or(connection.as_mut()).await.is_none() {
        connection.as_mut().graceful_shutdown();
        let _ = timeout(SHUTDOWN_LIMIT, connection).await;
    }
}
