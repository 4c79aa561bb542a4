//! One question, asked of every contender in the same way.

use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, SamplingMode};

use crate::threads::{Clock, Threads, time_calls};

/// Criterion with times that keep a run of all under six minutes; `cargo bench` arguments override them.
pub fn criterion() -> Criterion {
    Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_millis(1_500))
        .sample_size(100)
        .nresamples(10_000)
        .without_plots()
        .configure_from_args()
}

/// What one call costs, by contender and by number of threads.
///
/// The benchmark ids are `<question>/<contender>/<1_thread|2_threads>`; `benches/table` reads them by these names.
#[expect(missing_debug_implementations, reason = "Criterion's group has none")]
pub struct Question<'a> {
    group: BenchmarkGroup<'a, WallTime>,
}

impl<'a> Question<'a> {
    /// Opens the question.
    pub fn new(criterion: &'a mut Criterion, name: &str) -> Self {
        let mut group = criterion.benchmark_group(name);
        // Every sample makes as many calls as every other, so that the median is the median of equals: linear
        // sampling would mix in very short ones, where the start of the second thread shows.
        group.sampling_mode(SamplingMode::Flat);
        Self { group }
    }

    /// Asks a contender on one thread and on two at once. `prepare` runs in each thread and returns the call.
    pub fn ask<C, P>(&mut self, contender: &str, prepare: P)
    where
        C: FnMut(),
        P: Fn(usize) -> C + Sync,
    {
        self.ask_and_settle(contender, prepare, || ());
    }

    /// Like [`ask`](Self::ask), with `settle` run after every sample, outside of its time.
    pub fn ask_and_settle<C, P>(&mut self, contender: &str, prepare: P, settle: impl Fn())
    where
        C: FnMut(),
        P: Fn(usize) -> C + Sync,
    {
        self.ask_by(Clock::Wall, contender, prepare, settle);
    }

    /// Like [`ask_and_settle`](Self::ask_and_settle), by the processor time of the threads that call: without that in which another has the core.
    pub fn ask_processor_time<C, P>(&mut self, contender: &str, prepare: P, settle: impl Fn())
    where
        C: FnMut(),
        P: Fn(usize) -> C + Sync,
    {
        self.ask_by(Clock::Processor, contender, prepare, settle);
    }

    fn ask_by<C, P>(&mut self, clock: Clock, contender: &str, prepare: P, settle: impl Fn())
    where
        C: FnMut(),
        P: Fn(usize) -> C + Sync,
    {
        for threads in [Threads::One, Threads::Two] {
            self.measure(contender, threads, clock, &prepare, &settle);
        }
    }

    /// Asks what cannot be shared by two threads.
    pub fn ask_on_one_thread<C, P>(&mut self, contender: &str, prepare: P)
    where
        C: FnMut(),
        P: Fn(usize) -> C + Sync,
    {
        self.measure(contender, Threads::One, Clock::Wall, &prepare, &|| ());
    }

    fn measure<C, P>(
        &mut self,
        contender: &str,
        threads: Threads,
        clock: Clock,
        prepare: &P,
        settle: &impl Fn(),
    ) where
        C: FnMut(),
        P: Fn(usize) -> C + Sync,
    {
        self.group.bench_function(BenchmarkId::new(contender, threads.id()), |bencher| {
            bencher.iter_custom(|calls| {
                let time = time_calls(threads, clock, calls, prepare);
                settle();
                time
            });
        });
    }
}
