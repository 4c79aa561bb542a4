//! A pair of fences of which the frequent one costs nothing.
//!
//! A look-up says that it has begun and then reads; a writer takes something away and then reads who has begun. One of the two must see
//! the other, for which both need a full fence between their two steps. Linux can put that of all running threads into the hands of one
//! (`membarrier(2)`, "private expedited"): look-ups, of which there are millions, only keep the compiler from reordering, and the
//! writer makes one system call. Elsewhere both are fences of the processor.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering, compiler_fence, fence};

/// Whether the heavy fence does the work of the light one. Set once, before any heavy fence.
static EXPEDITED: AtomicBool = AtomicBool::new(false);

/// Between the two steps of a look-up.
#[inline]
pub(crate) fn light_fence() {
    // Relaxed: who does not see it set yet has a fence too many.
    if EXPEDITED.load(Ordering::Relaxed) {
        compiler_fence(Ordering::SeqCst);
    } else {
        fence(Ordering::SeqCst);
    }
}

/// Between the two steps of a writer. False when there was no fence: then nothing may be concluded.
pub(crate) fn heavy_fence() -> bool {
    if prepare() {
        fence(Ordering::SeqCst);
        membarrier::expedite()
    } else {
        fence(Ordering::SeqCst);
        true
    }
}

/// Asks the system once whether it has an expedited barrier.
pub(super) fn prepare() -> bool {
    static PREPARED: OnceLock<bool> = OnceLock::new();
    *PREPARED.get_or_init(|| {
        let expedited = membarrier::register();
        EXPEDITED.store(expedited, Ordering::Relaxed);
        expedited
    })
}

#[cfg(target_os = "linux")]
mod membarrier {
    // Source: linux/membarrier.h, `enum membarrier_cmd`.
    const PRIVATE_EXPEDITED: libc::c_int = 1 << 3;
    const REGISTER_PRIVATE_EXPEDITED: libc::c_int = 1 << 4;

    pub(super) fn register() -> bool {
        call(REGISTER_PRIVATE_EXPEDITED)
    }

    pub(super) fn expedite() -> bool {
        call(PRIVATE_EXPEDITED)
    }

    fn call(command: libc::c_int) -> bool {
        // SAFETY: the call takes three numbers and touches no memory of the program's (invariant 10).
        unsafe { libc::syscall(libc::SYS_membarrier, command, 0, 0) == 0 }
    }
}

#[cfg(not(target_os = "linux"))]
mod membarrier {
    pub(super) fn register() -> bool {
        false
    }

    pub(super) fn expedite() -> bool {
        false
    }
}
