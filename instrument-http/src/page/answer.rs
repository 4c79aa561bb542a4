use http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, REFERRER_POLICY, VARY, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
};
use http::response::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};

use super::document::Document;
use crate::negotiate::ContentCoding;
use crate::service::MetricsBody;

/// What every answer with the page has.
const ALWAYS: [(HeaderName, HeaderValue); 5] = [
    (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
    // It may be kept, and is asked about each time: a new version of the service may have another.
    (CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (VARY, HeaderValue::from_static("Accept-Encoding")),
];

/// The page, or that it is still the one that the client has.
pub(super) fn page(document: &Document, request: &HeaderMap) -> Response<MetricsBody> {
    if is_known(&document.tag, request) {
        let mut response = with_status(document, StatusCode::NOT_MODIFIED, MetricsBody::default());
        response.headers_mut().remove(CONTENT_TYPE);
        return response;
    }
    whole(document, request)
}

/// The page as the body of an answer that wants credentials, which it can ask for. It is not to be kept.
pub(super) fn refusal(document: &Document, request: &HeaderMap, refused: &Parts) -> Response<MetricsBody> {
    let mut response = whole(document, request);
    *response.status_mut() = refused.status;
    let headers = response.headers_mut();
    headers.remove(ETAG);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.extend(
        refused
            .headers
            .get_all(WWW_AUTHENTICATE)
            .iter()
            .map(|challenge| (WWW_AUTHENTICATE, challenge.clone())),
    );
    response
}

fn whole(document: &Document, request: &HeaderMap) -> Response<MetricsBody> {
    let coding = ContentCoding::by(request);
    let (body, coding) = match document.coded(coding) {
        Some(body) => (body, coding.header()),
        None => (document.html.clone(), None),
    };
    let len = body.len();
    let mut response = with_status(document, StatusCode::OK, body.into());
    response.headers_mut().insert(CONTENT_LENGTH, len.into());
    if let Some(coding) = coding {
        response.headers_mut().insert(CONTENT_ENCODING, coding);
    }
    response
}

/// Whether a request is a browser's that wants to show what it gets.
pub(super) fn is_for_people(request: &HeaderMap) -> bool {
    let mut accepted = request.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted.any(|value| value.contains("text/html"))
}

/// RFC 9110, section 13.1.2.
fn is_known(tag: &HeaderValue, request: &HeaderMap) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let Ok(own) = tag.to_str().map(opaque) else { return false };
    let mut known = request.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    known.any(|value| value.split(',').map(opaque).any(|other| other == own || other == "*"))
}

fn with_status(document: &Document, status: StatusCode, body: MetricsBody) -> Response<MetricsBody> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().extend(ALWAYS);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, document.policy.clone());
    response.headers_mut().insert(ETAG, document.tag.clone());
    response
}
