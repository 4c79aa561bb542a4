use instrument_core::{Counter, Error, Family, LabelValue, Labels, Red, Registry};
use tokio::time::Instant;

use crate::service::{Measure, TIMEOUT};

/// What the server counts of itself.
#[derive(Debug, Clone)]
pub(super) struct Telemetry {
    scrapes: Red,
    sent_bytes: Counter,
    refused: Family<Refused, Counter>,
}

#[derive(Labels)]
struct Refused {
    reason: Reason,
}

/// Why somebody got no metrics.
#[derive(Debug, Clone, Copy, LabelValue)]
pub(super) enum Reason {
    /// A connection from a network that is not allowed.
    Network,
    /// A connection too many.
    Connections,
    /// A request without the right credentials.
    Credentials,
}

impl Telemetry {
    pub(super) fn register(registry: &Registry) -> Result<Self, Error> {
        Ok(Self {
            scrapes: Red::builder("instrument_scrape").outcomes([TIMEOUT]).register(registry)?,
            sent_bytes: registry
                .counter("instrument_scrape_sent", "Bytes of metrics handed to connections, as compressed.")
                .unit("bytes")
                .register()?,
            refused: registry
                .counter("instrument_scrape_refused", "Connections and requests that get no metrics.")
                .labels()
                .register()?,
        })
    }

    /// Begins to measure a scrape, and until when it is waited for if that is known.
    pub(super) fn begin(&self, due: Option<Instant>) -> Measure {
        Measure::new(self.scrapes.start(), self.sent_bytes.clone(), due)
    }

    pub(super) fn refuse(&self, reason: Reason) {
        self.refused.inc(&Refused { reason });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_metrics_keep_the_rules_of_names() {
        let registry = Registry::new();
        Telemetry::register(&registry).unwrap();
        registry.catalogue().lint().assert_clean();
    }
}
