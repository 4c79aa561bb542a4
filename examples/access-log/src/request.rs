//! What a line of the log says of a request.

use std::time::Duration;

/// The methods of RFC 9110 and RFC 5789. What a client makes up besides is [`OTHER_METHOD`], so that it cannot make series.
const METHODS: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

const OTHER_METHOD: &str = "_OTHER";

/// One request, as it was logged.
#[derive(Debug, PartialEq)]
pub(crate) struct Request<'l> {
    /// One that is known, or `_OTHER`.
    pub(crate) method: &'static str,
    /// Without the query; empty if the request was none that the server understood.
    pub(crate) path: &'l str,
    pub(crate) status: u16,
    pub(crate) duration: Option<Duration>,
}

/// The method and the target of a request line, such as `GET /quotes?lang=fr HTTP/1.1`. What is no request line, as when a client speaks TLS to a plain
/// port, has neither.
pub(crate) fn request_line(line: &str) -> (&str, &str) {
    let (method, rest) = line.split_once(' ').unwrap_or_default();
    (method, rest.split_once(' ').map_or(rest, |(target, _version)| target))
}

pub(crate) fn method(text: &str) -> &'static str {
    METHODS.iter().find(|known| **known == text).copied().unwrap_or(OTHER_METHOD)
}

/// The path of a target. One that names a host as well, which is how proxies are asked, is cut down to it.
pub(crate) fn path(target: &str) -> &str {
    let target = match target.split_once("://") {
        Some((scheme, rest)) if !scheme.contains('/') => rest.find('/').map_or("/", |slash| &rest[slash..]),
        _ => target,
    };
    target.split_once('?').map_or(target, |(path, _query)| path)
}

/// Three digits, of which HTTP names no more than the first five hundred; servers may send others. nginx writes `000` where it sent none.
pub(crate) fn status(text: &str) -> Option<u16> {
    text.parse().ok().filter(|status| text.len() == 3 && (100..=999).contains(status))
}

/// Seconds with a fraction. Where nothing was measured nginx writes `-`.
pub(crate) fn duration(text: &str) -> Option<Duration> {
    Duration::try_from_secs_f64(text.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_line_has_a_method_and_a_target() {
        assert_eq!(request_line("GET /quotes?lang=fr HTTP/1.1"), ("GET", "/quotes?lang=fr"));
        assert_eq!(request_line("GET /"), ("GET", "/"));
        assert_eq!(request_line(r"\x16\x03\x01\x02"), ("", ""));
        assert_eq!(request_line("-"), ("", ""));
    }

    #[test]
    fn a_path_has_neither_a_host_nor_a_query() {
        assert_eq!(path("/quotes?url=http://a.example/b"), "/quotes");
        assert_eq!(path("http://a.example/quotes?lang=fr"), "/quotes");
        assert_eq!(path("http://a.example"), "/");
        assert_eq!(path("*"), "*");
    }

    #[test]
    fn methods_and_statuses_are_bounded() {
        assert_eq!((method("PATCH"), method("BREW"), method("get")), ("PATCH", "_OTHER", "_OTHER"));
        assert_eq!(
            (status("499"), status("999"), status("000"), status("2000"), status("0200"), status("-")),
            (Some(499), Some(999), None, None, None, None)
        );
    }

    #[test]
    fn a_duration_is_in_seconds_or_unknown() {
        assert_eq!(duration("0.003"), Some(Duration::from_millis(3)));
        assert_eq!(
            (duration("-"), duration("-1"), duration("nan"), duration("1e300")),
            (None, None, None, None)
        );
    }
}
