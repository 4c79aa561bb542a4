//! One connection, from its first byte to its last.

mod http1;
#[cfg(feature = "http2")]
mod http2;

use std::convert::Infallible;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::Service;

use super::limits::Limits;
use super::stop::{Stopped, unless};
use super::transport::Stream;
use super::under_way::UnderWay;
use super::version::Version;
use crate::service::{MetricsBody, MetricsFuture};

/// What answers the requests of a connection.
pub(super) trait Answers:
    Service<Request<Incoming>, Response = Response<MetricsBody>, Error = Infallible, Future = MetricsFuture>
    + Send
{
}

impl<S> Answers for S where
    S: Service<
            Request<Incoming>,
            Response = Response<MetricsBody>,
            Error = Infallible,
            Future = MetricsFuture,
        > + Send
{
}

/// Serves a connection, as soon as it is open, until it is closed or gives way, or until its last answer when the server stops.
pub(super) async fn serve(
    opening: impl Future<Output = Option<(Stream, Version)>>,
    limits: Limits,
    endpoint: impl Answers,
    under_way: &UnderWay,
    mut stopped: Stopped,
) {
    let opened = unless(under_way.gives_way(), stopped.or(opening)).await.flatten().flatten();
    let under_way = under_way.clone();
    match opened {
        Some((stream, Version::Http1)) => {
            http1::serve(stream, limits, endpoint, under_way, stopped).await;
        }
        #[cfg(feature = "http2")]
        Some((stream, Version::Http2)) => {
            http2::serve(stream, limits, endpoint, under_way, stopped).await;
        }
        None => {}
    }
}
