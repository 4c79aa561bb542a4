use std::sync::Arc;

use http::Method;

use super::pushing::Pushing;
use super::{BlockingPushGateway, PushAtEnd, PushError, PushGatewayBuilder};

/// A [Pushgateway](https://github.com/prometheus/pushgateway), for the metrics of jobs that end before Prometheus would scrape them.
///
/// A service that goes on is scraped instead, by a [`MetricsServer`](crate::MetricsServer): a gateway shows its metrics even when it is gone.
///
/// ```no_run
/// use instrument_core::Registry;
/// use instrument_http::PushGateway;
///
/// # fn back_up() {}
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let gateway = PushGateway::builder("http://pushgateway:9091").job("backup").grouping("instance", "db-1").build()?;
///     let pushing = gateway.push_at_end().on_error(|error| eprintln!("{error}"));
///     let rows = Registry::global().counter("backup_rows", "Rows that were backed up.").register()?;
///     // ... the job does its work, and its metrics are pushed even if it panics ...
///     back_up();
///     rows.inc_by(1_000);
///     pushing.finish()?;
///     Ok(())
/// }
/// ```
///
/// Metrics go in protobuf, with their native histograms, and as text without the feature `protobuf`. A page is whole in memory while it is sent. Nothing is tried again: an error
/// says what went wrong, and the next push sends all there is. A clone pushes the same.
#[derive(Debug, Clone)]
#[must_use = "nothing is pushed before it is told to"]
pub struct PushGateway {
    pushing: Arc<Pushing>,
}

impl PushGateway {
    /// Sets up pushing to a gateway, by its URL: what stands before `/metrics/job`.
    pub fn builder(url: impl Into<String>) -> PushGatewayBuilder {
        PushGatewayBuilder::new(url.into())
    }

    pub(super) fn new(pushing: Pushing) -> Self {
        Self { pushing: Arc::new(pushing) }
    }

    /// Where the metrics go: the gateway's URL and the group's path.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.pushing.url
    }

    /// Replaces all metrics of the group by those of the registry (`PUT`).
    ///
    /// # Errors
    ///
    /// See [`PushError`]: each names the URL.
    pub async fn push(&self) -> Result<(), PushError> {
        self.pushing.send(Method::PUT).await
    }

    /// Replaces those metrics of the group whose names the registry has, and leaves the others (`POST`).
    ///
    /// # Errors
    ///
    /// See [`PushError`]: each names the URL.
    pub async fn push_add(&self) -> Result<(), PushError> {
        self.pushing.send(Method::POST).await
    }

    /// Deletes all metrics of the group, which the gateway shows without end otherwise.
    ///
    /// # Errors
    ///
    /// See [`PushError`]: each names the URL.
    pub async fn delete(&self) -> Result<(), PushError> {
        self.pushing.send(Method::DELETE).await
    }

    /// The same for who has no tokio runtime.
    pub fn blocking(&self) -> BlockingPushGateway<'_> {
        BlockingPushGateway::new(self)
    }

    /// Pushes when what this gives is dropped.
    pub fn push_at_end(&self) -> PushAtEnd {
        PushAtEnd::new(self.clone())
    }
}
