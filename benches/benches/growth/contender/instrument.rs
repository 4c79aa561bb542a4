use std::any::Any;
use std::ops::ControlFlow;

use instrument_benches::LabelTexts;
use instrument_benches::scrape::{COUNTERS, HELP};
use instrument_core::{Counter, Description, Family, Labels, Registry, Sample, Series, Visitor};
use instrument_http::TextEncoder;

use super::Contender;

/// This library: a `Family` over a derived label set that borrows its strings.
pub(crate) struct Instrument {
    registry: Registry,
    counters: Family<Request<'static>, Counter>,
}

#[derive(Labels)]
struct Request<'a> {
    route: &'a str,
    tenant: &'a str,
}

impl Contender for Instrument {
    type Counter = Counter;
    type Text = Vec<u8>;

    fn new(series: usize) -> Self {
        let registry = Registry::new();
        let counters = registry
            .counter(COUNTERS, HELP)
            .labels::<Request<'_>>()
            .max_series(series)
            .register()
            .expect("first of its name");
        Self { registry, counters }
    }

    #[inline(always)]
    fn count(&self, (route, tenant): LabelTexts) {
        self.counters.inc(&Request { route, tenant });
    }

    fn counter(&self) -> Counter {
        self.registry.counter("bench_held", HELP).register().expect("first of its name")
    }

    #[inline(always)]
    fn inc(counter: &Counter) {
        counter.inc();
    }

    fn write(&self, text: &mut Vec<u8>) {
        TextEncoder::new().encode_into(&self.registry, text);
    }

    fn visit(&self) -> Option<u64> {
        let mut total = Total(0);
        self.registry.visit(&mut total);
        Some(total.0)
    }

    fn snapshot(&self) -> Option<Box<dyn Any>> {
        Some(Box::new(self.registry.snapshot()))
    }
}

struct Total(u64);

impl Visitor for Total {
    fn series(&mut self, _: &Description, _: &Series<'_>, sample: &Sample<'_>) -> ControlFlow<()> {
        if let Sample::Counter(count) = sample {
            self.0 += count;
        }
        ControlFlow::Continue(())
    }
}
