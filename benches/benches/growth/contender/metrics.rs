use instrument_benches::LabelTexts;
use instrument_benches::scrape::{COUNTERS, HELP};
use metrics::Counter;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use super::Contender;

/// The macro, with the Prometheus recorder installed. It looks up by texts that it could keep, so that each look-up copies them; those who
/// know all texts ahead do better, as `labelled` shows.
pub(crate) struct Metrics {
    recorder: PrometheusHandle,
}

impl Contender for Metrics {
    type Counter = Counter;
    type Text = Vec<u8>;

    fn new(_series: usize) -> Self {
        let recorder = PrometheusBuilder::new().install_recorder().expect("first recorder");
        metrics::describe_counter!(COUNTERS, HELP);
        Self { recorder }
    }

    #[inline(always)]
    fn count(&self, (route, tenant): LabelTexts) {
        metrics::counter!(COUNTERS, "route" => route.to_owned(), "tenant" => tenant.to_owned()).increment(1);
    }

    fn counter(&self) -> Counter {
        metrics::counter!("bench_held_total")
    }

    #[inline(always)]
    fn inc(counter: &Counter) {
        counter.increment(1);
    }

    fn write(&self, text: &mut Vec<u8>) {
        self.recorder.render_to_write(text).expect("a Vec takes all");
    }
}
