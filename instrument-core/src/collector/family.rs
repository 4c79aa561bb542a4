use std::fmt;

use super::emitted::{Asked, Emitted, EmittedValue};
use crate::description::MetricKind;

/// A family that a [`Collector`](crate::Collector) emits: what it is called, and then its values.
///
/// ```
/// use instrument_core::{Collector, Emitter, Registry};
///
/// struct Disks;
///
/// impl Collector for Disks {
///     fn collect(&self, emitter: &mut Emitter<'_>) {
///         let mut free = emitter.gauge("free", "Room that is left.").unit("bytes").max_series(64);
///         for (disk, bytes) in [("sda", 1e12), ("sdb", 5e11)] {
///             free = free.labelled(&[("disk", disk)], bytes);
///         }
///         // A name that is the same in all programs.
///         emitter.gauge("node_load1", "Load of the machine.").without_prefix().value(0.7);
///     }
/// }
///
/// let registry = Registry::builder().prefix("disk").build()?;
/// registry.register_collector(Disks);
///
/// let snapshot = registry.snapshot();
/// assert_eq!(snapshot.gauge("disk_free_bytes", &[("disk", "sdb")]), Some(5e11));
/// assert_eq!(snapshot.gauge("node_load1", &[]), Some(0.7));
/// # Ok::<(), instrument_core::Error>(())
/// ```
pub struct FamilyEmitter<'e, V> {
    emitted: &'e mut Emitted,
    asked: Asked<'e>,
    make: fn(V) -> EmittedValue,
    /// Where the family is, once it has been looked for: nowhere if it cannot be shown.
    place: Option<Option<usize>>,
}

/// The buckets of a histogram that something else has counted.
///
/// ```
/// use instrument_core::collector::EmittedHistogram;
///
/// // Three values up to 0.1, one above it and up to 1, none beyond.
/// let waits = EmittedHistogram { bounds: &[0.1, 1.0], counts: &[3, 1, 0], sum: 0.6 };
/// assert_eq!(waits.counts.len(), waits.bounds.len() + 1);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EmittedHistogram<'v> {
    /// The upper bounds of the buckets: finite and ascending, without `+Inf`.
    pub bounds: &'v [f64],
    /// How many values fell into each bucket, not cumulated: one more than there are bounds, the last for what is beyond them.
    pub counts: &'v [u64],
    /// The sum of the values, in the unit of the family.
    pub sum: f64,
}

impl<'e, V> FamilyEmitter<'e, V> {
    pub(super) fn new(
        emitted: &'e mut Emitted,
        kind: MetricKind,
        name: &'e str,
        help: &'e str,
        make: fn(V) -> EmittedValue,
    ) -> Self {
        let max_series = emitted.max_series();
        let asked = Asked { name, help, unit: None, kind, prefixed: true, max_series };
        Self { emitted, asked, make, place: None }
    }

    /// Says what the numbers count: `seconds`, `bytes`, `ratio`. It is appended to the name. Call it before the first value.
    #[must_use]
    pub fn unit(mut self, unit: &'e str) -> Self {
        self.asked.unit = Some(unit);
        self
    }

    /// Leaves out the registry's prefix, for names that are a standard of their own. Call it before the first value.
    #[must_use]
    pub fn without_prefix(mut self) -> Self {
        self.asked.prefixed = false;
        self
    }

    /// Sets how many series the family may have in a read, 10,000 without it. Those beyond are left out.
    #[must_use]
    pub fn max_series(mut self, max_series: usize) -> Self {
        self.asked.max_series = max_series;
        self
    }

    /// Emits the series without labels.
    pub fn value(self, value: V) -> Self {
        self.labelled(&[], value)
    }

    /// Emits a series with labels, each by name and value. Those with an empty value are left out of the output.
    pub fn labelled(mut self, labels: &[(&str, &str)], value: V) -> Self {
        let place = *self.place.get_or_insert_with(|| self.emitted.place(&self.asked));
        if let Some(place) = place {
            self.emitted.add(place, &self.asked, labels, (self.make)(value));
        }
        self
    }
}

impl<V> fmt::Debug for FamilyEmitter<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FamilyEmitter")
            .field("name", &self.asked.name)
            .field("kind", &self.asked.kind)
            .finish_non_exhaustive()
    }
}
