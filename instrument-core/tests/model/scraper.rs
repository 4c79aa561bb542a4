//! A thread that takes one snapshot after the other while others record, and looks for what cannot be.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use instrument_core::{Snapshot, Value};

use crate::lane::Registries;

pub struct Scraper {
    done: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Scraper {
    pub fn spawn(registries: Registries) -> Self {
        let done = Arc::new(AtomicBool::new(false));
        let thread = thread::spawn({
            let done = Arc::clone(&done);
            move || {
                let mut seen = vec![Seen::default(); registries.len()];
                // At least two, for one to be the later.
                for round in 0.. {
                    let is_last = done.load(Ordering::Acquire) && round > 0;
                    for (metrics, seen) in registries.iter().zip(&mut seen) {
                        seen.look(&metrics.snapshot());
                    }
                    if is_last {
                        break;
                    }
                }
            }
        });
        Self { done, thread }
    }

    /// Waits until what was recorded by now has been seen.
    pub fn end(self) {
        self.done.store(true, Ordering::Release);
        self.thread.join().unwrap();
    }
}

/// The numbers that can only grow, by their series, as they were last seen.
#[derive(Clone, Default)]
struct Seen(HashMap<String, Vec<u64>>);

impl Seen {
    fn look(&mut self, snapshot: &Snapshot) {
        for family in snapshot.families() {
            for series in family.series() {
                let labels: Vec<(&str, &str)> = series.labels().collect();
                // One that has expired and returned is another.
                let name = format!("{} {labels:?} since {:?}", family.description().name, series.created());
                let numbers = match series.value() {
                    Value::Counter(number) => vec![*number],
                    Value::Histogram(histogram) => {
                        assert_eq!(histogram.count(), histogram.counts().iter().sum::<u64>(), "{name}");
                        assert_eq!(
                            histogram.buckets().last(),
                            Some((f64::INFINITY, histogram.count())),
                            "{name}"
                        );
                        if let Some(native) = histogram.native() {
                            assert_eq!(native.count(), histogram.count(), "{name}");
                        }
                        histogram.counts().to_vec()
                    }
                    Value::UpDownCounter(open) => {
                        assert!(
                            *open >= 0,
                            "{name} is at {open}: what it counts is closed after it was opened"
                        );
                        continue;
                    }
                    other => panic!("{name}: {other:?}"),
                };
                if let Some(before) = self.0.insert(name.clone(), numbers.clone()) {
                    let grows = before.iter().zip(&numbers).all(|(before, now)| before <= now);
                    assert!(grows, "{name} stepped back from {before:?} to {numbers:?}");
                }
            }
        }
    }
}
