//! Alone in its process, because the bound is the process's.

use std::sync::Barrier;
use std::thread;

use instrument_core::Registry;

#[test]
fn threads_beyond_the_bound_share_and_lose_nothing() {
    const THREADS: u64 = 16;
    const PER_THREAD: u64 = 10_000;
    instrument_core::set_max_threads(4);
    let registry = Registry::new();
    let counter = registry.counter("events", "").register().unwrap();
    let ratios = registry.histogram::<f64>("ratio", "").register().unwrap();
    let together = Barrier::new(THREADS as usize);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                // All claim before one ends.
                counter.inc();
                together.wait();
                for _ in 1..PER_THREAD {
                    counter.inc();
                    ratios.observe(0.5);
                }
                ratios.observe(0.5);
            });
        }
    });
    assert_eq!(counter.get(), THREADS * PER_THREAD);
    let snapshot = registry.snapshot();
    let ratios = snapshot.histogram("ratio", &[]).unwrap();
    assert_eq!((ratios.count(), ratios.sum()), (THREADS * PER_THREAD, (THREADS * PER_THREAD) as f64 / 2.0));
}
