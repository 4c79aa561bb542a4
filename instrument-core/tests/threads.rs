//! Counting while threads come and go.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use instrument_core::{Buckets, Registry};

#[test]
fn sums_over_threads_that_come_and_go_are_exact_and_never_step_back() {
    const GENERATIONS: u64 = 500;
    const PER_THREAD: u64 = 200;
    let registry = Registry::new();
    let counter = registry.counter("events", "Events.").register().unwrap();
    let in_flight = registry.up_down_counter("open", "Open things.").register().unwrap();
    let sizes =
        registry.histogram::<u64>("size", "Sizes.").buckets(Buckets::linear(1.0, 1.0, 8)).register().unwrap();
    let done = AtomicBool::new(false);

    thread::scope(|scope| {
        let scraper = scope.spawn(|| {
            let (mut last_count, mut last_observed, mut scrapes) = (0, 0, 0_u64);
            while !done.load(Ordering::Acquire) || scrapes == 0 {
                let snapshot = registry.snapshot();
                let count = snapshot.counter("events", &[]).unwrap();
                let observed = snapshot.histogram("size", &[]).unwrap().count();
                assert!(count >= last_count, "the counter stepped back from {last_count} to {count}");
                assert!(
                    observed >= last_observed,
                    "the histogram stepped back from {last_observed} to {observed}"
                );
                (last_count, last_observed) = (count, observed);
                scrapes += 1;
            }
            scrapes
        });
        let lanes: Vec<_> = (0..8)
            .map(|lane: u64| {
                let (counter, in_flight, sizes) = (&counter, &in_flight, &sizes);
                scope.spawn(move || {
                    for _ in 0..GENERATIONS {
                        thread::scope(|scope| {
                            scope.spawn(move || {
                                for _ in 0..PER_THREAD {
                                    let _open = in_flight.track();
                                    counter.inc();
                                    sizes.observe(lane);
                                }
                            });
                        });
                    }
                })
            })
            .collect();
        for lane in lanes {
            lane.join().unwrap();
        }
        done.store(true, Ordering::Release);
        assert!(scraper.join().unwrap() > 0);
    });

    let total = 8 * GENERATIONS * PER_THREAD;
    assert_eq!(counter.get(), total);
    assert_eq!(in_flight.get(), 0);
    let snapshot = registry.snapshot();
    let sizes = snapshot.histogram("size", &[]).unwrap();
    assert_eq!(sizes.count(), total);
    assert_eq!(sizes.sum(), (total / 8 * (0..8_u64).sum::<u64>()) as f64);
    // 0 and 1 share the first bucket; nothing is beyond the bounds.
    let per_lane = total / 8;
    assert_eq!(
        sizes.counts(),
        [2 * per_lane, per_lane, per_lane, per_lane, per_lane, per_lane, per_lane, 0, 0]
    );
}

#[test]
fn what_a_thread_counts_while_it_is_torn_down_is_kept() {
    use std::cell::RefCell;

    use instrument_core::Counter;

    struct CountOnDrop(Counter);
    impl Drop for CountOnDrop {
        fn drop(&mut self) {
            self.0.inc();
        }
    }
    thread_local! {
        static BEFORE: RefCell<Option<CountOnDrop>> = const { RefCell::new(None) };
        static AFTER: RefCell<Option<CountOnDrop>> = const { RefCell::new(None) };
    }
    let registry = Registry::new();
    let counter = registry.counter("last_words", "Counted by destructors.").register().unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            // One destructor is registered before the thread's slab is, and one after: one of them runs when it is gone.
            BEFORE.set(Some(CountOnDrop(counter.clone())));
            counter.inc();
            AFTER.set(Some(CountOnDrop(counter.clone())));
        });
        // This thread's first and only addition is in a destructor.
        scope.spawn(|| AFTER.set(Some(CountOnDrop(counter.clone()))));
    });
    // A scope waits for the closures; destructors may still be running.
    let deadline = Instant::now() + Duration::from_secs(60);
    while counter.get() < 4 && Instant::now() < deadline {
        thread::yield_now();
    }
    assert_eq!(registry.snapshot().counter("last_words_total", &[]), Some(4));
}

#[test]
fn a_handle_that_outlives_its_registry_still_counts() {
    let counter = Registry::new().counter("orphan", "").register().unwrap();
    counter.inc_by(7);
    assert_eq!(counter.get(), 7);
}

#[test]
fn cells_of_dropped_metrics_are_given_out_again_at_zero() {
    for round in 0..2000_u64 {
        let registry = Registry::new();
        let counter = registry.counter("round", "").register().unwrap();
        let histogram = registry.histogram::<Duration>("took", "").register().unwrap();
        let floats = registry.histogram::<f64>("ratio", "").register().unwrap();
        assert_eq!(counter.get(), 0, "round {round}");
        counter.inc_by(u64::MAX);
        histogram.observe(Duration::MAX);
        floats.observe(-1.5);
        let snapshot = registry.snapshot();
        assert_eq!(snapshot.histogram("took", &[]).unwrap().count(), 1);
        assert_eq!(snapshot.histogram("ratio", &[]).unwrap().sum(), -1.5);
    }
}

#[test]
fn a_sum_of_floating_point_numbers_does_not_step_back_when_a_thread_ends() {
    let registry = Registry::new();
    let ratios = registry.histogram::<f64>("ratio", "").register().unwrap();
    let sum = || registry.snapshot().histogram("ratio", &[]).unwrap().sum();
    for round in 0..200_u32 {
        let before_end = thread::scope(|scope| {
            scope
                .spawn(|| {
                    for step in 1..=10 {
                        ratios.observe(f64::from(round * step) * 0.1 + 1e-7);
                    }
                    sum()
                })
                .join()
                .unwrap()
        });
        // Whether the destructor has run or not, the sum is the same to the bit.
        assert_eq!(sum(), before_end, "round {round}");
    }
}

#[test]
fn what_goes_up_and_down_is_never_seen_below_zero() {
    let registry = Registry::new();
    let open = registry.up_down_counter("open", "").register().unwrap();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let scraper = scope.spawn(|| {
            let mut scrapes = 0_u64;
            while !done.load(Ordering::Acquire) || scrapes == 0 {
                let seen = [open.get(), registry.snapshot().up_down_counter("open", &[]).unwrap()];
                assert!(seen.iter().all(|&open| open >= 0), "{seen:?}");
                scrapes += 1;
            }
        });
        // Up on one thread, down on another.
        let (send, receive) = std::sync::mpsc::sync_channel(64);
        let taker = scope.spawn(move || receive.into_iter().for_each(drop::<instrument_core::InFlight>));
        for _ in 0..100_000 {
            send.send(open.track()).unwrap();
        }
        drop(send);
        taker.join().unwrap();
        done.store(true, Ordering::Release);
        scraper.join().unwrap();
    });
    assert_eq!(open.get(), 0);
}
