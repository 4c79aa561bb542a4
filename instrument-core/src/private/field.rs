use std::panic::Location;

use crate::registry::Registration;
use crate::{Buckets, Error, Family, Labels, Metric, Registry};

/// What a field of a `#[derive(Metrics)]` struct says of its metric.
#[derive(Debug)]
pub struct FieldOptions<'a> {
    /// The name, with the struct's prefix.
    pub name: &'a str,
    /// The doc comment.
    pub help: &'a str,
    /// The unit, where one is given.
    pub unit: Option<&'a str>,
    /// The buckets, where they are given.
    pub buckets: Option<Buckets>,
    /// The greatest number of series, where it is given.
    pub max_series: Option<usize>,
    /// The field's line.
    pub defined_at: &'static Location<'static>,
}

impl<'a> FieldOptions<'a> {
    fn registration(self) -> Registration<'a> {
        Registration {
            unit: self.unit,
            buckets: self.buckets,
            max_series: self.max_series,
            defined_at: self.defined_at,
            ..Registration::new(self.name, self.help)
        }
    }
}

/// A type that a field of a `#[derive(Metrics)]` struct can have.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a metric",
    label = "not a metric",
    note = "a field of a `#[derive(Metrics)]` struct is a `Counter`, `Gauge`, `UpDownCounter`, `Histogram<_>`, `Info`, `StateSet<_>` or a `Family<_, _>` of these"
)]
pub trait RegisterField: Sized {
    /// Registers the field's metric.
    ///
    /// # Errors
    ///
    /// As the builders of [`Registry`].
    fn register_field(registry: &Registry, options: FieldOptions<'_>) -> Result<Self, Error>;
}

impl<M: Metric> RegisterField for M {
    fn register_field(registry: &Registry, options: FieldOptions<'_>) -> Result<Self, Error> {
        registry.register_metric(options.registration())
    }
}

impl<L: Labels, M: Metric> RegisterField for Family<L, M> {
    fn register_field(registry: &Registry, options: FieldOptions<'_>) -> Result<Self, Error> {
        registry.register_family(options.registration())
    }
}
