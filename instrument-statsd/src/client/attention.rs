//! What a thread has to know once it has written a record.

use crate::sync::{AtomicU8, Ordering, are_light_fences_enough, full_fence, heavy_fence, light_fence};

/// All was taken: whoever writes the next record has to announce it.
const QUIET: u8 = 1 << 0;
/// Nothing will be taken any more.
const CLOSED: u8 = 1 << 1;

/// Signs that the thread that sends gives before it takes records, and that those who write see after they have written one.
///
/// So of the two, one sees the other: either the record is taken, or the sign is seen. Both need a full fence between their two steps;
/// that of those who write costs nothing where the system can put it into the hands of the other.
#[derive(Debug)]
pub(crate) struct Attention {
    signs: AtomicU8,
    light: bool,
}

impl Attention {
    pub(crate) fn new() -> Self {
        Self { signs: AtomicU8::new(QUIET), light: are_light_fences_enough() }
    }

    /// After a record was written: whether there is a sign.
    #[inline(always)]
    pub(crate) fn is_called_for(&self) -> bool {
        if self.light {
            light_fence();
        } else {
            full_fence();
        }
        self.signs.load(Ordering::Relaxed) != 0
    }

    /// Whether it is for the caller to announce a record: one is told so for all.
    pub(crate) fn break_quiet(&self) -> bool {
        self.signs.fetch_and(!QUIET, Ordering::Relaxed) & QUIET != 0
    }

    /// Before records are taken. False when nothing is certain about those of now: then they have to be looked for again. It takes a system that has had the
    /// fence and forbids it later; if that is at the end, a record of that moment can be neither taken nor counted.
    pub(crate) fn keep_quiet(&self) -> bool {
        self.signs.fetch_or(QUIET, Ordering::Relaxed);
        heavy_fence()
    }

    /// From now on, what is written is not taken; [`keep_quiet`](Self::keep_quiet) has to follow.
    pub(crate) fn close(&self) {
        self.signs.fetch_or(CLOSED, Ordering::Relaxed);
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.signs.load(Ordering::Relaxed) & CLOSED != 0
    }
}
