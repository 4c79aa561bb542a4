use std::fmt;

use crate::{Collector, Emitter};

/// What the program's allocator says of itself, whichever it is.
///
/// An allocator that counts has an interface of its own; a function brings what it says into one form:
///
/// | [`AllocatorStats`] | metric | jemalloc, by `tikv_jemalloc_ctl` |
/// |---|---|---|
/// | `allocated` | `allocator_allocated_bytes` | `stats::allocated::read()` |
/// | `active` | `allocator_active_bytes` | `stats::active::read()` |
/// | `resident` | `allocator_resident_bytes` | `stats::resident::read()` |
/// | `mapped` | `allocator_mapped_bytes` | `stats::mapped::read()` |
/// | `retained` | `allocator_retained_bytes` | `stats::retained::read()` |
/// | `metadata` | `allocator_metadata_bytes` | `stats::metadata::read()` |
/// | `allocations` | `allocator_allocations_total` | |
/// | `deallocations` | `allocator_deallocations_total` | |
///
/// What the allocator does not say is left out. The names have no prefix of the registry. jemalloc renews its numbers when it is told to,
/// by `epoch::advance()`, which is the first thing that the function should do then.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
///
/// use instrument_core::Registry;
/// use instrument_core::collector::{Allocator, AllocatorStats};
///
/// /// Kept by an allocator that counts.
/// static ALLOCATED: AtomicU64 = AtomicU64::new(4096);
///
/// let registry = Registry::new();
/// registry.register_collector(Allocator::new(|| AllocatorStats {
///     allocated: Some(ALLOCATED.load(Ordering::Relaxed)),
///     ..AllocatorStats::default()
/// }));
/// assert_eq!(registry.snapshot().gauge("allocator_allocated_bytes", &[]), Some(4096.0));
/// ```
///
/// An allocator must not count in the metrics of this crate itself: a thread's first addition allocates.
pub struct Allocator<F> {
    read: F,
}

/// What an allocator says of itself, in bytes and in calls. `None` is not known.
///
/// ```
/// use instrument_core::collector::AllocatorStats;
///
/// let stats = AllocatorStats { allocated: Some(1 << 20), resident: Some(3 << 20), ..AllocatorStats::default() };
/// assert_eq!(stats.mapped, None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AllocatorStats {
    /// Bytes that the program has allocated and not given back.
    pub allocated: Option<u64>,
    /// Bytes in the pages that these are in.
    pub active: Option<u64>,
    /// Bytes of the allocator's that are in memory.
    pub resident: Option<u64>,
    /// Bytes that the allocator has mapped.
    pub mapped: Option<u64>,
    /// Bytes of address space that the allocator keeps, and that take no memory.
    pub retained: Option<u64>,
    /// Bytes that the allocator needs for itself.
    pub metadata: Option<u64>,
    /// Allocations so far.
    pub allocations: Option<u64>,
    /// Deallocations so far.
    pub deallocations: Option<u64>,
}

impl<F: Fn() -> AllocatorStats + Send + Sync + 'static> Allocator<F> {
    /// A collector of what the function says at each read.
    pub fn new(read: F) -> Self {
        Self { read }
    }
}

impl<F: Fn() -> AllocatorStats + Send + Sync + 'static> Collector for Allocator<F> {
    fn collect(&self, emitter: &mut Emitter<'_>) {
        let stats = (self.read)();
        let bytes = [
            ("allocator_allocated", "Bytes allocated by the program and not given back.", stats.allocated),
            ("allocator_active", "Bytes in the pages that what is allocated is in.", stats.active),
            ("allocator_resident", "Bytes of the allocator that are in memory.", stats.resident),
            ("allocator_mapped", "Bytes that the allocator has mapped.", stats.mapped),
            ("allocator_retained", "Bytes of address space that are kept without memory.", stats.retained),
            ("allocator_metadata", "Bytes that the allocator needs for itself.", stats.metadata),
        ];
        for (name, help, value) in bytes {
            if let Some(value) = value {
                emitter.gauge(name, help).unit("bytes").without_prefix().value(value as f64);
            }
        }
        let calls = [
            ("allocator_allocations", "Allocations.", stats.allocations),
            ("allocator_deallocations", "Deallocations.", stats.deallocations),
        ];
        for (name, help, value) in calls {
            if let Some(value) = value {
                emitter.counter(name, help).without_prefix().value(value);
            }
        }
    }
}

impl<F> fmt::Debug for Allocator<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Allocator").finish_non_exhaustive()
    }
}
