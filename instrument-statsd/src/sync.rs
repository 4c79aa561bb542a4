//! The atomics and fences that lanes are built on: the only place that names them.
//!
//! `tests/loom/` puts loom's in their place and models the very source files.

pub(crate) use std::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering};
pub(crate) use std::sync::{Mutex, MutexGuard};

pub(crate) use instrument_core::__private::{are_light_fences_enough, full_fence, heavy_fence, light_fence};
