use std::convert::Infallible;
use std::pin::pin;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::time::timeout;

use super::Answers;
use crate::server::limits::{Limits, MAX_HEAD_BYTES, MAX_HEADERS, SHUTDOWN_LIMIT};
use crate::server::response_deadline::ResponseDeadline;
use crate::server::stop::Stopped;
use crate::server::transport::Stream;
use crate::server::under_way::UnderWay;

pub(super) async fn serve(stream: Stream, limits: Limits, endpoint: impl Answers, mut stopped: Stopped) {
    let under_way = UnderWay::default();
    let io = ResponseDeadline::new(TokioIo::new(stream), limits.response_timeout, under_way.clone());
    let service = service_fn(move |request| {
        let (answer, under_way) = (endpoint.call(request), under_way.clone());
        async move { Ok::<_, Infallible>(answer.await?.map(|body| under_way.begin().with(body))) }
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
