use instrument_core::{Counter, Error, Family, LabelValue, Labels, Red, Registry};
use tokio::time::Instant;

use crate::service::{Measure, TIMEOUT};

/// What the server counts of itself.
#[derive(Debug, Clone)]
pub(super) struct Telemetry {
    scrapes: Red,
    sent_bytes: Counter,
    refused: Family<Refused, Counter>,
    failures: Family<Failed, Counter>,
}

#[derive(Labels)]
struct Refused {
    reason: Reason,
}

/// Why somebody got no metrics, or makes room for others.
#[derive(Debug, Clone, Copy, LabelValue)]
pub(super) enum Reason {
    /// A connection from a network that is not allowed.
    Network,
    /// A connection too many: it was not let in, or one that was idle has given way to it.
    Connections,
    /// A request without the right credentials.
    Credentials,
}

#[derive(Labels)]
struct Failed {
    cause: Failure,
}

/// What came to nothing, through the other side's fault or this one's.
#[derive(Debug, Clone, Copy, LabelValue)]
pub(super) enum Failure {
    /// The system gives no connection, such as for want of files.
    Accept,
    /// A TLS handshake was given up, or does not lead to what both sides want.
    #[cfg(feature = "tls")]
    Handshake,
    /// A TLS handshake took too long.
    #[cfg(feature = "tls")]
    HandshakeTimeout,
    /// A file for TLS cannot be read any more.
    #[cfg(feature = "tls")]
    UnreadableFile,
    /// What is in a file for TLS now is of no use.
    #[cfg(feature = "tls")]
    InvalidFile,
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
                .counter(
                    "instrument_scrape_refused",
                    "Connections and requests that get no metrics, and connections that give way to others.",
                )
                .labels()
                .register()?,
            failures: registry
                .counter(
                    "instrument_scrape_failures",
                    "What went wrong before a request was there, by the cause.",
                )
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

    pub(super) fn fail(&self, cause: Failure) {
        self.failures.inc(&Failed { cause });
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
