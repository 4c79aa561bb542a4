use std::convert::Infallible;
use std::pin::pin;

use http::{Method, Request};
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::time::timeout;

use super::Answers;
use crate::server::limits::{FAREWELL_LIMIT, Limits, MAX_HEAD_BYTES, MAX_STREAMS, SHUTDOWN_LIMIT};
use crate::server::stop::{Stopped, unless};
use crate::server::transport::Stream;
use crate::server::under_way::UnderWay;
use crate::service::MetricsBody;

/// hyper has no limits of time here. So a connection is closed when it was idle for too long, and cut off when one answer or another was under way for
/// too long: a client that grants no window blocks no write that could be timed.
pub(super) async fn serve(
    stream: Stream,
    limits: Limits,
    endpoint: impl Answers,
    under_way: UnderWay,
    mut stopped: Stopped,
) {
    let counting = under_way.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        // What hyper does by itself in HTTP/1.1.
        let is_head = request.method() == Method::HEAD;
        let (answer, begun) = (endpoint.call(request), counting.begin());
        async move {
            let answer = answer.await?;
            Ok::<_, Infallible>(
                answer.map(|body| begun.with(if is_head { MetricsBody::default() } else { body })),
            )
        }
    });
    let connection = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .max_concurrent_streams(MAX_STREAMS)
        .max_header_list_size(MAX_HEAD_BYTES as u32)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let serving = unless(under_way.overdue(limits), connection.as_mut());
    let limit = match stopped.or(unless(under_way.gives_way(), serving)).await {
        Some(Some(Some(_))) => return,
        Some(Some(None)) if under_way.is_any() => return,
        Some(Some(None)) | None => SHUTDOWN_LIMIT,
        // What was answered may still wait for the client's leave.
        Some(None) => FAREWELL_LIMIT,
    };
    connection.as_mut().graceful_shutdown();
    let _ = timeout(limit, connection).await;
}
