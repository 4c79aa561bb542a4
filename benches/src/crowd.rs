//! Calls made by any number of threads, more than there are cores among them.

use std::num::NonZero;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::threads::repeat;

/// Calls between two looks at whether the window is over: some microseconds' worth.
const CALLS_AT_A_TIME: u64 = 1_024;

/// How many nanoseconds of a core one call takes while `threads` threads make it at once, for as long as `window`.
///
/// That is the time that passed, times the cores that were at work, divided by the calls that were made. It stays the same
/// when threads only take turns on the cores, and rises when they wait for each other.
pub fn core_ns_per_call<C, P>(threads: usize, window: Duration, prepare: &P) -> f64
where
    C: FnMut(),
    P: Fn(usize) -> C + Sync,
{
    let (start_line, stop) = (Barrier::new(threads + 1), AtomicBool::new(false));
    let run = |thread: usize| {
        let mut call = repeat(CALLS_AT_A_TIME, prepare(thread));
        start_line.wait();
        let (start, mut calls) = (Instant::now(), 0);
        loop {
            call = repeat(CALLS_AT_A_TIME, call);
            calls += CALLS_AT_A_TIME;
            if stop.load(Ordering::Relaxed) {
                break (start, Instant::now(), calls);
            }
        }
    };
    let ran: Vec<(Instant, Instant, u64)> = thread::scope(|scope| {
        let run = &run;
        let crowd: Vec<_> = (0..threads).map(|thread| scope.spawn(move || run(thread))).collect();
        start_line.wait();
        thread::sleep(window);
        stop.store(true, Ordering::Relaxed);
        crowd.into_iter().map(|thread| thread.join().expect("a benchmark thread panicked")).collect()
    });
    // Not by this thread's clock: among so many it may get its turn late.
    let start = ran.iter().map(|(start, ..)| *start).min();
    let end = ran.iter().map(|(_, end, _)| *end).max();
    let elapsed = start.zip(end).map_or(Duration::ZERO, |(start, end)| end - start);
    let calls: u64 = ran.iter().map(|(.., calls)| calls).sum();
    let cores = thread::available_parallelism().map_or(1, NonZero::get).min(threads);
    elapsed.as_nanos() as f64 * cores as f64 / calls as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicU64;

    #[test]
    fn every_thread_of_a_crowd_calls() {
        let calls: [AtomicU64; 5] = Default::default();
        let ns = core_ns_per_call(calls.len(), Duration::ZERO, &|thread| {
            let calls = &calls[thread];
            move || {
                calls.fetch_add(1, Ordering::Relaxed);
            }
        });
        assert!(calls.iter().all(|calls| calls.load(Ordering::Relaxed) >= CALLS_AT_A_TIME));
        assert!(ns > 0.0);
    }
}
