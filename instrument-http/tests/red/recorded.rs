//! What was recorded, by the metric's name and some labels.

use std::convert::Infallible;

use axum::body::{Body, to_bytes};
use http::{Request, Response};
use instrument_core::{Registry, Value};
use tower::{Service, ServiceExt};

pub(crate) const DURATION: &str = "http_server_request_duration_seconds";
pub(crate) const REQUEST_SIZE: &str = "http_server_request_body_size_bytes";
pub(crate) const RESPONSE_SIZE: &str = "http_server_response_body_size_bytes";

/// Labels of a series.
pub(crate) type Labels<'a> = &'a [(&'a str, &'a str)];

/// How many values the histograms with these labels have, whatever their others are, and their sum.
pub(crate) fn histogram(registry: &Registry, name: &str, labels: Labels<'_>) -> (u64, f64) {
    let snapshot = registry.snapshot();
    let Some(family) = snapshot.family(name) else { return (0, 0.0) };
    let values = family.series().iter().filter_map(|series| match series.value() {
        Value::Histogram(histogram) if has(series.labels(), labels) => Some(histogram),
        _ => None,
    });
    values.fold((0, 0.0), |(count, sum), histogram| (count + histogram.count(), sum + histogram.sum()))
}

pub(crate) fn count(registry: &Registry, name: &str, labels: Labels<'_>) -> u64 {
    histogram(registry, name, labels).0
}

/// The labels of the series of a metric.
pub(crate) fn series(registry: &Registry, name: &str) -> Vec<Vec<(String, String)>> {
    let snapshot = registry.snapshot();
    let Some(family) = snapshot.family(name) else { return Vec::new() };
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    family.series().iter().map(|series| series.labels().map(owned).collect()).collect()
}

/// How many requests are active, in each series.
pub(crate) fn active(registry: &Registry) -> Vec<i64> {
    let snapshot = registry.snapshot();
    let Some(family) = snapshot.family("http_server_active_requests") else { return Vec::new() };
    let numbers = family.series().iter().map(|series| match series.value() {
        Value::UpDownCounter(number) => *number,
        other => panic!("not an up-down counter: {other:?}"),
    });
    numbers.collect()
}

/// Sends a request and reads the response to its end.
pub(crate) async fn ask<S>(service: S, request: Request<Body>) -> String
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
{
    let Ok(response) = service.oneshot(request).await;
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    String::from_utf8(bytes.into()).unwrap()
}

pub(crate) fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

fn has<'a>(own: impl Iterator<Item = (&'a str, &'a str)>, labels: Labels<'_>) -> bool {
    let own: Vec<_> = own.collect();
    labels.iter().all(|label| own.contains(label))
}
