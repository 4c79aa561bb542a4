use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, LazyLock, OnceLock};

use super::{Red, RedCore, RedRegistration};
use crate::{Error, Labels, Registry};

/// Operations of one kind, such as calls of several backends, told apart by labels.
///
/// ```
/// use instrument_core::{Labels, Red, Registry};
///
/// #[derive(Labels)]
/// struct Backend<'a> {
///     backend: &'a str,
/// }
///
/// let registry = Registry::new();
/// let calls = Red::builder("backend_call").labels::<Backend>().register(&registry)?;
/// calls.with(&Backend { backend: "search" }).start().ok();
///
/// let labels = [("backend", "search"), ("outcome", "ok")];
/// assert_eq!(registry.snapshot().histogram("backend_call_duration_seconds", &labels).unwrap().count(), 1);
/// # Ok::<(), instrument_core::Error>(())
/// ```
///
/// A clone is another handle on the same family. Like a [`Family`](crate::Family) it is bounded: operations beyond 10,000 label sets, unless
/// [set](crate::RedFamilyBuilder::max_series) otherwise, share one whose labels but `outcome` are all `__overflow__`. A [`Red`] can be kept, which
/// spares the look-up: one hash of the label texts, without a lock.
pub struct RedFamily<L> {
    core: Arc<RedCore>,
    spare: &'static Red,
    /// Covariant in the labels, as a `Family`.
    labels: PhantomData<fn() -> L>,
}

impl<L: Labels> RedFamily<L> {
    pub(super) fn register(registry: &Registry, asked: RedRegistration) -> Result<Self, Error> {
        let spare = spare()?;
        Ok(Self { core: Arc::new(RedCore::register(registry, asked)?), spare, labels: PhantomData })
    }

    /// The operation with these labels.
    #[inline]
    pub fn with(&self, labels: &L) -> Red {
        self.core.with(labels).unwrap_or_else(|| self.spare.clone())
    }

    /// Takes the operation with these labels out, and says whether there was one. See [`Family::remove`](crate::Family::remove). It looks at all
    /// series of the family.
    pub fn remove(&self, labels: &L) -> bool {
        self.core.remove(labels)
    }
}

/// What is recorded into when no cell is left for an operation: a registry that nobody reads. The overflow was counted.
fn spare() -> Result<&'static Red, Error> {
    static UNREAD: LazyLock<Registry> = LazyLock::new(Registry::new);
    static SPARE: OnceLock<Red> = OnceLock::new();
    match SPARE.get() {
        Some(spare) => Ok(spare),
        None => {
            let spare = Red::register(&UNREAD, "spare")?;
            Ok(SPARE.get_or_init(|| spare))
        }
    }
}

impl<L> Clone for RedFamily<L> {
    fn clone(&self) -> Self {
        Self { core: Arc::clone(&self.core), spare: self.spare, labels: PhantomData }
    }
}

impl<L> fmt::Debug for RedFamily<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedFamily").field("name", &self.core.name()).finish_non_exhaustive()
    }
}
