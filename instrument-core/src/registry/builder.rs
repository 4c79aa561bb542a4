use std::marker::PhantomData;
use std::sync::Arc;

use super::{Registration, Registry};
use crate::error::Error;
use crate::{Buckets, Family, Histogram, HistogramValue, Labels, Metric, name};

/// Sets up a [`Registry`].
///
/// ```
/// use instrument_core::Registry;
///
/// let registry = Registry::builder().prefix("quotes").constant_label("region", "eu").build()?;
/// registry.counter("served", "Quotations served.").register()?.inc();
/// assert_eq!(registry.snapshot().counter("quotes_served_total", &[("region", "eu")]), Some(1));
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug, Default)]
#[must_use = "a registry is made by `build`"]
pub struct RegistryBuilder {
    prefix: Option<String>,
    constant_labels: Vec<(String, String)>,
}

impl RegistryBuilder {
    /// Puts `prefix` and an underscore before every name. It follows the rules of names: letters, digits, `_` and `:`.
    pub fn prefix(mut self, prefix: impl AsRef<str>) -> Self {
        self.prefix = Some(prefix.as_ref().trim_end_matches('_').to_owned());
        self
    }

    /// Gives every series a label.
    pub fn constant_label(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.constant_labels.push((name.into(), value.into()));
        self
    }

    /// Makes the registry.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidName`] for a prefix and [`Error::InvalidLabel`] for a label that no exposition can carry.
    pub fn build(self) -> Result<Registry, Error> {
        if let Some(prefix) = &self.prefix {
            name::check_metric_name(prefix)
                .map_err(|rule| Error::InvalidName { name: prefix.clone(), rule })?;
        }
        let labels: Vec<&str> = self.constant_labels.iter().map(|(name, _)| name.as_str()).collect();
        name::check_labels(None, &labels, &[])?;
        Ok(Registry::with(self.prefix, Arc::from(self.constant_labels)))
    }
}

/// A metric that is not registered yet.
#[derive(Debug)]
#[must_use = "a metric counts only once it is registered"]
pub struct MetricBuilder<'r, M> {
    registry: &'r Registry,
    asked: Registration<'r>,
    metric: PhantomData<fn() -> M>,
}

impl<'r, M: Metric> MetricBuilder<'r, M> {
    pub(super) fn new(registry: &'r Registry, name: &'r str, help: &'r str) -> Self {
        Self { registry, asked: Registration::new(name, help), metric: PhantomData }
    }

    pub(super) fn into_parts(self) -> (&'r Registry, Registration<'r>) {
        (self.registry, self.asked)
    }

    /// Says what the numbers count: `seconds`, `bytes`, `ratio`. It is appended to the name. Durations are always `seconds`.
    pub fn unit(mut self, unit: &'r str) -> Self {
        self.asked.unit = Some(unit);
        self
    }

    /// As [`FamilyBuilder::max_series`]; of use only before [`labels`](Self::labels).
    pub fn max_series(mut self, max_series: usize) -> Self {
        self.asked.max_series = Some(max_series);
        self
    }

    /// Makes it a [`Family`] of metrics, told apart by labels.
    pub fn labels<L: Labels>(self) -> FamilyBuilder<'r, L, M> {
        FamilyBuilder { registry: self.registry, asked: self.asked, family: PhantomData }
    }

    /// Registers the metric, or gives the one that has the same name and shape. It is exposed from now on, at zero.
    ///
    /// # Errors
    ///
    /// See [`Error`]: each says which rule is broken, and what to do.
    pub fn register(self) -> Result<M, Error> {
        self.registry.register_metric(self.asked)
    }
}

impl<V: HistogramValue> MetricBuilder<'_, Histogram<V>> {
    /// Sets the buckets, in the unit of the exposition: seconds for durations.
    ///
    /// Without it they are [`Buckets::latency`] for `Duration` and `f64`, and 16 powers of 4 from 1 for `u64`.
    pub fn buckets(mut self, buckets: Buckets) -> Self {
        self.asked.buckets = Some(buckets);
        self
    }
}

/// A family that is not registered yet.
#[derive(Debug)]
#[must_use = "a family counts only once it is registered"]
pub struct FamilyBuilder<'r, L, M> {
    registry: &'r Registry,
    asked: Registration<'r>,
    family: PhantomData<fn() -> (L, M)>,
}

impl<'r, L: Labels, M: Metric> FamilyBuilder<'r, L, M> {
    /// As [`MetricBuilder::unit`].
    pub fn unit(mut self, unit: &'r str) -> Self {
        self.asked.unit = Some(unit);
        self
    }

    /// Sets how many series the family may have: 10,000 without it. See [`Family`] for what happens beyond.
    pub fn max_series(mut self, max_series: usize) -> Self {
        self.asked.max_series = Some(max_series);
        self
    }

    /// Registers the family, or gives the one that has the same name and shape.
    ///
    /// # Errors
    ///
    /// See [`Error`]: each says which rule is broken, and what to do.
    pub fn register(self) -> Result<Family<L, M>, Error> {
        self.registry.register_family(self.asked)
    }
}

impl<L, V: HistogramValue> FamilyBuilder<'_, L, Histogram<V>> {
    /// As [`MetricBuilder::buckets`].
    pub fn buckets(mut self, buckets: Buckets) -> Self {
        self.asked.buckets = Some(buckets);
        self
    }
}
