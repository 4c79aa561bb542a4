use instrument_core::{CatalogueEntry, MetricKind};

use super::{Scope, labels_of};

/// A resource with utilization, saturation and errors.
#[derive(Debug, Clone)]
pub(crate) struct Resource {
    /// The part that the names of its families begin with, such as `db_pool`.
    pub(crate) name: String,
    /// What tells one from another.
    pub(crate) labels: Vec<String>,
}

impl Resource {
    /// The resource whose utilization a family has, if the others are there.
    pub(super) fn of<'c>(
        entry: &CatalogueEntry,
        found: impl Fn(&str) -> Option<&'c CatalogueEntry>,
    ) -> Option<Self> {
        let name = entry.name.strip_suffix("_utilization_ratio")?;
        let resource = Self { name: name.to_owned(), labels: labels_of(entry, &[]) };
        let whole = entry.kind == MetricKind::Gauge
            && found(&resource.saturation_name()).is_some()
            && found(&resource.errors_name()).is_some();
        whole.then_some(resource)
    }

    /// The share that is in use, of each instance.
    pub(crate) fn utilization(&self, scope: &Scope<'_>) -> String {
        scope.mean(&self.utilization_name())
    }

    /// How many wait, in each instance.
    pub(crate) fn saturation(&self, scope: &Scope<'_>) -> String {
        scope.mean(&self.saturation_name())
    }

    /// Errors in a second, of each instance.
    pub(crate) fn errors(&self, scope: &Scope<'_>) -> String {
        scope.rate(&self.errors_name(), "")
    }

    pub(crate) fn utilization_name(&self) -> String {
        format!("{}_utilization_ratio", self.name)
    }

    pub(crate) fn saturation_name(&self) -> String {
        format!("{}_saturation", self.name)
    }

    fn errors_name(&self) -> String {
        format!("{}_errors_total", self.name)
    }
}
