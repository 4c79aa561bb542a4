use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use super::Use;
use super::utilization::Utilization;
use crate::family::FamilyCore;
use crate::registry::Registration;
use crate::{Counter, Error, Labels, Metric, Registry, UpDownCounter};

/// Resources of one kind, such as several pools, told apart by their labels.
///
/// ```
/// use instrument_core::{Labels, Registry, Use};
///
/// #[derive(Labels)]
/// struct Pool<'a> {
///     pool: &'a str,
/// }
///
/// let registry = Registry::new();
/// let pools = Use::builder("db_pool").help("Connections to the database.").labels::<Pool>().register(&registry)?;
/// let primary = pools.with(&Pool { pool: "primary" }, 20);
/// let replica = pools.with(&Pool { pool: "replica" }, 5);
///
/// let _busy = replica.busy();
/// let snapshot = registry.snapshot();
/// assert_eq!(snapshot.gauge("db_pool_utilization_ratio", &[("pool", "replica")]), Some(0.2));
/// assert_eq!(snapshot.gauge("db_pool_utilization_ratio", &[("pool", "primary")]), Some(0.0));
/// # Ok::<(), instrument_core::Error>(())
/// ```
///
/// A clone is another handle on the same family. It is bounded as a [`Family`](crate::Family) is: resources beyond the bound share one, whose
/// labels are all `__overflow__`.
pub struct UseFamily<L> {
    families: UseFamilies,
    /// Covariant in the labels, as a `Family`.
    labels: PhantomData<fn() -> L>,
}

impl<L: Labels> UseFamily<L> {
    pub(super) fn new(families: UseFamilies) -> Self {
        Self { families, labels: PhantomData }
    }

    /// The resource with these labels, and says how much of it there is.
    #[must_use]
    pub fn with(&self, labels: &L, capacity: usize) -> Use {
        self.families.with(labels, capacity)
    }

    /// Takes the resource with these labels out, and says whether there was one. See [`Family::remove`](crate::Family::remove).
    ///
    /// ```
    /// use instrument_core::{Labels, Registry, Use};
    ///
    /// #[derive(Labels)]
    /// struct Pool<'a> {
    ///     pool: &'a str,
    /// }
    ///
    /// let registry = Registry::new();
    /// let pools = Use::builder("db_pool").labels::<Pool>().register(&registry)?;
    /// let _ = pools.with(&Pool { pool: "replica" }, 5);
    ///
    /// assert!(pools.remove(&Pool { pool: "replica" }));
    /// assert!(registry.snapshot().family("db_pool_saturation").unwrap().series().is_empty());
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn remove(&self, labels: &L) -> bool {
        self.families.remove(labels)
    }
}

impl<L> Clone for UseFamily<L> {
    fn clone(&self) -> Self {
        Self { families: self.families.clone(), labels: PhantomData }
    }
}

impl<L> fmt::Debug for UseFamily<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.families.utilization.description().name;
        f.debug_struct("UseFamily").field("name", name).finish_non_exhaustive()
    }
}

/// The three families, without the type of their labels.
#[derive(Clone)]
pub(super) struct UseFamilies {
    utilization: Arc<FamilyCore<Utilization>>,
    saturation: Arc<FamilyCore<UpDownCounter>>,
    errors: Arc<FamilyCore<Counter>>,
}

impl UseFamilies {
    /// Registers the three, of which `asked` says what they have in common: the start of their names and of their help texts.
    pub(super) fn register(registry: &Registry, asked: &Registration<'_>) -> Result<Self, Error> {
        fn family<M: Metric>(
            registry: &Registry,
            asked: &Registration<'_>,
            suffix: &str,
            says: &str,
        ) -> Result<Arc<FamilyCore<M>>, Error> {
            let (name, help) = (format!("{}_{suffix}", asked.name), format!("{} {says}", asked.help));
            registry.register(Registration { name: &name, help: &help, ..asked.clone() })
        }
        Ok(Self {
            utilization: family(registry, asked, "utilization", "Share in use.")?,
            saturation: family(registry, asked, "saturation", "How many wait.")?,
            errors: family(registry, asked, "errors", "Errors.")?,
        })
    }

    pub(super) fn with(&self, labels: &impl Labels, capacity: usize) -> Use {
        let utilization = self.utilization.with(labels);
        utilization.set_capacity(capacity);
        Use::new(utilization, self.saturation.with(labels), self.errors.with(labels))
    }

    fn remove(&self, labels: &impl Labels) -> bool {
        let removed =
            [self.utilization.remove(labels), self.saturation.remove(labels), self.errors.remove(labels)];
        removed.contains(&true)
    }
}
