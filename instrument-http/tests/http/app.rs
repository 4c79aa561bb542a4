//! A service with the middleware around it, and what the middleware has recorded.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use instrument_core::{Registry, Value};
use instrument_http::tower::RedLayer;
use tokio::net::TcpListener;
use tower::Layer;

use crate::until;

pub(crate) struct App {
    pub(crate) address: SocketAddr,
    registry: Registry,
}

/// Labels of a series.
pub(crate) type Labels<'a> = &'a [(&'a str, &'a str)];

/// The requests of a series.
#[derive(Debug)]
pub(crate) struct Recorded {
    labels: Vec<(String, String)>,
    pub(crate) count: u64,
    pub(crate) seconds: f64,
}

impl Recorded {
    /// The labels, in the order of their names.
    pub(crate) fn labels(&self) -> impl Iterator<Item = (&str, &str)> {
        self.labels.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub(crate) fn has(&self, labels: Labels<'_>) -> bool {
        labels.iter().all(|label| self.labels().any(|own| own == *label))
    }
}

impl App {
    /// Serves a router, with the layer around all of it.
    pub(crate) async fn serve(router: Router) -> Self {
        Self::serve_with(|layer| router.layer(layer)).await
    }

    /// Serves a router that has the layer where `build` puts it.
    pub(crate) async fn serve_with(build: impl FnOnce(RedLayer) -> Router) -> Self {
        let registry = Registry::new();
        let router = build(RedLayer::register(&registry).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async { axum::serve(listener, router).await });
        Self::at(address, registry)
    }

    /// A service that is served already.
    pub(crate) fn at(address: SocketAddr, registry: Registry) -> Self {
        Self { address, registry }
    }

    /// Serves a service that is not a router, with the layer around it.
    pub(crate) async fn serve_service<S>(service: S) -> Self
    where
        S: tower::Service<Request, Response = Response, Error = std::convert::Infallible>,
        S: Clone + Send + Sync + 'static,
        S::Future: Send,
    {
        Self::serve_with(|layer| Router::new().fallback_service(layer.layer(service))).await
    }

    /// How many requests were recorded with these labels, whatever their others are.
    pub(crate) fn requests(&self, labels: Labels<'_>) -> u64 {
        self.recorded().iter().filter(|series| series.has(labels)).map(|series| series.count).sum()
    }

    /// All requests that were recorded.
    pub(crate) fn recorded(&self) -> Vec<Recorded> {
        let snapshot = self.registry.snapshot();
        let family = snapshot.family("http_server_request_duration_seconds").unwrap();
        let series = family.series().iter().map(|series| {
            let labels = series.labels().map(|(name, value)| (name.to_owned(), value.to_owned()));
            let Value::Histogram(durations) = series.value() else { panic!("not a histogram: {series:?}") };
            Recorded { labels: labels.collect(), count: durations.count(), seconds: durations.sum() }
        });
        series.collect()
    }

    /// How many values a histogram has, and their sum.
    pub(crate) fn histogram(&self, name: &str) -> (u64, f64) {
        let snapshot = self.registry.snapshot();
        let series = snapshot.family(name).unwrap().series();
        series.iter().fold((0, 0.0), |(count, sum), series| match series.value() {
            Value::Histogram(values) => (count + values.count(), sum + values.sum()),
            other => panic!("not a histogram: {other:?}"),
        })
    }

    /// How many requests are active.
    pub(crate) fn active(&self) -> i64 {
        let snapshot = self.registry.snapshot();
        let family = snapshot.family("http_server_active_requests").unwrap();
        let numbers = family.series().iter().map(|series| match series.value() {
            Value::UpDownCounter(number) => *number,
            other => panic!("not an up-down counter: {other:?}"),
        });
        numbers.sum()
    }

    /// Waits for one request to be recorded with exactly these labels, and for none to be active.
    pub(crate) async fn recorded_once(&self, labels: Labels<'_>) {
        until("the request has ended", || self.requests(&[]) == 1 && self.active() == 0).await;
        let mut expected: Vec<(&str, &str)> =
            labels.iter().copied().chain([("url_scheme", "http")]).collect();
        expected.sort_unstable();
        let recorded = self.recorded();
        let recorded: Vec<(&str, &str)> = recorded.iter().flat_map(Recorded::labels).collect();
        assert_eq!(recorded, expected);
    }
}
