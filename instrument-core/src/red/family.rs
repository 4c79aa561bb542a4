use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, LazyLock, OnceLock};

use super::{Red, RedCore, RedRegistration};
use crate::family::{DENSE, numbers_of};
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
/// [set](crate::RedFamilyBuilder::max_series) otherwise, share one whose labels but `outcome` are all `__overflow__`. The operations of a finite label set
/// are there from the start, at zero, and found by index, as in a `Family`; others by one hash of their labels' texts, without a lock. A [`Red`] can be
/// kept, which spares the look-up.
pub struct RedFamily<L> {
    core: Arc<RedCore>,
    /// Whether the label sets are found by their index.
    numbered: bool,
    spare: &'static Red,
    /// Covariant in the labels, as a `Family`.
    labels: PhantomData<fn() -> L>,
}

impl<L: Labels> RedFamily<L> {
    pub(super) fn register(
        registry: &Registry,
        asked: RedRegistration,
        zero_fill: bool,
    ) -> Result<Self, Error> {
        let spare = spare()?;
        let core = Arc::new(RedCore::register_numbered(registry, asked, numbers_of::<L>())?);
        let sets = L::CARDINALITY.filter(|sets| (1..=DENSE).contains(sets) && *sets <= core.max_series());
        if let Some(sets) = sets {
            core.number::<L>(sets, zero_fill);
        }
        Ok(Self { core, numbered: sets.is_some(), spare, labels: PhantomData })
    }

    /// The operation with these labels.
    #[inline]
    pub fn with(&self, labels: &L) -> Red {
        let red = match self.numbered {
            true => self.core.with_number(labels, labels.index()),
            false => self.core.with(labels),
        };
        red.unwrap_or_else(|| self.spare.clone())
    }

    /// Takes the operation with these labels out, and says whether there was one. See [`Family::remove`](crate::Family::remove). It looks at all
    /// series of the family.
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
    /// assert!(calls.remove(&Backend { backend: "search" }));
    /// assert!(registry.snapshot().family("backend_call_in_flight").unwrap().series().is_empty());
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
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
        Self { core: Arc::clone(&self.core), numbered: self.numbered, spare: self.spare, labels: PhantomData }
    }
}

impl<L> fmt::Debug for RedFamily<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedFamily").field("name", &self.core.name()).finish_non_exhaustive()
    }
}
