use instrument_benches::LabelTexts;
use measured::text::TextEncoder;
use measured::{Counter, CounterVec, LabelGroup, MetricGroup};
use paracord::ParaCord;

use super::Contender;

/// A `CounterVec` over two `ParaCord` sets, which keep one copy of each text for all series.
#[derive(MetricGroup)]
pub(crate) struct Measured {
    /// What the scrape benchmark reads out.
    bench_requests_total: CounterVec<RequestSet>,
}

#[derive(Clone, Copy, LabelGroup)]
#[label(set = RequestSet)]
struct Request<'a> {
    #[label(dynamic_with = ParaCord, default)]
    route: &'a str,
    #[label(dynamic_with = ParaCord, default)]
    tenant: &'a str,
}

impl Contender for Measured {
    type Counter = Counter;
    type Text = Vec<u8>;

    fn new(_series: usize) -> Self {
        Self { bench_requests_total: CounterVec::with_label_set(RequestSet::default()) }
    }

    #[inline(always)]
    fn count(&self, (route, tenant): LabelTexts) {
        self.bench_requests_total.inc(Request { route, tenant });
    }

    fn counter(&self) -> Counter {
        Counter::new()
    }

    #[inline(always)]
    fn inc(counter: &Counter) {
        counter.inc();
    }

    fn write(&self, text: &mut Vec<u8>) {
        self.collect_group_into(&mut TextEncoder::new(text)).expect("a Vec takes all");
    }
}
