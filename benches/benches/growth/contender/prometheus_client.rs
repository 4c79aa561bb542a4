use instrument_benches::LabelTexts;
use instrument_benches::scrape::{COUNTERS, HELP};
use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::{counter::Counter, family::Family};
use prometheus_client::registry::Registry;

use super::Contender;

/// A `Family` over a derived label set. It looks up by the label set that it keeps, which has to own its texts, so that each look-up
/// copies them; those who know all texts ahead do better, as `labelled` shows.
pub(crate) struct PrometheusClient {
    registry: Registry,
    counters: Family<Request, Counter>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    route: String,
    tenant: String,
}

impl Contender for PrometheusClient {
    type Counter = Counter;
    type Text = String;

    fn new(_series: usize) -> Self {
        let counters = Family::<Request, Counter>::default();
        let mut registry = Registry::default();
        registry.register(COUNTERS.trim_end_matches("_total"), HELP, counters.clone()); // it appends the suffix itself
        Self { registry, counters }
    }

    #[inline(always)]
    fn count(&self, (route, tenant): LabelTexts) {
        self.counters.get_or_create(&Request { route: route.to_owned(), tenant: tenant.to_owned() }).inc();
    }

    fn counter(&self) -> Counter {
        Counter::default()
    }

    #[inline(always)]
    fn inc(counter: &Counter) {
        counter.inc();
    }

    fn write(&self, text: &mut String) {
        encode(text, &self.registry).expect("a String takes all");
    }
}
