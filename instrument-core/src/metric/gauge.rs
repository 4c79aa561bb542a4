use std::sync::atomic::{AtomicU64, Ordering};

use super::storage::Storage;
use crate::cells::{Handled, Here, Owner, Reading, Shared};
use crate::collect::Sample;
use crate::description::MetricKind;
use crate::exemplar::Drops;
use crate::{Buckets, Metric};

/// A number that is set: a temperature, a share, the size of a file.
///
/// A clone is another handle on the same gauge. The order of settings matters, so it is one atomic for all threads: `set` is a
/// store, `add` retries until no other thread came between. For a number that only has things added and taken away, an
/// [`UpDownCounter`](crate::UpDownCounter) is faster.
///
/// ```
/// use instrument_core::Registry;
///
/// let registry = Registry::new();
/// let fill = registry.gauge("cache_fill", "Share of the cache in use.").unit("ratio").register()?;
/// fill.set(0.5);
/// fill.add(0.25);
/// fill.sub(0.5);
/// assert_eq!(fill.get(), 0.25);
///
/// let workers = registry.gauge("workers", "Threads that work.").register()?;
/// workers.inc();
/// workers.inc();
/// workers.dec();
/// assert_eq!(registry.snapshot().gauge("workers", &[]), Some(1.0));
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Gauge {
    bits: Shared<AtomicU64>,
}

impl Gauge {
    /// Sets the gauge.
    #[inline]
    pub fn set(&self, value: f64) {
        // Relaxed, here and below: the gauge says nothing about other memory.
        self.bits.store(value.to_bits(), Ordering::Relaxed);
    }

    /// Adds to the gauge.
    #[inline]
    pub fn add(&self, value: f64) {
        let add = |bits| Some((f64::from_bits(bits) + value).to_bits());
        // It never fails, because `add` always has a new value.
        let _ = self.bits.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
    }

    /// Takes from the gauge.
    #[inline]
    pub fn sub(&self, value: f64) {
        self.add(-value);
    }

    /// Adds 1.
    #[inline]
    pub fn inc(&self) {
        self.add(1.0);
    }

    /// Takes 1 away.
    #[inline]
    pub fn dec(&self) {
        self.add(-1.0);
    }

    /// What the gauge was set to.
    #[must_use]
    pub fn get(&self) -> f64 {
        f64::from_bits(self.bits.load(Ordering::Relaxed))
    }
}

impl Metric for Gauge {}

impl Storage for Gauge {
    type Settings = ();
    const KIND: MetricKind = MetricKind::Gauge;

    fn settings(_: Option<Buckets>) -> Result<(), String> {
        Ok(())
    }

    fn allocate(_: &(), _: &Drops) -> Option<(Self, Owner)> {
        let (bits, owner) = Shared::new(AtomicU64::default())?;
        Some((Self { bits }, owner))
    }

    #[inline(always)]
    fn handle(&self, here: Here) -> Self {
        Self { bits: self.bits.handle(here) }
    }

    fn shared(&self) -> &dyn Handled {
        &self.bits
    }

    fn read(&self, _: &mut Reading, read: &mut dyn FnMut(Sample<'_>)) {
        read(Sample::Gauge(self.get()));
    }
}
