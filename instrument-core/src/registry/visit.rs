//! Reading: what is registered and what collectors emit, in one walk.

use std::sync::{Arc, PoisonError};

use super::entries::{About, Collecting};
use super::own::{PANICS, SKIPPED};
use super::walk::{Walk, Walked};
use super::{Inner, MAX_SERIES, Registry};
use crate::collect::Visitor;
use crate::collector::{COLLISION, Emitted, Emitter};
use crate::description::{Description, Shape};
use crate::guarded::{self, Ran};

impl Registry {
    /// Walks over all metrics. What is recorded meanwhile does not wait for the walk, nor the walk for it.
    ///
    /// Series that have been idle for longer than their family's [`idle_timeout`](crate::FamilyBuilder::idle_timeout) are taken out at the end, unless the
    /// visitor ends the walk before.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    ///
    /// use instrument_core::{Description, Registry, Sample, Series, Visitor};
    ///
    /// /// Looks whether there is a series, and no further.
    /// #[derive(Default)]
    /// struct IsAny(bool);
    ///
    /// impl Visitor for IsAny {
    ///     fn series(&mut self, _: &Description, _: &Series<'_>, _: &Sample<'_>) -> ControlFlow<()> {
    ///         self.0 = true;
    ///         ControlFlow::Break(())
    ///     }
    /// }
    ///
    /// let registry = Registry::new();
    /// registry.counter("jobs", "Jobs run.").register()?;
    ///
    /// let mut is_any = IsAny::default();
    /// registry.visit(&mut is_any);
    /// assert!(is_any.0);
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn visit(&self, visitor: &mut dyn Visitor) {
        let _ = self.walk().visit(visitor);
    }

    /// Begins the same walk, for a visitor that ends it with `Break` and goes on with it later.
    pub fn walk(&self) -> Walk {
        Walk::new(families(&self.inner()))
    }
}

/// All families, in the order of their names. They are few, and no lock is held once they are known.
fn families(inner: &Arc<Inner>) -> Vec<(Arc<Description>, Walked)> {
    let collectors = inner.entries.read().unwrap_or_else(PoisonError::into_inner).collectors();
    let mut emitted =
        Emitted::new(inner.characters, inner.prefix.clone(), Arc::clone(&inner.constant_labels), MAX_SERIES);
    for collecting in &collectors {
        collect(inner, collecting, &mut emitted);
    }
    let (mut emitted, mut skipped) = emitted.finish();

    let entries = inner.entries.read().unwrap_or_else(PoisonError::into_inner);
    let registered = entries.families().into_iter();
    let mut families: Vec<_> =
        registered.map(|(description, groups)| (description, Walked::Registered(groups))).collect();
    emitted.retain(|family| {
        let description = family.description();
        let free = !entries.is_taken(&description.name, description.kind);
        if !free {
            skipped.add(&description.given_name, COLLISION);
        }
        free
    });
    drop(entries);

    if !emitted.is_empty() {
        let emitted = emitted.into_iter();
        families.extend(emitted.map(|family| (Arc::clone(family.description()), Walked::Emitted(family))));
        families.sort_by(|(one, _), (other, _)| one.name.cmp(&other.name));
    }
    for (family, reason, count) in skipped.iter() {
        Registry::from(Arc::clone(inner)).count_own(&SKIPPED, &[family, reason], count);
    }
    families
}

/// What there is to say of each family, in the order of their names: of those that collectors emit, what their series show.
pub(super) fn described(inner: &Arc<Inner>) -> Vec<(Arc<Description>, Shape, About)> {
    let emitted = families(inner).into_iter().filter_map(|(description, walked)| match walked {
        Walked::Registered(_) => None,
        Walked::Emitted(family) => {
            let constant_labels = Arc::clone(&inner.constant_labels);
            let (last_values, max_series) = (family.states(), family.len());
            let about = About { constant_labels, last_values, max_series, ..About::default() };
            Some((description, family.shape(), about))
        }
    });
    let emitted: Vec<_> = emitted.collect();
    let mut described = inner.entries.read().unwrap_or_else(PoisonError::into_inner).described();
    described.extend(emitted);
    described.sort_by(|(one, ..), (other, ..)| one.name.cmp(&other.name));
    described
}

fn collect(inner: &Arc<Inner>, collecting: &Collecting, emitted: &mut Emitted) {
    let address = Arc::as_ptr(inner).addr();
    match guarded::run(address, || collecting.collector.collect(&mut Emitter::new(emitted))) {
        Ran::Returned(()) | Ran::Nested => {}
        Ran::Panicked => {
            Registry::from(Arc::clone(inner)).count_own(&PANICS, &[collecting.name], 1);
        }
    }
}
