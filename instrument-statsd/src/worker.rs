//! A thread of one's own, and what its owner and it say to each other: flush now, it is done, come to an end.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::{process, thread};

pub(crate) const THREAD_NAME: &str = "instrument-statsd";

/// What an owner and its thread share: some content under a lock, and the requests.
#[derive(Debug)]
pub(crate) struct Shared<T> {
    state: Mutex<State<T>>,
    to_thread: Condvar,
    to_owner: Condvar,
    /// The process that the thread runs in: after a fork, the child has none.
    process: u32,
}

#[derive(Debug)]
pub(crate) struct State<T> {
    pub(crate) content: T,
    /// Whether the thread waits, and must be woken to see something.
    pub(crate) waiting: bool,
    /// The number of flushes asked for, and the number of the last one that is done.
    asked: u64,
    done: u64,
    pub(crate) closing: bool,
    /// How long the owner waits for the end.
    deadline: Option<Instant>,
    ended: bool,
}

/// What the thread found when it was woken: it gives it back when it has done its work.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Turn {
    asked: u64,
    /// Whether it is the last one.
    pub(crate) closing: bool,
}

impl<T> Shared<T> {
    pub(crate) fn new(content: T) -> Self {
        let state = State {
            content,
            waiting: false,
            asked: 0,
            done: 0,
            closing: false,
            deadline: None,
            ended: false,
        };
        let (to_thread, to_owner) = (Condvar::new(), Condvar::new());
        Self { state: Mutex::new(state), to_thread, to_owner, process: process::id() }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes the thread.
    pub(crate) fn wake(&self) {
        self.to_thread.notify_one();
    }

    /// Has the thread look at the content again.
    pub(crate) fn wake_if_it_waits(&self) {
        if self.lock().waiting {
            self.wake();
        }
    }

    /// Asks for a flush and waits until it is done. Says whether it was in time.
    pub(crate) fn flush(&self, timeout: Duration) -> bool {
        let mut state = self.lock();
        state.asked += 1;
        let asked = state.asked;
        self.wake();
        self.wait_for_thread(state, timeout, |state| state.done >= asked)
    }

    /// Asks the thread to do its last work and waits until it has ended. Says whether it was in time.
    pub(crate) fn close(&self, timeout: Duration) -> bool {
        let mut state = self.lock();
        state.closing = true;
        state.deadline = Instant::now().checked_add(timeout);
        self.wake();
        self.wait_for_thread(state, timeout, |state| state.ended)
    }

    fn wait_for_thread(
        &self,
        state: MutexGuard<'_, State<T>>,
        timeout: Duration,
        reached: impl Fn(&State<T>) -> bool,
    ) -> bool {
        if self.process != process::id() {
            return false; // There is no thread.
        }
        let wait = self.to_owner.wait_timeout_while(state, timeout, |state| !reached(state) && !state.ended);
        reached(&wait.unwrap_or_else(PoisonError::into_inner).0)
    }

    /// Called by the thread: waits until the content is `ready`, a flush is asked for or the end has come; or until a moment, if one
    /// is given.
    pub(crate) fn wait(
        &self,
        until: Option<Instant>,
        ready: impl Fn(&T) -> bool,
    ) -> MutexGuard<'_, State<T>> {
        let mut state = self.lock();
        state.waiting = true;
        let must_wait = |state: &mut State<T>| !ready(&state.content) && !state.is_asked();
        let mut state = match until {
            None => self.to_thread.wait_while(state, must_wait).unwrap_or_else(PoisonError::into_inner),
            Some(until) => {
                let timeout = until.saturating_duration_since(Instant::now());
                let wait = self.to_thread.wait_timeout_while(state, timeout, must_wait);
                wait.unwrap_or_else(PoisonError::into_inner).0
            }
        };
        state.waiting = false;
        state
    }

    /// Called by the thread: all that was asked for before its turn is done.
    pub(crate) fn done(&self, turn: Turn) {
        let mut state = self.lock();
        if state.done < turn.asked {
            state.done = turn.asked;
            self.to_owner.notify_all();
        }
    }
}

impl<T> State<T> {
    /// Whether a flush is asked for, or the last one.
    pub(crate) fn is_asked(&self) -> bool {
        self.asked != self.done || self.closing
    }

    pub(crate) fn turn(&self) -> Turn {
        Turn { asked: self.asked, closing: self.closing }
    }
}

/// Says by when the last work has to be done, once the end is asked for.
pub(crate) type Deadline = Box<dyn Fn() -> Option<Instant> + Send>;

pub(crate) fn deadline<T: Send + 'static>(shared: &Arc<Shared<T>>) -> Deadline {
    let shared = Arc::clone(shared);
    Box::new(move || shared.lock().deadline)
}

/// Starts a thread. Whatever ends it, its owner does not wait for it any longer.
pub(crate) fn start<T: Send + 'static>(
    shared: &Arc<Shared<T>>,
    run: impl FnOnce(&Shared<T>) + Send + 'static,
) -> io::Result<()> {
    struct Ended<T>(Arc<Shared<T>>);
    impl<T> Drop for Ended<T> {
        fn drop(&mut self) {
            let mut state = self.0.lock();
            state.closing = true;
            state.ended = true;
            self.0.to_owner.notify_all();
        }
    }
    let ended = Ended(Arc::clone(shared));
    thread::Builder::new().name(THREAD_NAME.to_owned()).spawn(move || run(&ended.0)).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_waits_for_the_thread_of_another_process() {
        let mut shared = Shared::new(());
        shared.process += 1;
        let start = Instant::now();
        assert!(!shared.flush(Duration::from_secs(30)));
        assert!(!shared.close(Duration::from_secs(30)));
        assert!(start.elapsed() < Duration::from_secs(10));
    }
}
