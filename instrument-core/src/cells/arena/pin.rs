//! Who is within a look-up.

use std::marker::PhantomData;

use super::Arena;
use super::slab::Slab;
use crate::sync::{AtomicUsize, Ordering, full_fence, heavy_fence, light_fence};

/// In a number of pins: that a look-up must take the slow way.
pub(super) const SLOW: usize = 1 << (usize::BITS - 1);

/// Says that the calling thread is within a look-up, until it is dropped: what is found meanwhile is not freed (invariant 9).
pub(crate) struct Pin<'a> {
    slab: &'a Slab,
    end: End,
    on_thread: PhantomData<*const ()>,
}

/// What is left to be done when a look-up is over.
#[derive(Clone, Copy, PartialEq)]
enum End {
    /// The thread is within no other.
    Last,
    /// It may be within another.
    OneOfMany,
    /// The number is of many threads.
    OfManyThreads,
}

impl<'a> Pin<'a> {
    /// For the owner of a slab who is within no other look-up: two stores in the thread's own memory, neither of which waits for a load. Nothing
    /// where the [slow way](Self::owned_slowly) is the only one.
    #[inline(always)]
    pub(crate) fn owned(slab: &'a Slab) -> Option<Self> {
        let pins = slab.pins();
        // Relaxed, here and below: the thread is the only one that writes it.
        if pins.load(Ordering::Relaxed) != 0 {
            return None;
        }
        pins.store(1, Ordering::Relaxed);
        // What is read from here on comes after the pin, for whoever has the heavy fence.
        light_fence();
        Some(Self { slab, end: End::Last, on_thread: PhantomData })
    }

    /// The same for an owner who may be within another look-up, or has no use for a light fence.
    pub(crate) fn owned_slowly(slab: &'a Slab) -> Self {
        let pins = slab.pins();
        pins.store(pins.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        full_fence();
        Self { slab, end: End::OneOfMany, on_thread: PhantomData }
    }

    /// The slab of the thread, or one without chunks.
    #[inline(always)]
    pub(crate) fn slab(&self) -> &'a Slab {
        self.slab
    }

    #[cold]
    #[inline(never)]
    fn end_slowly(pins: &AtomicUsize, end: End) {
        if end == End::OfManyThreads {
            pins.fetch_sub(1, Ordering::Release);
        } else {
            pins.store(pins.load(Ordering::Relaxed) - 1, Ordering::Release);
        }
    }
}

impl Drop for Pin<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        let pins = self.slab.pins();
        // Release, in all ways: who sees that the look-up has ended sees what it has done, such as a handle made.
        match self.end {
            // Those within this one have ended before it.
            End::Last => pins.store(0, Ordering::Release),
            end => Self::end_slowly(pins, end),
        }
    }
}

impl Arena {
    /// A pin for a thread that owns no slab.
    #[cold]
    pub(crate) fn pin_shared(&self) -> Pin<'_> {
        self.unclaimed.pins().fetch_add(1, Ordering::Relaxed);
        full_fence();
        Pin { slab: &self.unclaimed, end: End::OfManyThreads, on_thread: PhantomData }
    }

    /// Whether every look-up that could have found what the caller has taken away before is over. False when one may not be.
    pub(crate) fn is_quiet(&self) -> bool {
        heavy_fence()
            && is_seen_unpinned(self.unclaimed.pins())
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
        pins.load(Ordering::Acquire) & !SLOW == 0
    })
}
