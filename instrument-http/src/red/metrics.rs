use std::any::Any;
use std::fmt::Debug;
use std::time::Duration;

use instrument_core::{Error, Family, Histogram, Labels, Registry};

use super::settings::Settings;

pub(crate) const DURATION: &str = "http_server_request_duration_seconds";
const REQUEST_SIZE: &str = "http_server_request_body_size_bytes";
const RESPONSE_SIZE: &str = "http_server_response_body_size_bytes";

/// The labels of a request that has ended. One that is `None` has no value and is left out of the output.
#[derive(Labels, Clone, Copy)]
pub(super) struct RequestLabels<'a> {
    pub(super) http_request_method: &'a str,
    pub(super) http_route: Option<&'a str>,
    pub(super) http_response_status_code: Option<&'a str>,
    pub(super) error_type: Option<&'a str>,
    pub(super) url_scheme: &'a str,
}

/// The label `url_scheme`.
pub(super) fn scheme(is_https: bool) -> &'static str {
    if is_https { "https" } else { "http" }
}

/// What was measured of a request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measured {
    pub(super) duration: Duration,
    /// Nothing if nobody could count them.
    pub(super) request_bytes: Option<u64>,
    pub(super) response_bytes: u64,
}

/// The labels that a service adds, whatever their type.
pub(super) type Extra = Box<dyn Any + Send + Sync>;

/// The histograms of a server, without the type of the labels that it adds: so the services and bodies that lead to them have no parameter
/// for it.
pub(super) trait Observe: Debug + Send + Sync {
    fn observe(&self, labels: RequestLabels<'_>, extra: &Extra, measured: Measured);
}

/// The histograms of a server, as OpenTelemetry's HTTP conventions name them in Prometheus' spelling.
#[derive(Debug)]
pub(super) struct Histograms<X: 'static> {
    durations: Family<AllLabels<'static, X>, Histogram<Duration>>,
    sizes: Option<Sizes<X>>,
}

#[derive(Debug)]
struct Sizes<X: 'static> {
    requests: Family<AllLabels<'static, X>, Histogram<u64>>,
    responses: Family<AllLabels<'static, X>, Histogram<u64>>,
}

#[derive(Labels)]
struct AllLabels<'a, X> {
    #[labels(flatten)]
    request: RequestLabels<'a>,
    #[labels(flatten)]
    extra: &'a X,
}

impl<X: Labels> Histograms<X> {
    pub(super) fn register(registry: &Registry, settings: &Settings) -> Result<Self, Error> {
        let durations = registry
            .histogram(
                &settings.name(DURATION),
                "Duration of HTTP requests, until the end of the response's body.",
            )
            .buckets(settings.duration_buckets.clone())
            .labels()
            .max_series(settings.max_series)
            .register()?;
        let sizes = |name, help| {
            registry
                .histogram(&settings.name(name), help)
                .unit("bytes")
                .buckets(settings.size_buckets.clone())
                .labels()
                .max_series(settings.max_series)
                .register()
        };
        let sizes = if settings.body_sizes {
            Some(Sizes {
                requests: sizes(REQUEST_SIZE, "Size of the bodies of HTTP requests, as far as it was read.")?,
                responses: sizes(
                    RESPONSE_SIZE,
                    "Size of the bodies of HTTP responses, as far as they were sent.",
                )?,
            })
        } else {
            None
        };
        Ok(Self { durations, sizes })
    }
}

impl<X: Labels + Debug + Send + Sync> Observe for Histograms<X> {
    fn observe(&self, request: RequestLabels<'_>, extra: &Extra, measured: Measured) {
        // It is what the builder's function for the labels has returned.
        let Some(extra) = extra.downcast_ref::<X>() else { return };
        let labels = AllLabels { request, extra };
        self.durations.observe(&labels, measured.duration);
        if let Some(sizes) = &self.sizes {
            if let Some(bytes) = measured.request_bytes {
                sizes.requests.observe(&labels, bytes);
            }
            sizes.responses.observe(&labels, measured.response_bytes);
        }
    }
}
