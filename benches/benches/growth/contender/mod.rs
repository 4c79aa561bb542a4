//! The contenders: each with one registry that has one family of counters with two string labels.

use std::any::Any;

use instrument_benches::LabelTexts;
use instrument_benches::scrape::Text;

mod instrument;
mod measured;
mod metrics;
mod prometheus;
mod prometheus_client;

pub(crate) use instrument::Instrument;
pub(crate) use measured::Measured;
pub(crate) use metrics::Metrics;
pub(crate) use prometheus::Prometheus;
pub(crate) use prometheus_client::PrometheusClient;

/// A family of counters in a registry of its own.
pub(crate) trait Contender: Sync + Sized {
    /// A handle on a counter.
    type Counter: Sync;

    /// What its text is written to.
    type Text: Text + 'static;

    /// A family that takes this many series.
    fn new(series: usize) -> Self;

    /// Adds one to the series with these labels, which is made if it is not there.
    fn count(&self, labels: LabelTexts);

    /// A handle to hold on to.
    fn counter(&self) -> Self::Counter;

    /// Adds one through a handle.
    fn inc(counter: &Self::Counter);

    /// Appends the text of a scrape.
    fn write(&self, text: &mut Self::Text);

    /// Goes through all series without keeping any, and returns the total of their counts. `None` for whom that cannot be done
    /// without writing text.
    fn visit(&self) -> Option<u64> {
        None
    }

    /// A copy of all series and their counts, to read from later. `None` for whom there is no such thing.
    fn snapshot(&self) -> Option<Box<dyn Any>> {
        None
    }
}
