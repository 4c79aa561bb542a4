use std::sync::atomic::{AtomicUsize, Ordering};

use crate::cells::{Handled, Here, Owner, Reading, Shared};
use crate::collect::Sample;
use crate::description::MetricKind;
use crate::exemplar::Drops;
use crate::metric::storage::Storage;
use crate::{Buckets, Metric, UpDownCounter};

/// The share of a resource that is in use: a gauge that nobody sets, computed when it is read.
#[derive(Debug, Clone)]
pub(super) struct Utilization {
    parts: Shared<Parts>,
}

#[derive(Debug)]
struct Parts {
    busy: UpDownCounter,
    capacity: AtomicUsize,
    _busy_owner: Owner,
}

impl Utilization {
    /// How much is in use.
    pub(super) fn busy(&self) -> &UpDownCounter {
        &self.parts.busy
    }

    pub(super) fn capacity(&self) -> usize {
        // Relaxed, here and below: the capacity says nothing about other memory.
        self.parts.capacity.load(Ordering::Relaxed)
    }

    pub(super) fn set_capacity(&self, capacity: usize) {
        self.parts.capacity.store(capacity, Ordering::Relaxed);
    }

    #[cfg(feature = "tokio")]
    pub(super) fn grow(&self, more: usize) {
        self.change(|capacity| capacity.saturating_add(more));
    }

    #[cfg(feature = "tokio")]
    pub(super) fn shrink(&self, less: usize) {
        self.change(|capacity| capacity.saturating_sub(less));
    }

    #[cfg(feature = "tokio")]
    fn change(&self, new: impl Fn(usize) -> usize) {
        // It never fails, because there always is a new capacity.
        let _ = self
            .parts
            .capacity
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |capacity| Some(new(capacity)));
    }

    pub(super) fn get(&self) -> f64 {
        self.share(self.parts.busy.get())
    }

    fn share(&self, busy: i64) -> f64 {
        match (busy.max(0), self.capacity()) {
            (0, _) => 0.0,
            (_, 0) => 1.0,
            (busy, capacity) => (busy as f64 / capacity as f64).min(1.0),
        }
    }
}

impl Metric for Utilization {}

impl Storage for Utilization {
    type Settings = ();
    const KIND: MetricKind = MetricKind::Gauge;
    const UNIT: Option<&'static str> = Some("ratio");

    fn settings(_: Option<Buckets>) -> Result<(), String> {
        Ok(())
    }

    fn allocate(_: &(), drops: &Drops) -> Option<(Self, Owner)> {
        let (busy, busy_owner) = UpDownCounter::allocate(&(), drops)?;
        let parts = Parts { busy, capacity: AtomicUsize::new(0), _busy_owner: busy_owner };
        let (parts, owner) = Shared::new(parts)?;
        Some((Self { parts }, owner))
    }

    #[inline]
    fn handle(&self, here: Here) -> Self {
        Self { parts: self.parts.handle(here) }
    }

    fn shared(&self) -> &dyn Handled {
        &self.parts
    }

    fn read(&self, reading: &mut Reading, read: &mut dyn FnMut(Sample<'_>)) {
        self.parts.busy.read(reading, &mut |sample| {
            if let Sample::UpDownCounter(busy) = sample {
                read(Sample::Gauge(self.share(busy)));
            }
        });
    }
}
