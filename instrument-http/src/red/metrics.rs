use std::sync::Arc;
use std::time::Duration;

use http::uri::Scheme;
use instrument_core::{Buckets, Error, Family, Histogram, Labels, Registry, UpDownCounter};

/// The metrics of a server, as OpenTelemetry's HTTP conventions name them in Prometheus' spelling.
#[derive(Debug)]
pub(crate) struct RequestMetrics {
    pub(super) durations: Family<DurationLabels<'static>, Histogram<Duration>>,
    pub(super) active: Family<ActiveLabels<'static>, UpDownCounter>,
}

/// A label that is `None` has no value and is left out of the output.
#[derive(Labels)]
pub(super) struct DurationLabels<'a> {
    pub(super) http_request_method: &'a str,
    pub(super) http_route: Option<&'a str>,
    pub(super) http_response_status_code: Option<&'a str>,
    pub(super) error_type: Option<&'a str>,
    pub(super) url_scheme: &'a str,
}

#[derive(Labels)]
pub(super) struct ActiveLabels<'a> {
    pub(super) http_request_method: &'a str,
    pub(super) url_scheme: &'a str,
}

const DURATION: &str = "http_server_request_duration_seconds";
const ACTIVE: &str = "http_server_active_requests";

impl RequestMetrics {
    pub(crate) fn register(registry: &Registry) -> Result<Arc<Self>, Error> {
        let durations = registry
            .histogram(DURATION, "Duration of HTTP requests, until the end of the response's body.")
            .buckets(Buckets::latency())
            .labels()
            .register()?;
        let active = registry
            .up_down_counter(ACTIVE, "HTTP requests whose response has not ended yet.")
            .labels()
            .register()?;
        Ok(Arc::new(Self { durations, active }))
    }

    /// Counts that the metrics could not be registered, for those who have nobody to tell. It is the counter of functions in the same
    /// plight.
    pub(crate) fn count_failure(registry: &Registry) {
        instrument_core::__private::count_registration_error(registry, DURATION, "", "");
    }
}

/// The scheme as a label. Clients can write any scheme into a request's target, so it is one of two.
pub(super) fn scheme_label(scheme: Option<&Scheme>) -> &'static str {
    if scheme == Some(&Scheme::HTTPS) { "https" } else { "http" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_metrics_keep_the_rules_of_names() {
        let registry = Registry::new();
        RequestMetrics::register(&registry).unwrap();
        RequestMetrics::count_failure(&registry);
        registry.catalogue().lint().assert_clean();
    }
}
