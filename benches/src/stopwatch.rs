//! Medians of times that are taken as often as a budget allows, for what is too slow or too varied for Criterion.

use std::time::{Duration, Instant};

use crate::threads::repeat;

/// A slow contender is measured this often, whatever it takes.
const FEWEST_TIMES: usize = 3;

/// The median of the nanoseconds that `run` takes, run until `budget` is spent, and at least three times.
pub fn median_ns(budget: Duration, mut run: impl FnMut()) -> f64 {
    let begun = Instant::now();
    let mut times = Vec::new();
    while times.len() < FEWEST_TIMES || begun.elapsed() < budget {
        let start = Instant::now();
        run();
        times.push(start.elapsed());
    }
    times.sort_unstable();
    times[times.len() / 2].as_nanos() as f64
}

/// The median of what one call takes, over passes of `calls` calls each.
pub fn median_ns_per_call(budget: Duration, calls: u64, call: impl FnMut()) -> f64 {
    let mut call = Some(call);
    let pass = || call = call.take().map(|call| repeat(calls, call));
    median_ns(budget, pass) / calls as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spent_budget_still_gives_three_times() {
        let mut runs = 0;
        median_ns(Duration::ZERO, || runs += 1);
        assert_eq!(runs, FEWEST_TIMES);
    }

    #[test]
    fn every_pass_makes_all_its_calls() {
        let mut calls = 0;
        median_ns_per_call(Duration::ZERO, 10, || calls += 1);
        assert_eq!(calls, 10 * FEWEST_TIMES);
    }
}
