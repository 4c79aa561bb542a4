use std::convert::Infallible;
use std::pin::pin;

use http::header::CONNECTION;
use http::{HeaderValue, Request};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::time::timeout;

use super::Answers;
use crate::server::limits::{Limits, MAX_HEAD_BYTES, MAX_HEADERS, SHUTDOWN_LIMIT};
use crate::server::response_deadline::ResponseDeadline;
use crate::server::stop::{Stopped, unless};
use crate::server::transport::Stream;
use crate::server::under_way::UnderWay;

pub(super) async fn serve(
    stream: Stream,
    limits: Limits,
    endpoint: impl Answers,
    under_way: UnderWay,
    mut stopped: Stopped,
) {
    let gives_way = under_way.clone();
    let io = ResponseDeadline::new(TokioIo::new(stream), limits.response_timeout, under_way.clone());
    let service = service_fn(move |request: Request<Incoming>| {
        // Where a body ends, a proxy on the way may see in another place than hyper: nothing behind one is taken for a request.
        let is_last = !request.body().is_end_stream();
        let (asked, answer, under_way) = (under_way.ask(), endpoint.call(request), under_way.clone());
        async move {
            let mut answer = answer.await?.map(|body| under_way.begin().with(body));
            drop(asked);
            if is_last {
                answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            Ok::<_, Infallible>(answer)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new()) // without it the next line does nothing
        .header_read_timeout(limits.header_timeout)
        .max_buf_size(MAX_HEAD_BYTES)
        .max_headers(MAX_HEADERS)
        .serve_connection(io, service);
    let mut connection = pin!(connection);
    // An error is the client's, and the end of this connection only. Where it gives way, nothing is on its way.
    if stopped.or(unless(gives_way.gives_way(), connection.as_mut())).await.is_none() {
        connection.as_mut().graceful_shutdown();
        let _ = timeout(SHUTDOWN_LIMIT, connection).await;
    }
}
