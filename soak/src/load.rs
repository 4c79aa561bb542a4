//! Threads that come, record and go.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use instrument_core::{Buckets, Counter, Error, Family, Histogram, Labels, Red, Registry, UpDownCounter};

use crate::tally::Tally;

/// So many threads record at a time.
const AT_A_TIME: usize = 48;

/// So many users are about at a time, and so many of them are others after a second.
const USERS: u64 = 300;
const NEW_USERS_A_SECOND: u64 = 200;

/// Longer than any reader takes from one reading to the next, on a machine that others use too.
const IDLE_TIMEOUT: Duration = Duration::from_secs(5);

/// How many users have a series at a time, once the first could be gone: those who are about, and those who have left within the timeout or, on a
/// busy machine, within twice that.
pub(crate) const USERS_LEFT: RangeInclusive<u64> =
    USERS..=USERS + 2 * NEW_USERS_A_SECOND * IDLE_TIMEOUT.as_secs();

#[derive(Labels)]
struct User<'a> {
    user: &'a str,
}

#[derive(Clone)]
pub(crate) struct Load {
    jobs: Counter,
    of_users: Family<User<'static>, Counter>,
    sizes: Histogram<u64>,
    at_work: UpDownCounter,
    job: Red,
    tally: Arc<Tally>,
    begun: Instant,
}

impl Load {
    pub(crate) fn register(registry: &Registry, tally: Arc<Tally>) -> Result<Self, Error> {
        Ok(Self {
            jobs: registry.counter("jobs", "Jobs done.").register()?,
            of_users: registry
                .counter("of_users", "Jobs done, by user.")
                .labels()
                .max_series(4_000)
                .idle_timeout(IDLE_TIMEOUT)
                .register()?,
            sizes: registry
                .histogram("size", "Sizes of jobs.")
                .unit("bytes")
                .buckets(Buckets::exponential(1.0, 4.0, 10).and_native(3, 160))
                .register()?,
            at_work: registry.up_down_counter("at_work", "Threads at work.").register()?,
            job: Red::register(registry, "job")?,
            tally,
            begun: Instant::now(),
        })
    }

    /// How many users have a series.
    pub(crate) fn users(&self) -> u64 {
        self.of_users.len() as u64
    }

    /// Starts threads, each of which has one thread after the other do jobs until it is over.
    pub(crate) fn start(&self, is_over: &Arc<AtomicBool>) -> Vec<JoinHandle<()>> {
        let start = |_| {
            let (load, is_over) = (self.clone(), Arc::clone(is_over));
            thread::spawn(move || {
                while !is_over.load(Ordering::Relaxed) {
                    let load = load.clone();
                    // An error is that of a thread that was to panic.
                    drop(thread::spawn(move || load.work()).join());
                }
            })
        };
        (0..AT_A_TIME).map(start).collect()
    }

    /// The life of a thread.
    fn work(&self) {
        self.tally.threads.add(1);
        let _at_work = self.at_work.track();
        for _ in 0..fastrand::u32(1..100) {
            self.do_job();
        }
        thread::sleep(Duration::from_micros(fastrand::u64(0..5_000)));
        if fastrand::u32(0..50) == 0 {
            let _span = self.job.start();
            self.tally.spans_panicked.add(1);
            panic!("as some do");
        }
    }

    fn do_job(&self) {
        self.jobs.inc();
        self.tally.jobs.add(1);

        let oldest = self.begun.elapsed().as_millis() as u64 * NEW_USERS_A_SECOND / 1_000;
        let number = oldest + fastrand::u64(0..USERS);
        self.tally.users.raise_to(number + 1);
        let user = format!("user-{number}");
        let user = User { user: &user };
        if fastrand::bool() {
            self.of_users.inc(&user);
        } else {
            let handle = self.of_users.with(&user);
            thread::yield_now();
            handle.inc();
        }
        self.tally.of_users.add(1);

        let size = fastrand::u64(0..1_000_000);
        self.sizes.observe(size);
        self.tally.sizes.add(1);
        self.tally.size_sum.add(size);

        let span = self.job.start();
        if fastrand::u32(0..10) == 0 {
            span.error();
            self.tally.spans_error.add(1);
        } else {
            span.ok();
            self.tally.spans_ok.add(1);
        }
    }
}
