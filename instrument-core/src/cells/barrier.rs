//! A pair of fences of which the frequent one costs nothing.
//!
//! For two that each take a step and then look whether the other has taken its own, of whom one does so all the time and the other seldom.
//!
//! A look-up says that it has begun and then reads; a writer takes something away and then reads who has begun. One of the two must see
//! the other, for which both need a full fence between their two steps. Linux can put that of all running threads into the hands of one
//! (`membarrier(2)`, "private expedited"): look-ups, of which there are millions, only keep the compiler from reordering, and the
//! writer makes one system call. Elsewhere both are fences of the processor.

use std::sync::OnceLock;
use std::sync::atomic::{Ordering, compiler_fence, fence};

/// Between the two steps of a look-up, or of who does it all the time, where [`are_light_fences_enough`].
#[inline(always)]
pub fn light_fence() {
    compiler_fence(Ordering::SeqCst);
}

/// Between the two steps of a look-up, wherever.
pub fn full_fence() {
    fence(Ordering::SeqCst);
}

/// Between the two steps of a writer, or of who does it seldom. False when there was no fence: then nothing may be concluded.
pub fn heavy_fence() -> bool {
    if are_light_fences_enough() {
        fence(Ordering::SeqCst);
        membarrier::expedite()
    } else {
        fence(Ordering::SeqCst);
        true
    }
}

/// Whether the heavy fence does the work of the light ones: the system is asked once whether it has an expedited barrier.
pub fn are_light_fences_enough() -> bool {
    static EXPEDITED: OnceLock<bool> = OnceLock::new();
    *EXPEDITED.get_or_init(membarrier::register)
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
        // SAFETY: the call takes three numbers and touches no memory of the program's (invariant 11).
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
