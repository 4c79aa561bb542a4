//! What came of it.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use instrument_core::Snapshot;
use instrument_statsd::Stats;

use crate::resources::Resources;
use crate::scrapers::Scraped;
use crate::tally::Tally;

pub(crate) struct Report<'t> {
    pub(crate) length: Duration,
    pub(crate) tally: &'t Tally,
    pub(crate) scraped: Scraped,
    /// The sums of the counters that StatsD has received.
    pub(crate) received: HashMap<String, u64>,
    pub(crate) stats: Stats,
    /// Looked at in equal intervals, in bytes.
    pub(crate) memory: Vec<u64>,
    pub(crate) before: Resources,
    pub(crate) after: Resources,
}

/// What memory may differ by between the second quarter of the time and the last: the allocator's own coming and going.
const MEMORY_NOISE: u64 = 4 << 20;

impl Report<'_> {
    /// What is not as it must be.
    pub(crate) fn mistakes(&self, snapshot: &Snapshot) -> Vec<String> {
        let mut mistakes = Vec::new();
        let mut same = |what: &str, found: Option<u64>, done: u64| {
            if found != Some(done) {
                mistakes.push(format!("{what}: {found:?} instead of {done}"));
            }
        };
        let tally = self.tally;
        let count = |name: &str, labels: &[(&str, &str)]| {
            snapshot.histogram(name, labels).map(instrument_core::HistogramSnapshot::count)
        };
        same("jobs", snapshot.counter("jobs", &[]), tally.jobs.get());
        same("sizes", count("size_bytes", &[]), tally.sizes.get());
        let sum = snapshot.histogram("size_bytes", &[]).map(|each| each.sum() as u64);
        same("sum of sizes", sum, tally.size_sum.get());
        for (outcome, done) in
            [("ok", &tally.spans_ok), ("error", &tally.spans_error), ("panic", &tally.spans_panicked)]
        {
            same(outcome, count("job_duration_seconds", &[("outcome", outcome)]), done.get());
        }
        for (outcome, done) in
            [("ok", &tally.tasks_ok), ("error", &tally.tasks_error), ("cancelled", &tally.tasks_cancelled)]
        {
            let labels = [("function", "fetch"), ("module", "instrument_soak::tasks"), ("outcome", outcome)];
            same(&format!("tasks, {outcome}"), count("function_duration_seconds", &labels), done.get());
        }
        for gauge in ["at_work", "job_in_flight", "instrument_scrape_in_flight"] {
            same(gauge, snapshot.gauge(gauge, &[]).map(|value| value as u64), 0);
        }
        let received = |family: &str| self.received.get(family).copied();
        same("jobs, by StatsD", received("jobs"), tally.jobs.get());
        same("jobs of users, by StatsD", received("of_users"), tally.of_users.get());

        let [_, early, _, late] = self.quarters();
        let mut holds = |holds: bool, mistake: String| {
            if !holds {
                mistakes.push(mistake);
            }
        };
        holds(late <= early + MEMORY_NOISE + early / 20, format!("memory grew from {early} to {late} bytes"));
        holds(
            self.after.descriptors <= self.before.descriptors,
            format!("{:?} before, {:?} after", self.before, self.after),
        );
        holds(
            self.after.threads <= self.before.threads,
            format!("{:?} before, {:?} after", self.before, self.after),
        );
        holds(self.scraped.failed == 0, format!("{} scrapes failed", self.scraped.failed));
        holds(self.scraped.pages > 0, "no page was scraped".to_owned());
        mistakes.extend(self.scraped.steps_back.iter().map(|step| format!("a counter went back: {step}")));
        mistakes
    }

    /// The mean of memory in each quarter of the time.
    fn quarters(&self) -> [u64; 4] {
        let quarter = (self.memory.len() / 4).max(1);
        std::array::from_fn(|index| {
            let looks = self.memory.iter().skip(index * quarter).take(quarter);
            looks.sum::<u64>() / quarter as u64
        })
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tally, scraped, stats, .. } = self;
        writeln!(f, "{:?}: {} threads, {} jobs", self.length, tally.threads.get(), tally.jobs.get())?;
        writeln!(
            f,
            "spans: {} ok, {} error, {} panicked; tasks: {} ok, {} error, {} cancelled",
            tally.spans_ok.get(),
            tally.spans_error.get(),
            tally.spans_panicked.get(),
            tally.tasks_ok.get(),
            tally.tasks_error.get(),
            tally.tasks_cancelled.get()
        )?;
        writeln!(
            f,
            "scrapes: {} pages, {} broken off, {} failed",
            scraped.pages, scraped.broken_off, scraped.failed
        )?;
        writeln!(f, "StatsD: {stats:?}")?;
        let megabytes = self.quarters().map(|bytes| format!("{:.1}", bytes as f64 / 1e6));
        writeln!(f, "memory by quarters, MB: {}", megabytes.join(", "))?;
        write!(
            f,
            "descriptors: {} before, {} after; threads: {} before, {} after",
            self.before.descriptors, self.after.descriptors, self.before.threads, self.after.threads
        )
    }
}
