use std::any::Any;

use instrument_benches::LabelTexts;
use instrument_benches::scrape::{COUNTERS, HELP, LABEL_NAMES};
use prometheus::{IntCounter, IntCounterVec, Opts, Registry, TextEncoder};

use super::Contender;

/// `IntCounterVec` and `with_label_values`. What it gathers for each scrape is its snapshot.
pub(crate) struct Prometheus {
    registry: Registry,
    counters: IntCounterVec,
}

impl Contender for Prometheus {
    type Counter = IntCounter;
    type Text = String;

    fn new(_series: usize) -> Self {
        let registry = Registry::new();
        let counters = IntCounterVec::new(Opts::new(COUNTERS, HELP), &LABEL_NAMES).expect("valid names");
        registry.register(Box::new(counters.clone())).expect("first of its name");
        Self { registry, counters }
    }

    #[inline(always)]
    fn count(&self, (route, tenant): LabelTexts) {
        self.counters.with_label_values(&[route, tenant]).inc();
    }

    fn counter(&self) -> IntCounter {
        IntCounter::new("bench_held_total", HELP).expect("valid name")
    }

    #[inline(always)]
    fn inc(counter: &IntCounter) {
        counter.inc();
    }

    fn write(&self, text: &mut String) {
        TextEncoder::new().encode_utf8(&self.registry.gather(), text).expect("a String takes all");
    }

    fn snapshot(&self) -> Option<Box<dyn Any>> {
        Some(Box::new(self.registry.gather()))
    }
}
