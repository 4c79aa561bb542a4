//! What came of it.

use std::collections::HashMap;
use std::fmt::{self, Debug};
use std::time::Duration;

use instrument_core::{HistogramSnapshot, Snapshot};
use instrument_statsd::Stats;

use crate::load;
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
    /// How many users had a series when the load ended.
    pub(crate) users_left: u64,
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
        let mut mistakes = Mistakes::default();
        let tally = self.tally;
        let count = |name: &str, labels: &[(&str, &str)]| {
            snapshot.histogram(name, labels).map(HistogramSnapshot::count)
        };
        mistakes.same("jobs", snapshot.counter("jobs", &[]), tally.jobs.get());
        mistakes.same("sizes", count("size_bytes", &[]), tally.sizes.get());
        let sum = snapshot.histogram("size_bytes", &[]).map(HistogramSnapshot::sum);
        mistakes.same("sum of sizes", sum, tally.size_sum.get() as f64);
        for (outcome, done) in
            [("ok", &tally.spans_ok), ("error", &tally.spans_error), ("panic", &tally.spans_panicked)]
        {
            mistakes.same(outcome, count("job_duration_seconds", &[("outcome", outcome)]), done.get());
        }
        for (outcome, done) in
            [("ok", &tally.tasks_ok), ("error", &tally.tasks_error), ("cancelled", &tally.tasks_cancelled)]
        {
            let labels = [("function", "fetch"), ("module", "instrument_soak::tasks"), ("outcome", outcome)];
            mistakes.same(
                &format!("tasks, {outcome}"),
                count("function_duration_seconds", &labels),
                done.get(),
            );
        }
        for gauge in ["at_work", "job_in_flight", "instrument_scrape_in_flight"] {
            mistakes.same(gauge, snapshot.gauge(gauge, &[]), 0.0);
        }
        let received = |family: &str| self.received.get(family).copied();
        mistakes.same("jobs, by StatsD", received("jobs"), tally.jobs.get());
        mistakes.same("jobs of users, by StatsD", received("of_users"), tally.of_users.get());

        // Without a series of its own a user is counted in that of the overflow, where the sum is right as well.
        let overflow = snapshot.counter("instrument_overflow", &[("family", "of_users")]);
        mistakes.same("jobs of users that had no series", overflow.or(Some(0)), 0);
        let (came, left) = (tally.users.get(), self.users_left);
        mistakes.holds(
            load::USERS_LEFT.contains(&left),
            format!("{left} of {came} users have a series at the end, not {:?}", load::USERS_LEFT),
        );

        let [_, early, _, late] = self.quarters();
        mistakes.holds(
            late <= early + MEMORY_NOISE + early / 20,
            format!("memory grew from {early} to {late} bytes"),
        );
        mistakes.holds(
            self.after.descriptors <= self.before.descriptors,
            format!("{:?} before, {:?} after", self.before, self.after),
        );
        mistakes.holds(
            self.after.threads <= self.before.threads,
            format!("{:?} before, {:?} after", self.before, self.after),
        );
        mistakes.holds(self.scraped.failed == 0, format!("{} scrapes failed", self.scraped.failed));
        mistakes.holds(self.scraped.pages > 0, "no page was scraped".to_owned());
        mistakes.0.extend(self.scraped.steps_back.iter().map(|step| format!("a counter went back: {step}")));
        mistakes.0
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

#[derive(Default)]
struct Mistakes(Vec<String>);

impl Mistakes {
    fn same<T: PartialEq + Debug>(&mut self, what: &str, found: Option<T>, done: T) {
        self.holds(found.as_ref() == Some(&done), format!("{what}: {found:?} instead of {done:?}"));
    }

    fn holds(&mut self, holds: bool, mistake: String) {
        if !holds {
            self.0.push(mistake);
        }
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
        let users = tally.users.get();
        writeln!(f, "users: {users} came, {} of them have a series at the end", self.users_left)?;
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
