//! What is registered, and which names are taken.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::Location;
use std::sync::Arc;

use crate::description::{Description, MetricKind, Shape};
use crate::error::Error;
use crate::family::{AnyFamily, Computed, FamilyCore, FunctionFamily};
use crate::label::KnownValues;
use crate::{Collector, Metric, name};

/// All families of a registry.
#[derive(Default)]
pub(super) struct Entries {
    by_name: BTreeMap<String, Entry>,
    /// The family that exposes a sample, by the sample's name.
    samples: BTreeMap<String, String>,
    /// In the order in which they were registered.
    collectors: Vec<Arc<Collecting>>,
}

/// A collector, and the name of its type.
pub(super) struct Collecting {
    pub(super) name: &'static str,
    pub(super) collector: Box<dyn Collector>,
}

/// A family, in groups of series that have the same label names and bounds. There is one group but for families that functions with
/// different labels and buckets share.
struct Entry {
    description: Arc<Description>,
    groups: Vec<Group>,
}

/// The same family twice: as one that can be walked, and as one that can be given back by type.
struct Group {
    walked: Arc<dyn AnyFamily>,
    typed: Arc<dyn Any + Send + Sync>,
    about: About,
}

/// What is to be said of a group, beside what a walk shows.
#[derive(Clone, Default)]
pub(crate) struct About {
    pub(crate) constant_labels: Arc<[(String, String)]>,
    /// Those of the first labels, where they are known.
    pub(crate) known_values: Option<KnownValues>,
    /// Those of the last label, where they are known: the states of a state set, the outcomes of an operation.
    pub(crate) last_values: Vec<String>,
    pub(crate) max_series: usize,
    /// The lines that ask for it.
    pub(crate) defined_at: BTreeSet<&'static Location<'static>>,
}

/// A family as the walk needs it.
type Walked = (Arc<Description>, Vec<Arc<dyn AnyFamily>>);

impl Entries {
    /// All families, in the order of their names.
    pub(super) fn families(&self) -> Vec<Walked> {
        let walked = |entry: &Entry| entry.groups.iter().map(|group| Arc::clone(&group.walked)).collect();
        self.by_name.values().map(|entry| (Arc::clone(&entry.description), walked(entry))).collect()
    }

    /// The description of the family with this name, if there is one.
    pub(super) fn description(&self, name: &str) -> Option<Arc<Description>> {
        self.by_name.get(name).map(|entry| Arc::clone(&entry.description))
    }

    /// All that there is to say of each group, in the order of the families' names.
    pub(super) fn described(&self) -> Vec<(Arc<Description>, Shape, About)> {
        let described = |entry: &Entry, group: &Group| {
            (Arc::clone(&entry.description), group.walked.shape(), group.about.clone())
        };
        let entries = self.by_name.values();
        entries.flat_map(|entry| entry.groups.iter().map(move |group| described(entry, group))).collect()
    }

    /// The family of this name and shape, if there is one. `own_bounds` says whether the bounds were asked for; `mixed`, whether the family
    /// may have another group with other label names or bounds.
    pub(super) fn find<F: Any + Send + Sync>(
        &mut self,
        name: &str,
        requested: &Shape,
        own_bounds: bool,
        mixed: bool,
        defined_at: &'static Location<'static>,
    ) -> Result<Option<Arc<F>>, Error> {
        let Some(entry) = self.by_name.get_mut(name) else { return Ok(None) };
        let mut conflict = None;
        for group in &mut entry.groups {
            let existing = group.walked.shape();
            let same_metric = existing.kind == requested.kind
                && existing.value_type == requested.value_type
                && existing.computed == requested.computed;
            let same_buckets = existing.bounds == requested.bounds && existing.native == requested.native;
            let same_bounds = !own_bounds || same_buckets;
            if same_metric
                && same_bounds
                && existing.labels == requested.labels
                && let Ok(family) = Arc::clone(&group.typed).downcast()
            {
                group.about.defined_at.insert(defined_at);
                return Ok(Some(family));
            }
            if !(same_metric && mixed) {
                conflict.get_or_insert(existing);
            }
        }
        match conflict {
            Some(existing) => Err(Error::Conflict {
                name: name.to_owned(),
                existing: Box::new(existing),
                requested: Box::new(requested.clone()),
            }),
            None => Ok(None),
        }
    }

    /// The groups of a family that have these label names, whatever their bounds.
    pub(super) fn groups<M: Metric>(&self, name: &str, labels: &[&str]) -> Vec<Arc<FamilyCore<M>>> {
        let groups = self.by_name.get(name).map_or(&[][..], |entry| &entry.groups);
        let same_labels = groups.iter().filter(|group| group.walked.shape().labels == labels);
        same_labels.filter_map(|group| Arc::clone(&group.typed).downcast().ok()).collect()
    }

    /// Whether another family exposes a sample that a family of this name would expose too.
    pub(super) fn check_samples(&self, name: &str, kind: MetricKind) -> Result<(), Error> {
        for sample in name::sample_names(name, kind) {
            if let Some(existing) = self.samples.get(&sample).filter(|existing| *existing != name) {
                return Err(Error::Collision { name: name.to_owned(), sample, existing: existing.clone() });
            }
        }
        Ok(())
    }

    /// Whether a family exposes a sample that a family of this name would expose too, be it one of this name.
    pub(super) fn is_taken(&self, name: &str, kind: MetricKind) -> bool {
        name::sample_names(name, kind).iter().any(|sample| self.samples.contains_key(sample))
    }

    /// Takes in a family for which `find` found nothing.
    pub(super) fn insert<F: AnyFamily + 'static>(
        &mut self,
        description: Arc<Description>,
        family: Arc<F>,
        about: About,
    ) {
        for sample in name::sample_names(&description.name, description.kind) {
            self.samples.insert(sample, description.name.clone());
        }
        let group = Group { walked: Arc::clone(&family) as Arc<dyn AnyFamily>, typed: family, about };
        let name = description.name.clone();
        self.by_name
            .entry(name)
            .or_insert_with(|| Entry { description, groups: Vec::new() })
            .groups
            .push(group);
    }

    /// Takes a function out of its family, and the family out when that was its last. The family is returned to be dropped later.
    pub(super) fn remove_function(
        &mut self,
        name: &str,
        computed: &Arc<Computed>,
    ) -> Option<Arc<FunctionFamily>> {
        let group = self.by_name.get(name)?.groups.first()?;
        let family: Arc<FunctionFamily> = Arc::clone(&group.typed).downcast().ok()?;
        if family.remove(computed) {
            self.by_name.remove(name);
            self.samples.retain(|_, exposed_by| exposed_by != name);
        }
        Some(family)
    }

    pub(super) fn collectors(&self) -> Vec<Arc<Collecting>> {
        self.collectors.clone()
    }

    pub(super) fn insert_collector(&mut self, collecting: Arc<Collecting>) {
        self.collectors.push(collecting);
    }

    pub(super) fn remove_collector(&mut self, collecting: &Arc<Collecting>) {
        self.collectors.retain(|other| !Arc::ptr_eq(other, collecting));
    }
}
