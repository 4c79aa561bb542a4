//! A pointer to something that many share, whose handles are counted in cells.
//!
//! Cloning and dropping a handle of an `Arc` writes to one place for all threads; here each thread counts in a cell of its own. The price
//! is that the last handle does not know that it is the last: what is shared is freed by a later look at the counts.

use std::fmt;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::ptr::NonNull;
use std::sync::{Mutex, PoisonError};

use super::arena::Handles;
use super::global::{Cells, Here, Reading, add, handles_left, here};

/// What is shared, and where its handles are counted.
struct Inner<T: ?Sized> {
    /// Gives the id back when it is dropped, as the last thing.
    cells: Cells<Handles>,
    value: T,
}

/// A handle on a `T`, as large as a pointer. A clone and its drop are two plain additions.
pub struct Shared<T: Send + Sync + 'static> {
    inner: NonNull<Inner<T>>,
}

// SAFETY: a handle gives no more than `&T`, and the last one frees nothing; `T` is dropped by whoever sweeps, on any thread.
unsafe impl<T: Send + Sync> Send for Shared<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Sync for Shared<T> {}

// What is shared counts in atomics, which a panic leaves as they are.
impl<T: Send + Sync> UnwindSafe for Shared<T> {}
impl<T: Send + Sync> RefUnwindSafe for Shared<T> {}

impl<T: Send + Sync> Shared<T> {
    /// Shares a value: its first handle, and what keeps the value alive until there is no handle and the owner is dropped. Nothing when
    /// no cell is left.
    pub(crate) fn new(value: T) -> Option<(Self, Owner)> {
        let cells = Cells::allocate(1)?;
        let handles = cells.first();
        let inner = NonNull::from(Box::leak(Box::new(Inner { cells, value })));
        add(handles, Handles::MADE);
        Some((Self { inner }, Owner { inner }))
    }

    #[inline(always)]
    fn inner(&self) -> &Inner<T> {
        // SAFETY: `inner` is freed only when no handle is left (invariant 7), and this is one.
        unsafe { self.inner.as_ref() }
    }
}

/// What the handles on something tell, whatever it is.
pub trait Handled {
    /// A number that is another one whenever a handle was made or has ended since.
    fn stamp(&self, reading: &mut Reading) -> u64;

    /// Whether there is no handle but this one. When it says so it stays so, as long as nobody clones this one.
    fn is_only_handle(&self) -> bool;
}

impl<T: Send + Sync> Handled for Shared<T> {
    fn stamp(&self, reading: &mut Reading) -> u64 {
        reading.one(&self.inner().cells)
    }

    fn is_only_handle(&self) -> bool {
        handles_left(self.inner().cells.first()) == 1
    }
}

impl<T: Send + Sync> Deref for Shared<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        &self.inner().value
    }
}

impl<T: Send + Sync> Shared<T> {
    /// A clone, for who has found the thread's cells already.
    #[inline(always)]
    pub(crate) fn handle(&self, here: Here) -> Self {
        here.add(self.inner().cells.first(), Handles::MADE);
        Self { inner: self.inner }
    }
}

impl<T: Send + Sync> Clone for Shared<T> {
    #[inline]
    fn clone(&self) -> Self {
        self.handle(here())
    }
}

impl<T: Send + Sync> Drop for Shared<T> {
    #[inline(always)]
    fn drop(&mut self) {
        let handles = self.inner().cells.first();
        // This handle ends with the addition, which is the last that it does.
        add(handles, Handles::GONE);
    }
}

impl<T: Send + Sync + fmt::Debug> fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// What keeps something alive: a handle of its own, or one that lasts as long as the program and need not be counted again. As large as a
/// pointer.
pub(crate) struct Held<T: Send + Sync + 'static> {
    /// The lowest bit says whether this is counted as a handle.
    inner: NonNull<Inner<T>>,
}

// SAFETY: as for `Shared`.
unsafe impl<T: Send + Sync> Send for Held<T> {}
// SAFETY: as for `Shared`.
unsafe impl<T: Send + Sync> Sync for Held<T> {}
impl<T: Send + Sync> UnwindSafe for Held<T> {}
impl<T: Send + Sync> RefUnwindSafe for Held<T> {}

impl<T: Send + Sync> Held<T> {
    const COUNTED: usize = 1;

    /// By a handle that is made for it.
    #[inline(always)]
    pub(crate) fn by_handle(shared: &Shared<T>, here: Here) -> Self {
        const { assert!(align_of::<Inner<T>>() > Self::COUNTED, "the lowest bit is free") };
        let Shared { inner } = *ManuallyDrop::new(shared.handle(here));
        Self { inner: inner.map_addr(|address| address | Self::COUNTED) }
    }

    /// By a handle that is never dropped.
    #[inline(always)]
    pub(crate) fn by_static(shared: &'static Shared<T>) -> Self {
        Self { inner: shared.inner }
    }

    #[inline(always)]
    fn is_counted(&self) -> bool {
        self.inner.addr().get() & Self::COUNTED != 0
    }

    #[inline(always)]
    fn inner(&self) -> &Inner<T> {
        // SAFETY: without the bit it is the pointer of a handle, which either counts for this or is never dropped (invariant 7).
        unsafe { &*self.inner.as_ptr().map_addr(|address| address & !Self::COUNTED) }
    }
}

impl<T: Send + Sync> Deref for Held<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        &self.inner().value
    }
}

impl<T: Send + Sync> Held<T> {
    /// A drop, for who has found the thread's cells already.
    #[inline(always)]
    pub(crate) fn drop_here(self, here: Here) {
        ManuallyDrop::new(self).end_here(here);
    }

    #[inline(always)]
    fn end_here(&self, here: Here) {
        if self.is_counted() {
            // As for a handle: the last that is done.
            here.add(self.inner().cells.first(), Handles::GONE);
        }
    }
}

impl<T: Send + Sync> Drop for Held<T> {
    #[inline(always)]
    fn drop(&mut self) {
        self.end_here(here());
    }
}

/// Keeps what is shared alive while there are no handles. When it is dropped, so is what was shared, as soon as there are none.
pub struct Owner {
    inner: NonNull<Inner<dyn Send + Sync>>,
}

// SAFETY: all that can be done with an owner is to drop it, and what it owns may be dropped on any thread: it is `Send`.
unsafe impl Send for Owner {}
// SAFETY: a reference to an owner can do nothing.
unsafe impl Sync for Owner {}
// It does nothing but count.
impl UnwindSafe for Owner {}
impl RefUnwindSafe for Owner {}

impl fmt::Debug for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Owner").finish_non_exhaustive()
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        let orphan = Orphan(self.inner);
        let dead = if orphan.is_unheld() { vec![orphan] } else { lay_by(orphan) };
        for orphan in dead {
            // SAFETY: `inner` came from a box, its owner is gone and it is unheld: nobody else can reach it (invariant 7).
            drop(unsafe { Box::from_raw(orphan.0.as_ptr()) });
        }
    }
}

/// What has no owner any more, but had handles when it was last looked at.
struct Orphan(NonNull<Inner<dyn Send + Sync>>);

// SAFETY: as for `Owner`.
unsafe impl Send for Orphan {}

impl Orphan {
    fn is_unheld(&self) -> bool {
        // SAFETY: only who drops an owner frees what it owned, and takes it out of `ORPHANS` before.
        handles_left(unsafe { self.0.as_ref() }.cells.first()) == 0
    }
}

struct Orphans {
    all: Vec<Orphan>,
    /// How many there may be before all are looked at: so that each is looked at seldom, and few are kept in vain.
    look_at: usize,
}

const LOOK_AT_LEAST: usize = 16;

static ORPHANS: Mutex<Orphans> = Mutex::new(Orphans { all: Vec::new(), look_at: LOOK_AT_LEAST });

/// Keeps an orphan until its handles are gone. Gives those whose handles are gone by now.
fn lay_by(orphan: Orphan) -> Vec<Orphan> {
    let mut orphans = ORPHANS.lock().unwrap_or_else(PoisonError::into_inner);
    orphans.all.push(orphan);
    if orphans.all.len() < orphans.look_at {
        return Vec::new();
    }
    let (dead, held) = std::mem::take(&mut orphans.all).into_iter().partition(Orphan::is_unheld);
    orphans.all = held;
    orphans.look_at = LOOK_AT_LEAST.max(orphans.all.len() * 2);
    dead
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, OnceLock};
    use std::thread;

    use super::*;

    #[test]
    fn what_is_shared_lives_until_owner_and_handles_are_gone() {
        for owner_first in [true, false] {
            let value = Arc::new(());
            let (handle, owner) = Shared::new(Arc::clone(&value)).unwrap();
            let other = handle.clone();
            let mut owner = Some(owner);
            if owner_first {
                owner = None;
            }
            assert_eq!(Arc::strong_count(&handle), 2);
            drop(handle);
            thread::spawn(move || drop(other)).join().unwrap();
            drop(owner);
            // An orphan that had handles is freed when enough others have come.
            for _ in 0..=2 * LOOK_AT_LEAST {
                let (held, owner) = Shared::new(()).unwrap();
                drop(owner);
                drop(held);
            }
            assert_eq!(Arc::strong_count(&value), 1, "owner first: {owner_first}");
        }
    }

    #[test]
    fn handles_that_cross_threads_are_all_counted() {
        let value = Arc::new(());
        let (handle, owner) = Shared::new(Arc::clone(&value)).unwrap();
        thread::scope(|scope| {
            for _ in 0..4 {
                let handle = handle.clone();
                scope.spawn(move || {
                    for _ in 0..1000 {
                        let there = handle.clone();
                        thread::scope(|scope| scope.spawn(move || drop(there.clone())).join().unwrap());
                    }
                });
            }
        });
        assert_eq!(Arc::strong_count(&handle), 2);
        drop(handle);
        drop(owner);
        assert_eq!(Arc::strong_count(&value), 1);
    }

    #[test]
    fn what_is_held_counts_as_a_handle_or_not_at_all() {
        let handles = |shared: &Shared<()>| shared.stamp(&mut Reading::new());
        static FOREVER: OnceLock<Shared<()>> = OnceLock::new();
        let (handle, _owner) = Shared::new(()).unwrap();
        let forever = FOREVER.get_or_init(|| handle.clone());
        let before = handles(&handle);

        // The first time a thread ends a handle its cell is not near yet.
        let ends: [fn(Held<()>); 4] = [
            drop,
            |held| held.drop_here(here()),
            |held| thread::spawn(move || drop(held)).join().unwrap(),
            |held| thread::spawn(move || held.drop_here(here())).join().unwrap(),
        ];
        for (ended, end) in (1..).zip(ends) {
            let held = Held::by_handle(&handle, here());
            assert_eq!(handles(&handle), before + ended * Handles::MADE + (ended - 1) * Handles::GONE);
            end(held);
            assert_eq!(handles(&handle), before + ended * (Handles::MADE + Handles::GONE));
            end(Held::by_static(forever));
            assert_eq!(handles(&handle), before + ended * (Handles::MADE + Handles::GONE));
        }
    }
}
