use std::net::Ipv6Addr;
use std::time::Duration;

use http::uri::{Authority, Scheme};
use http::{StatusCode, Uri, header, request, response};
use instrument_core::__private::{Shared, shared};
use instrument_core::{Error, Family, Histogram, Labels, Registry};

use crate::red::{Exchange, KnownMethods, MethodNumber, Record, Seen, Settings};
use crate::tower::head::Follow;

pub(super) const DURATION: &str = "http_client_request_duration_seconds";

/// The metrics of a client, as OpenTelemetry's HTTP conventions name them in Prometheus' spelling.
#[derive(Debug)]
pub struct ClientMetrics {
    durations: Family<ClientLabels<'static>, Histogram<Duration>>,
    methods: KnownMethods,
}

/// A label that is `None` has no value and is left out of the output.
#[derive(Labels)]
struct ClientLabels<'a> {
    http_request_method: &'a str,
    server_address: Option<&'a str>,
    server_port: Option<u16>,
    http_response_status_code: Option<&'a str>,
    error_type: Option<&'a str>,
    url_scheme: &'a str,
}

impl ClientMetrics {
    pub(super) fn register(registry: &Registry, settings: Settings) -> Result<Shared<Self>, Error> {
        let name = settings.name(DURATION);
        let durations = registry
            .histogram(&name, "Duration of HTTP requests to others, until the end of the response's body.")
            .buckets(settings.duration_buckets)
            .labels()
            .max_series(settings.max_series)
            .register()?;
        shared(Self { durations, methods: KnownMethods::given(settings.known_methods) }, &name)
    }
}

/// A request that a client sends.
#[derive(Debug)]
pub struct AskedRequest {
    metrics: Shared<ClientMetrics>,
    method: MethodNumber,
    is_https: bool,
    /// Shared with the request: it is not copied.
    server: Option<Authority>,
}

impl AskedRequest {
    pub(super) fn start(metrics: &Shared<ClientMetrics>, head: &request::Parts) -> Exchange<Self> {
        let method = head.method.as_str();
        let asked = Self {
            method: metrics.methods.number(method),
            is_https: head.uri.scheme() == Some(&Scheme::HTTPS),
            server: server_of(&head.uri).or_else(|| server_in_host(head)),
            metrics: metrics.clone(),
        };
        Exchange::start(method, asked)
    }
}

fn server_of(uri: &Uri) -> Option<Authority> {
    uri.authority().cloned()
}

/// The server of a target without one, which a client for one server may have.
fn server_in_host(head: &request::Parts) -> Option<Authority> {
    Authority::try_from(head.headers.get(header::HOST)?.as_bytes()).ok()
}

impl Record for AskedRequest {
    fn record(&mut self, seen: &Seen) {
        let (url_scheme, default_port) = if self.is_https { ("https", 443) } else { ("http", 80) };
        let is_error = |status: &StatusCode| status.is_client_error() || status.is_server_error();
        let server = self.server.as_ref();
        let labels = ClientLabels {
            http_request_method: self.metrics.methods.label(self.method),
            server_address: server.map(|server| without_brackets(server.host())),
            server_port: server.map(|server| server.port_u16().unwrap_or(default_port)),
            http_response_status_code: seen.status_code(),
            error_type: seen.error_type(is_error),
            url_scheme,
        };
        self.metrics.durations.observe(&labels, seen.duration);
    }
}

/// An address of IPv6 is in brackets in a target alone.
fn without_brackets(host: &str) -> &str {
    let address = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    address.filter(|address| address.parse::<Ipv6Addr>().is_ok()).unwrap_or(host)
}

impl Follow for AskedRequest {
    fn head(&mut self, _: &response::Parts) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_are_no_part_of_an_address() {
        for (host, address) in [("[::1]", "::1"), ("example.org", "example.org"), ("127.0.0.1", "127.0.0.1")]
        {
            assert_eq!(without_brackets(host), address);
        }
    }
}
