use std::fmt;
use std::sync::{Arc, PoisonError, Weak};

use super::entries::Collecting;
use super::{Inner, Registry};
use crate::Collector;
use crate::family::Computed;

/// A function or a [`Collector`](crate::Collector) that is registered: the way to take it out again.
///
/// Dropping it changes nothing: most are registered for as long as the program runs.
///
/// ```
/// use instrument_core::Registry;
///
/// let registry = Registry::new();
/// let registered = registry.gauge_fn("answer", "The answer.", || 42.0).register()?;
/// assert_eq!(registry.snapshot().gauge("answer", &[]), Some(42.0));
///
/// registered.unregister();
/// assert_eq!(registry.snapshot().gauge("answer", &[]), None);
/// # Ok::<(), instrument_core::Error>(())
/// ```
pub struct Registered {
    registry: Weak<Inner>,
    what: What,
}

enum What {
    Function { family: String, computed: Weak<Computed> },
    Collector(Weak<Collecting>),
}

impl Registry {
    /// Registers a [`Collector`], which emits whole families at each read from now on.
    ///
    /// It is asked until the registry is dropped or the collector [unregistered](Registered::unregister).
    ///
    /// ```
    /// use instrument_core::{Collector, Emitter, Registry};
    ///
    /// struct Pool;
    ///
    /// impl Collector for Pool {
    ///     fn collect(&self, emitter: &mut Emitter<'_>) {
    ///         emitter.gauge("threads", "Threads that run.").value(4.0);
    ///     }
    /// }
    ///
    /// let registry = Registry::new();
    /// let registered = registry.register_collector(Pool);
    /// assert_eq!(registry.snapshot().gauge("threads", &[]), Some(4.0));
    ///
    /// registered.unregister();
    /// assert_eq!(registry.snapshot().gauge("threads", &[]), None);
    /// ```
    pub fn register_collector<C: Collector>(&self, collector: C) -> Registered {
        let inner = self.inner();
        let collecting =
            Arc::new(Collecting { name: std::any::type_name::<C>(), collector: Box::new(collector) });
        let mut entries = inner.entries.write().unwrap_or_else(PoisonError::into_inner);
        entries.insert_collector(Arc::clone(&collecting));
        drop(entries);
        Registered::collector(&inner, &collecting)
    }
}

impl Registered {
    pub(super) fn function(registry: &Arc<Inner>, family: String, computed: &Arc<Computed>) -> Self {
        let what = What::Function { family, computed: Arc::downgrade(computed) };
        Self { registry: Arc::downgrade(registry), what }
    }

    pub(super) fn collector(registry: &Arc<Inner>, collecting: &Arc<Collecting>) -> Self {
        Self { registry: Arc::downgrade(registry), what: What::Collector(Arc::downgrade(collecting)) }
    }

    /// Takes it out of its registry. It is not called any more, but by reads that are under way, and dropped with the last of
    /// them. The name is free again when the last function with it is gone.
    pub fn unregister(self) {
        let Some(registry) = self.registry.upgrade() else { return };
        let entries = || registry.entries.write().unwrap_or_else(PoisonError::into_inner);
        // What is dropped may use the registry, so it lives until the lock is given back.
        match self.what {
            What::Function { family, computed } => {
                if let Some(computed) = computed.upgrade() {
                    let _family = entries().remove_function(&family, &computed);
                }
            }
            What::Collector(collecting) => {
                if let Some(collecting) = collecting.upgrade() {
                    entries().remove_collector(&collecting);
                }
            }
        }
    }
}

impl fmt::Debug for Registered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Registered");
        match &self.what {
            What::Function { family, .. } => shown.field("function", family),
            What::Collector(collecting) => {
                shown.field("collector", &collecting.upgrade().map(|collecting| collecting.name))
            }
        };
        shown.finish_non_exhaustive()
    }
}
