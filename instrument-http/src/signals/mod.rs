//! The operations and resources of a registry, found by the shapes of their families: what rules and dashboards are made of.

mod operation;
mod quoted;
mod resource;
mod scope;
mod shape;

use instrument_core::{CatalogueEntry, Registry};

use crate::format::NameKind;

pub(crate) use self::operation::{Objectives, Operation};
pub(crate) use self::quoted::Quoted;
pub(crate) use self::resource::Resource;
pub(crate) use self::scope::{Scope, of_job};

/// What a registry has of RED and of USE.
#[derive(Debug, Clone)]
pub(crate) struct Signals {
    pub(crate) operations: Vec<Operation>,
    pub(crate) resources: Vec<Resource>,
}

impl Signals {
    /// Looks through a registry.
    pub(crate) fn of(registry: &Registry) -> Self {
        let snapshot = registry.snapshot();
        let catalogue = registry.catalogue();
        // PromQL before Prometheus 3 has no way to write other names.
        let mut entries: Vec<&CatalogueEntry> =
            catalogue.entries().iter().filter(|entry| NameKind::Metric.is_plain(&entry.name)).collect();
        // Functions of one family can have an entry each: one whose histogram has bounds speaks for all.
        entries.dedup_by(|next, entry| {
            let is_same = next.name == entry.name;
            if is_same && entry.bounds.is_empty() {
                *entry = *next;
            }
            is_same
        });
        let found = |name: &str| entries.iter().copied().find(|entry| entry.name == name);
        let operations = entries.iter().filter_map(|entry| Operation::of(entry, found, &snapshot));
        let resources = entries.iter().filter_map(|entry| Resource::of(entry, found));
        Self { operations: operations.collect(), resources: resources.collect() }
    }
}

/// The labels by which a family's series are told apart, but for those in `without`: the registry's constant ones are among them. They are called as Prometheus
/// calls them: it has a `job` and an `instance` of its own, those of the target, and renames others.
fn labels_of(entry: &CatalogueEntry, without: &[&str]) -> Vec<String> {
    let own = entry.labels.iter().map(|label| &label.name);
    let constant = entry.constant_labels.iter().map(|(name, _)| name);
    own.chain(constant)
        .filter(|name| NameKind::Label.is_plain(name) && !without.contains(&name.as_str()))
        .map(|name| match name.as_str() {
            target @ ("job" | "instance") => format!("exported_{target}"),
            _ => name.clone(),
        })
        .collect()
}
