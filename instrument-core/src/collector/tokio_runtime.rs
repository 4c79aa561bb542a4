use std::fmt;

use tokio::runtime::{Handle, RuntimeMetrics};

use crate::{Collector, Emitter};

/// What a tokio runtime says of itself: workers, tasks, queues. Needs the feature `tokio`.
///
/// | metric | what it is |
/// |---|---|
/// | `tokio_workers` | threads that run tasks |
/// | `tokio_alive_tasks` | tasks that were spawned and have not ended |
/// | `tokio_global_queue_depth` | tasks that are ready, and in the queue that no worker owns |
/// | `tokio_worker_busy_seconds_total{worker}` | time that a worker was not parked: its rate is the share in which it was busy |
/// | `tokio_worker_parks_total{worker}` | how often a worker ran out of work |
///
/// These are what tokio gives to every program; the last two where the processor has atomics of 64 bits. A program that is built with
/// `--cfg tokio_unstable` has these too:
///
/// | metric | what it is |
/// |---|---|
/// | `tokio_spawned_tasks_total` | tasks that were spawned |
/// | `tokio_blocking_threads`, `tokio_idle_blocking_threads` | threads for blocking work, and those among them that wait for some |
/// | `tokio_blocking_queue_depth` | blocking work that waits for a thread |
/// | `tokio_worker_local_queue_depth{worker}` | tasks that are ready, and in the queue of a worker |
/// | `tokio_worker_polls_total{worker}`, `tokio_worker_steals_total{worker}` | polls, and tasks taken from other workers' queues |
/// | `tokio_poll_seconds` | how long polls took, if the runtime was built to count that; the sum is estimated from the buckets |
///
/// [`PollTimes`](super::PollTimes) measures polls without that flag, of the tasks that it is given.
///
/// The names have no prefix of the registry. The numbers of a runtime stay when it is shut down, until the collector is
/// [unregistered](crate::Registered::unregister).
///
/// ```
/// use instrument_core::Registry;
/// use instrument_core::collector::TokioRuntime;
///
/// let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build()?;
/// let registry = Registry::new();
/// registry.register_collector(TokioRuntime::new(runtime.handle()));
///
/// assert_eq!(registry.snapshot().gauge("tokio_workers", &[]), Some(2.0));
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct TokioRuntime {
    metrics: RuntimeMetrics,
    name: Option<String>,
}

impl TokioRuntime {
    /// A collector for the runtime of a handle; within a runtime that is `Handle::current()`.
    #[must_use]
    pub fn new(runtime: &Handle) -> Self {
        Self { metrics: runtime.metrics(), name: None }
    }

    /// Gives all its series the label `runtime`, so that a program with several runtimes can tell them apart.
    ///
    /// ```
    /// use instrument_core::Registry;
    /// use instrument_core::collector::TokioRuntime;
    ///
    /// let background = tokio::runtime::Builder::new_multi_thread().worker_threads(3).build()?;
    /// let registry = Registry::new();
    /// registry.register_collector(TokioRuntime::new(background.handle()).named("background"));
    ///
    /// assert_eq!(registry.snapshot().gauge("tokio_workers", &[("runtime", "background")]), Some(3.0));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    fn label(&self) -> Option<(&str, &str)> {
        self.name.as_deref().map(|name| ("runtime", name))
    }

    fn gauge(&self, emitter: &mut Emitter<'_>, name: &str, help: &str, value: usize) {
        let labels: Vec<_> = self.label().into_iter().collect();
        emitter.gauge(name, help).without_prefix().labelled(&labels, value as f64);
    }

    /// Emits a series for each worker, through `emit`, which is given its labels and its index.
    fn each_worker(&self, mut emit: impl FnMut(&[(&str, &str)], usize)) {
        for worker in 0..self.metrics.num_workers() {
            let index = worker.to_string();
            let labels: Vec<_> = self.label().into_iter().chain([("worker", index.as_str())]).collect();
            emit(&labels, worker);
        }
    }

    #[cfg(target_has_atomic = "64")]
    fn collect_workers(&self, emitter: &mut Emitter<'_>) {
        let metrics = &self.metrics;
        self.each_worker(|labels, worker| {
            emitter
                .float_counter("tokio_worker_busy", "Time that a worker was not parked.")
                .unit("seconds")
                .without_prefix()
                .labelled(labels, metrics.worker_total_busy_duration(worker).as_secs_f64());
        });
        self.each_worker(|labels, worker| {
            emitter
                .counter("tokio_worker_parks", "How often a worker ran out of work.")
                .without_prefix()
                .labelled(labels, metrics.worker_park_count(worker));
        });
    }
}

impl Collector for TokioRuntime {
    fn collect(&self, emitter: &mut Emitter<'_>) {
        let metrics = &self.metrics;
        self.gauge(emitter, "tokio_workers", "Threads that run tasks.", metrics.num_workers());
        let help = "Tasks that were spawned and have not ended.";
        self.gauge(emitter, "tokio_alive_tasks", help, metrics.num_alive_tasks());
        let help = "Tasks that are ready, and in the queue that no worker owns.";
        self.gauge(emitter, "tokio_global_queue_depth", help, metrics.global_queue_depth());
        #[cfg(target_has_atomic = "64")]
        self.collect_workers(emitter);
        #[cfg(tokio_unstable)]
        self.collect_unstable(emitter);
    }
}

impl fmt::Debug for TokioRuntime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokioRuntime").field("name", &self.name).finish_non_exhaustive()
    }
}

#[cfg(tokio_unstable)]
mod unstable {
    use super::TokioRuntime;
    use crate::Emitter;
    use crate::collector::EmittedHistogram;

    impl TokioRuntime {
        pub(super) fn collect_unstable(&self, emitter: &mut Emitter<'_>) {
            let metrics = &self.metrics;
            let help = "Threads for blocking work.";
            self.gauge(emitter, "tokio_blocking_threads", help, metrics.num_blocking_threads());
            let help = "Threads for blocking work that have none.";
            self.gauge(emitter, "tokio_idle_blocking_threads", help, metrics.num_idle_blocking_threads());
            let help = "Blocking work that waits for a thread.";
            self.gauge(emitter, "tokio_blocking_queue_depth", help, metrics.blocking_queue_depth());
            self.each_worker(|labels, worker| {
                emitter
                    .gauge(
                        "tokio_worker_local_queue_depth",
                        "Tasks that are ready, and in the queue of a worker.",
                    )
                    .without_prefix()
                    .labelled(labels, metrics.worker_local_queue_depth(worker) as f64);
            });
            #[cfg(target_has_atomic = "64")]
            self.collect_unstable_counts(emitter);
        }

        #[cfg(target_has_atomic = "64")]
        fn collect_unstable_counts(&self, emitter: &mut Emitter<'_>) {
            let metrics = &self.metrics;
            let labels: Vec<_> = self.label().into_iter().collect();
            emitter
                .counter("tokio_spawned_tasks", "Tasks that were spawned.")
                .without_prefix()
                .labelled(&labels, metrics.spawned_tasks_count());
            self.each_worker(|labels, worker| {
                emitter
                    .counter("tokio_worker_polls", "Polls of tasks.")
                    .without_prefix()
                    .labelled(labels, metrics.worker_poll_count(worker));
            });
            self.each_worker(|labels, worker| {
                emitter
                    .counter("tokio_worker_steals", "Tasks taken from the queues of other workers.")
                    .without_prefix()
                    .labelled(labels, metrics.worker_steal_count(worker));
            });
            if metrics.poll_time_histogram_enabled() {
                self.collect_poll_times(emitter, &labels);
            }
        }

        /// The histograms of all workers have the same buckets. What is beyond the last but one ends at the greatest duration there is.
        #[cfg(target_has_atomic = "64")]
        fn collect_poll_times(&self, emitter: &mut Emitter<'_>, labels: &[(&str, &str)]) {
            let metrics = &self.metrics;
            let buckets = 0..metrics.poll_time_histogram_num_buckets();
            let workers = 0..metrics.num_workers();
            let count = |bucket| {
                let counts =
                    workers.clone().map(|worker| metrics.poll_time_histogram_bucket_count(worker, bucket));
                counts.fold(0_u64, u64::saturating_add)
            };
            let counts: Vec<u64> = buckets.clone().map(count).collect();
            let ranges: Vec<_> =
                buckets.map(|bucket| metrics.poll_time_histogram_bucket_range(bucket)).collect();
            let bounds =
                ranges.iter().take(ranges.len().saturating_sub(1)).map(|range| range.end.as_secs_f64());
            let bounds: Vec<f64> = bounds.collect();
            // tokio keeps no sum. A poll is taken for as long as the middle of its bucket, and beyond the last bound for that.
            let middle =
                |(index, range): (usize, &std::ops::Range<std::time::Duration>)| match bounds.get(index) {
                    Some(end) => (range.start.as_secs_f64() + end) / 2.0,
                    None => range.start.as_secs_f64(),
                };
            let sum =
                ranges.iter().enumerate().map(middle).zip(&counts).map(|(size, &count)| size * count as f64);
            let (bounds, sum) = (&bounds, sum.sum());
            emitter
                .histogram("tokio_poll", "How long polls took; the sum is estimated from the buckets.")
                .unit("seconds")
                .without_prefix()
                .labelled(labels, EmittedHistogram { bounds, counts: &counts, sum });
        }
    }
}
