//! Who is within a look-up.

use super::Arena;
use std::marker::PhantomData;

use super::slab::Slab;
use crate::sync::{AtomicUsize, Ordering, heavy_fence, light_fence};

/// Says that the calling thread is within a look-up, until it is dropped: what is found meanwhile is not freed (invariant 9).
pub(crate) struct Pin<'a> {
    slab: &'a Slab,
    pins: &'a AtomicUsize,
    /// How many pins the thread has beside this one; nothing where the number is of many threads.
    others: Option<usize>,
    on_thread: PhantomData<*const ()>,
}

impl<'a> Pin<'a> {
    /// For the owner of a slab: two stores in the thread's own memory.
    #[inline]
    pub(crate) fn owned(slab: &'a Slab) -> Self {
        let pins = slab.pins();
        // Relaxed: the thread is the only one that writes it.
        let others = pins.load(Ordering::Relaxed);
        pins.store(others + 1, Ordering::Relaxed);
        // What is read from here on comes after the pin, for whoever has the heavy fence.
        light_fence();
        Self { slab, pins, others: Some(others), on_thread: PhantomData }
    }

    /// The slab of the thread, or one without chunks.
    #[inline]
    pub(crate) fn slab(&self) -> &'a Slab {
        self.slab
    }
}

impl Drop for Pin<'_> {
    #[inline]
    fn drop(&mut self) {
        // Release, both times: who sees that the look-up has ended sees what it has done, such as a handle made.
        match self.others {
            Some(others) => self.pins.store(others, Ordering::Release),
            None => drop(self.pins.fetch_sub(1, Ordering::Release)),
        }
    }
}

impl Arena {
    /// A pin for a thread that owns no slab.
    #[cold]
    pub(crate) fn pin_shared(&self) -> Pin<'_> {
        let pins = &self.shared_pins;
        pins.fetch_add(1, Ordering::Relaxed);
        light_fence();
        Pin { slab: &self.unclaimed, pins, others: None, on_thread: PhantomData }
    }

    /// Whether every look-up that could have found what the caller has taken away before is over. False when one may not be.
    pub(crate) fn is_quiet(&self) -> bool {
        heavy_fence()
            && is_seen_unpinned(&self.shared_pins)
            && self.slabs().all(|slab| is_seen_unpinned(slab.pins()))
    }
}

/// How often a pin is looked at before the caller is told to come again: look-ups are short, but their thread may not be running.
#[cfg(not(loom))]
const LOOKS: usize = 100;
#[cfg(loom)]
const LOOKS: usize = 1;

/// Whether there was a moment, after the fence, without this pin. Look-ups that begin later find nothing that was hidden before, so the
/// moments of different threads need not be the same.
fn is_seen_unpinned(pins: &AtomicUsize) -> bool {
    (0..LOOKS).any(|look| {
        if look > LOOKS / 2 {
            std::thread::yield_now();
        }
        // Acquire: pairs with the release of a pin's end.
        pins.load(Ordering::Acquire) == 0
    })
}
