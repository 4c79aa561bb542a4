use bytes::Bytes;
use http::header::{
    ALLOW, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, VARY, WWW_AUTHENTICATE,
};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use http_body::Body;

use super::MetricsBody;
use crate::BrokenPage;
use crate::negotiate::Wanted;
use crate::scrape::Scrape;

const ALLOWED: (HeaderName, HeaderValue) = (ALLOW, HeaderValue::from_static("GET, HEAD"));
/// For answers after which HTTP/1.1 goes no further.
const CLOSES: (HeaderName, HeaderValue) = (CONNECTION, HeaderValue::from_static("close"));
/// In seconds: soon enough for the next scrape.
const RETRIES: (HeaderName, HeaderValue) = (RETRY_AFTER, HeaderValue::from_static("5"));
/// What the page depends on beside its address, for caches.
const VARIES: (HeaderName, HeaderValue) = (VARY, HeaderValue::from_static("Accept, Accept-Encoding"));
const PLAIN: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

/// The metrics, or the beginning of them.
pub(super) fn page(scrape: Scrape, wanted: Wanted) -> Response<MetricsBody> {
    let mut response = answer(StatusCode::OK, wanted.format.content_type(), scrape.into());
    response.headers_mut().extend([VARIES]);
    if let Some(coding) = wanted.coding.header() {
        response.headers_mut().insert(CONTENT_ENCODING, coding);
    }
    response
}

/// What is served is somewhere else.
pub(crate) fn not_found(metrics_path: &str) -> Response<MetricsBody> {
    sentence(StatusCode::NOT_FOUND, format!("there is nothing here: the metrics are at {metrics_path}\n"))
}

pub(crate) fn method_not_allowed() -> Response<MetricsBody> {
    let mut response =
        sentence(StatusCode::METHOD_NOT_ALLOWED, "metrics are only read: use GET or HEAD\n".to_owned());
    response.headers_mut().extend([ALLOWED]);
    response
}

/// Credentials are wanted, of one of the kinds named.
pub(crate) fn unauthorized(challenges: impl Iterator<Item = HeaderValue>) -> Response<MetricsBody> {
    let mut response =
        sentence(StatusCode::UNAUTHORIZED, "these metrics are read with credentials only\n".to_owned());
    response.headers_mut().extend(challenges.map(|challenge| (WWW_AUTHENTICATE, challenge)));
    response
}

/// The network is not allowed.
pub(crate) fn forbidden() -> Response<MetricsBody> {
    let mut response = sentence(StatusCode::FORBIDDEN, "these metrics are not for your network\n".to_owned());
    response.headers_mut().extend([CLOSES]);
    response
}

/// There are too many connections.
pub(crate) fn too_busy() -> Response<MetricsBody> {
    let mut response =
        sentence(StatusCode::SERVICE_UNAVAILABLE, "too many read these metrics at once\n".to_owned());
    response.headers_mut().extend([CLOSES, RETRIES]);
    response
}

pub(super) fn unavailable(why: &BrokenPage) -> Response<MetricsBody> {
    let mut response = sentence(StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n"));
    response.headers_mut().extend([RETRIES]);
    response
}

fn sentence(status: StatusCode, text: String) -> Response<MetricsBody> {
    answer(status, PLAIN, Bytes::from(text).into())
}

fn answer(status: StatusCode, content_type: HeaderValue, body: MetricsBody) -> Response<MetricsBody> {
    let len = body.size_hint().exact();
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, content_type);
    if let Some(len) = len {
        headers.insert(CONTENT_LENGTH, len.into());
    }
    response
}
