//! The atomics and locks that the cells are built on: the only place that names them.
//!
//! `tests/loom/` puts loom's in their place and models the very source files of [`cells`](crate::cells).

pub(crate) use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, AtomicUsize, Ordering};
pub(crate) use std::sync::{Mutex, MutexGuard};

pub(crate) use crate::cells::{full_fence, heavy_fence, light_fence};

/// Makes a constructor `const`, which loom's counterparts cannot be.
macro_rules! const_fn {
    ($(#[$meta:meta])* $visibility:vis const fn $($rest:tt)*) => { $(#[$meta])* $visibility const fn $($rest)* };
}
pub(crate) use const_fn;

const_fn! {
    /// `N` null pointers.
    pub(crate) const fn null_pointers<T, const N: usize>() -> [AtomicPtr<T>; N] {
        [const { AtomicPtr::new(std::ptr::null_mut()) }; N]
    }
}
