//! Whether series were hidden while somebody looked.

use std::sync::atomic::{AtomicUsize, Ordering, fence};

/// Counts the beginnings and ends of the time in which series are hidden, to be shown again or taken out: it is odd within.
pub(super) struct Expiring(AtomicUsize);

/// The time in which series are hidden, until it is dropped.
pub(super) struct Hiding<'a>(&'a Expiring);

/// A look, from when it began.
pub(super) struct Watch<'a> {
    expiring: &'a Expiring,
    before: usize,
}

impl Expiring {
    pub(super) fn new() -> Self {
        Self(AtomicUsize::new(0))
    }

    /// Called by who has the writers' lock.
    pub(super) fn begin(&self) -> Hiding<'_> {
        self.0.fetch_add(1, Ordering::Relaxed);
        // Release: who finds something hidden from here on sees that it has begun.
        fence(Ordering::Release);
        Hiding(self)
    }

    pub(super) fn watch(&self) -> Watch<'_> {
        // Acquire: when it has ended, all that is shown again is seen.
        Watch { expiring: self, before: self.0.load(Ordering::Acquire) }
    }
}

impl Drop for Hiding<'_> {
    fn drop(&mut self) {
        self.0.0.fetch_add(1, Ordering::Release);
    }
}

impl Watch<'_> {
    /// Whether something that is there may not have been found.
    pub(super) fn was_disturbed(self) -> bool {
        // Acquire: pairs with the fence of `begin`.
        fence(Ordering::Acquire);
        !self.before.is_multiple_of(2) || self.expiring.0.load(Ordering::Relaxed) != self.before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_is_disturbed_by_hiding_that_begins_before_its_end() {
        let expiring = Expiring::new();
        assert!(!expiring.watch().was_disturbed());
        let hiding = expiring.begin();
        let within = expiring.watch();
        drop(hiding);
        assert!(within.was_disturbed());
        let around = expiring.watch();
        drop(expiring.begin());
        assert!(around.was_disturbed());
        assert!(!expiring.watch().was_disturbed());
    }
}
