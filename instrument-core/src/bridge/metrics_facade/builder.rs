use std::collections::HashMap;

use super::Recorder;
use super::key;
use crate::metric::storage::Storage;
use crate::{Buckets, Error, Histogram, Registry};

/// Sets up a [`Recorder`].
///
/// ```
/// use instrument_core::bridge::metrics_facade::Recorder;
/// use instrument_core::{Buckets, Registry};
///
/// let registry = Registry::new();
/// let recorder = Recorder::builder(&registry)
///     .buckets(Buckets::latency())
///     .buckets_for("response.size", Buckets::exponential(256.0, 4.0, 8))
///     .max_series(1_000)
///     .build()?;
///
/// metrics::with_local_recorder(&recorder, || metrics::histogram!("response.size").record(300.0));
/// assert_eq!(registry.snapshot().histogram("response_size", &[]).unwrap().bounds().len(), 8);
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "a recorder is made by `build`"]
pub struct RecorderBuilder {
    registry: Registry,
    settings: Settings,
}

/// What is asked of the metrics that a recorder makes.
#[derive(Debug, Default)]
pub(super) struct Settings {
    buckets: Option<Buckets>,
    buckets_by_name: HashMap<String, Buckets>,
    pub(super) max_series: Option<usize>,
}

impl Settings {
    /// The buckets of a metric, by its name as a registry has it. Nothing where none were asked for.
    pub(super) fn buckets(&self, name: &str) -> Option<&Buckets> {
        self.buckets_by_name.get(name).or(self.buckets.as_ref())
    }
}

impl RecorderBuilder {
    pub(super) fn new(registry: &Registry) -> Self {
        Self { registry: registry.clone(), settings: Settings::default() }
    }

    /// Sets the buckets of histograms that have none by name. Without it they are those of any `Histogram<f64>`.
    pub fn buckets(mut self, buckets: Buckets) -> Self {
        self.settings.buckets = Some(buckets);
        self
    }

    /// Sets the buckets of the histogram of this name, as the facade has it.
    pub fn buckets_for(mut self, name: &str, buckets: Buckets) -> Self {
        self.settings.buckets_by_name.insert(key::name(name), buckets);
        self
    }

    /// Sets how many series each metric may have for a set of label names: 10,000 without it.
    pub fn max_series(mut self, max_series: usize) -> Self {
        self.settings.max_series = Some(max_series);
        self
    }

    /// Makes the recorder.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidBuckets`], which names the histogram.
    pub fn build(self) -> Result<Recorder, Error> {
        let named = self.settings.buckets_by_name.iter().map(|(name, buckets)| (name.as_str(), buckets));
        for (metric, buckets) in named.chain(self.settings.buckets.iter().map(|buckets| ("*", buckets))) {
            Histogram::<f64>::settings(Some(buckets.clone()))
                .map_err(|rule| Error::InvalidBuckets { metric: metric.to_owned(), rule })?;
        }
        Ok(Recorder::with(self.registry, self.settings))
    }
}
