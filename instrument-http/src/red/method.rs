use http::Method;

/// What stands for a method that is not known: anybody can make one up.
const OTHER: &str = "_OTHER";

/// The method as a label: one of those that RFC 9110, RFC 5789 and the QUERY draft name, or `_OTHER`. Case matters, as it does in HTTP.
///
/// Source: OpenTelemetry semantic conventions, attribute `http.request.method`.
pub(super) fn label(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        "CONNECT" => "CONNECT",
        "OPTIONS" => "OPTIONS",
        "TRACE" => "TRACE",
        "PATCH" => "PATCH",
        "QUERY" => "QUERY",
        _ => OTHER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_up_method_is_other() {
        for known in ["GET", "PATCH", "QUERY", "TRACE"] {
            assert_eq!(label(&known.parse().unwrap()), known);
        }
        for unknown in ["get", "GETS", "PROPFIND", "_OTHER"] {
            assert_eq!(label(&unknown.parse().unwrap()), OTHER);
        }
    }
}
