use bytes::Bytes;
use http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Response, StatusCode};

use super::MetricsBody;
use crate::scrape::{Failed, Page};

const ALLOWED: (HeaderName, HeaderValue) = (ALLOW, HeaderValue::from_static("GET, HEAD"));
const PLAIN: &str = "text/plain; charset=utf-8";

/// The metrics.
pub(super) fn page(page: Page) -> Response<MetricsBody> {
    answer(StatusCode::OK, page.content_type, page.text)
}

/// What is served is somewhere else.
pub(crate) fn not_found(metrics_path: &str) -> Response<MetricsBody> {
    sentence(StatusCode::NOT_FOUND, format!("there is nothing here: the metrics are at {metrics_path}\n"))
}

pub(super) fn method_not_allowed() -> Response<MetricsBody> {
    let mut response =
        sentence(StatusCode::METHOD_NOT_ALLOWED, "metrics are only read: use GET or HEAD\n".to_owned());
    response.headers_mut().extend([ALLOWED]);
    response
}

pub(super) fn unavailable(_: Failed) -> Response<MetricsBody> {
    let why = "the page could not be written: the service is stopping, or has panicked over it\n";
    sentence(StatusCode::SERVICE_UNAVAILABLE, why.to_owned())
}

fn sentence(status: StatusCode, text: String) -> Response<MetricsBody> {
    answer(status, PLAIN, text.into())
}

fn answer(status: StatusCode, content_type: &'static str, text: Bytes) -> Response<MetricsBody> {
    let len = text.len();
    let mut response = Response::new(MetricsBody::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CONTENT_LENGTH, len.into());
    response
}
