use instrument_core::{Buckets, Error, Registry};

use super::RedClientLayer;
use super::asked::ClientMetrics;
use crate::red::Settings;

/// What a [`RedClientLayer`] records.
///
/// ```
/// use instrument_core::{Buckets, Registry};
/// use instrument_http::tower::RedClientLayer;
///
/// let registry = Registry::new();
/// let layer = RedClientLayer::builder()
///     .prefix("shop")
///     .buckets(Buckets::explicit([0.1, 0.3, 1.0]))
///     .max_series(1000)
///     .register(&registry)?;
/// assert!(registry.snapshot().family("shop_http_client_request_duration_seconds").is_some());
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "nothing is recorded before `register`"]
pub struct RedClientLayerBuilder {
    settings: Settings,
}

impl RedClientLayerBuilder {
    pub(super) fn new() -> Self {
        Self { settings: Settings::default() }
    }

    /// Puts a word and `_` before the name of the metric.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.settings.prefix = Some(prefix.into());
        self
    }

    /// Sets the buckets of durations, in seconds. They are [`Buckets::latency`] without it, those of OpenTelemetry.
    pub fn buckets(mut self, buckets: Buckets) -> Self {
        self.settings.duration_buckets = buckets;
        self
    }

    /// Sets how many series the metric has at most; 10,000 without it. Set it to less if the client goes wherever it is sent, as a crawler
    /// does: each server is a series.
    pub fn max_series(mut self, max_series: usize) -> Self {
        self.settings.max_series = max_series;
        self
    }

    /// A layer that records into a registry.
    ///
    /// # Errors
    ///
    /// When another metric of the registry has the name, or when the prefix or the buckets break a rule. See [`Error`].
    pub fn register(self, registry: &Registry) -> Result<RedClientLayer, Error> {
        let metrics = ClientMetrics::register(registry, self.settings)?;
        Ok(RedClientLayer { metrics: Some(metrics) })
    }
}
