use std::time::Duration;

use instrument_core::{Error, Family, Histogram, Labels, Registry};

use super::exchange::Seen;
use super::settings::Settings;

/// What stands for a method that is not known: the path of a call is what the client likes.
const OTHER: &str = "_OTHER";

/// The metrics of gRPC calls, as OpenTelemetry's RPC conventions name them in Prometheus' spelling.
#[derive(Debug)]
pub(super) struct RpcMetrics {
    durations: Family<CallLabels<'static>, Histogram<Duration>>,
    /// As `package.Service/Method`.
    methods: Vec<Box<str>>,
}

#[derive(Labels)]
struct CallLabels<'a> {
    rpc_system_name: &'a str,
    rpc_method: &'a str,
    rpc_response_status_code: Option<&'a str>,
    error_type: Option<&'a str>,
}

/// A call, as far as it is known.
#[derive(Debug)]
pub(super) struct Call {
    /// The place of its method among those that are known.
    method: Option<usize>,
    pub(super) status: Option<StatusName>,
}

impl RpcMetrics {
    pub(super) fn register(registry: &Registry, settings: &Settings) -> Result<Self, Error> {
        let name = settings.name("rpc_server_call_duration_seconds");
        let durations = registry
            .histogram(&name, "Duration of gRPC calls, until the end of the response.")
            .buckets(settings.duration_buckets.clone())
            .labels()
            .max_series(settings.max_series)
            .register()?;
        Ok(Self { durations, methods: settings.rpc_methods.clone() })
    }

    /// A call arrives at a path, which is a slash and the method.
    pub(super) fn start(&self, path: &str) -> Call {
        let method = path.strip_prefix('/');
        let method = method.and_then(|method| self.methods.iter().position(|known| **known == *method));
        Call { method, status: None }
    }

    /// Records a call that went to a route, if one is known.
    pub(super) fn record(&self, call: &Call, route: Option<&str>, seen: &Seen) {
        let known = call.method.and_then(|number| self.methods.get(number)).map(AsRef::as_ref);
        let status = call.status.map(StatusName::as_str);
        let error_type = match call.status {
            Some(status) => status.is_server_error().then_some(status.as_str()),
            // A response that is not gRPC's after all.
            None => seen.error_type(http::StatusCode::is_server_error).or(Some(OTHER)),
        };
        let labels = CallLabels {
            rpc_system_name: "grpc",
            rpc_method: known.or_else(|| route.and_then(method_of_route)).unwrap_or(OTHER),
            rpc_response_status_code: status,
            error_type,
        };
        self.durations.observe(&labels, seen.duration);
    }
}

/// The method, if a route is that of one method and not of a whole service.
fn method_of_route(route: &str) -> Option<&str> {
    let method = route.strip_prefix('/')?;
    let (service, name) = method.split_once('/')?;
    let is_exact = !service.is_empty() && !name.is_empty() && !method.contains(['{', '*', ':']);
    (is_exact && !name.contains('/')).then_some(method)
}

/// Whether a request with this `content-type` is a gRPC call. gRPC-Web is not: its trailers are within the body.
///
/// Source: gRPC over HTTP/2, section "Requests".
#[cfg(feature = "tower")]
pub(crate) fn is_grpc(content_type: &[u8]) -> bool {
    let rest = content_type.strip_prefix(b"application/grpc");
    rest.is_some_and(|rest| matches!(rest.first(), None | Some(b'+' | b';' | b' ')))
}

/// The name of a gRPC status.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StatusName(&'static str);

/// By their codes. Source: gRPC, "Status codes and their use in gRPC".
#[cfg(feature = "tower")]
const NAMES: [&str; 17] = [
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];

impl StatusName {
    /// The status that a header or trailer `grpc-status` gives. One that is not known reads as `UNKNOWN`.
    #[cfg(feature = "tower")]
    pub(crate) fn of(code: &[u8]) -> Self {
        let code = std::str::from_utf8(code).ok().and_then(|code| code.parse::<usize>().ok());
        Self(code.and_then(|code| NAMES.get(code)).copied().unwrap_or("UNKNOWN"))
    }

    fn as_str(self) -> &'static str {
        self.0
    }

    /// Source: OpenTelemetry semantic conventions for gRPC, the table of server spans.
    fn is_server_error(self) -> bool {
        matches!(
            self.0,
            "UNKNOWN" | "DEADLINE_EXCEEDED" | "UNIMPLEMENTED" | "INTERNAL" | "UNAVAILABLE" | "DATA_LOSS"
        )
    }
}

#[cfg(all(test, feature = "tower"))]
mod tests {
    use super::*;

    #[test]
    fn a_grpc_request_is_told_by_its_content_type() {
        for grpc in ["application/grpc", "application/grpc+proto", "application/grpc;charset=utf-8"] {
            assert!(is_grpc(grpc.as_bytes()), "{grpc}");
        }
        for other in ["application/grpc-web+proto", "application/json", ""] {
            assert!(!is_grpc(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn codes_have_names_and_others_are_unknown() {
        assert_eq!(StatusName::of(b"0"), StatusName("OK"));
        assert_eq!(StatusName::of(b"16"), StatusName("UNAUTHENTICATED"));
        for unknown in [&b"17"[..], b"-1", b"", b"\xff"] {
            assert_eq!(StatusName::of(unknown), StatusName("UNKNOWN"));
        }
    }

    #[test]
    fn a_route_of_a_whole_service_names_no_method() {
        assert_eq!(method_of_route("/quotes.Quotes/Get"), Some("quotes.Quotes/Get"));
        for other in ["/quotes.Quotes/{*rest}", "/quotes.Quotes", "/a/b/c", "/{service}/Get", ""] {
            assert_eq!(method_of_route(other), None, "{other}");
        }
    }
}
