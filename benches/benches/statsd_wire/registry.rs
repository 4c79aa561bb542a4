//! How much one flush of 10,000 counters and 1,000 histograms of two labels is on the wire. Each counter has grown, and each histogram has
//! observed twenty values.

use std::any::Any;
use std::path::Path;
use std::time::Duration;

use instrument_benches::scrape::{COUNTERS, HELP, HISTOGRAMS, Series, counters, histograms};
use instrument_benches::statsd::Drain;
use instrument_core::{Labels, Registry};
use instrument_statsd::{Flavor, HistogramForm, StatsdExporter, Transport};
use metrics_exporter_dogstatsd::DogStatsDBuilder;

use super::{Numbers, PACKET_BYTES};

const PREFIX: &str = "app";

pub(crate) fn all() -> Vec<(&'static str, Numbers)> {
    vec![
        ("instrument", of(|path| instrument(path, HistogramForm::Samples))),
        ("instrument_packed", of(|path| instrument(path, HistogramForm::PackedDistributions))),
        ("metrics_exporter_dogstatsd", of(metrics_exporter_dogstatsd)),
    ]
}

/// What has the registry, and sends it as long as it is there.
type Sender = Box<dyn Any>;

fn of(send: impl FnOnce(&Path) -> Sender) -> Numbers {
    let directory = tempfile::tempdir().expect("a writable directory");
    let path = directory.path().join("statsd.sock");
    let drain = Drain::bind_and_keep(&path).expect("a free path");
    let _sender = send(&path);
    let (mut received, mut packets, mut bytes) = (Totals::default(), 0, 0);
    loop {
        let seen = drain.lines();
        for packet in drain.take_packets() {
            packets += 1;
            bytes += packet.len();
            received.add(&String::from_utf8_lossy(&packet));
        }
        if received == Totals::of_registry() {
            break;
        }
        assert!(drain.await_lines(seen + 1), "{received:?} instead of {:?}", Totals::of_registry());
    }
    vec![("bytes", bytes as f64), ("packets", f64::from(packets)), ("lines", drain.lines() as f64)]
}

/// What a server makes of all lines: nobody is measured who loses or doubles something.
#[derive(Debug, Default, PartialEq)]
struct Totals {
    counted: f64,
    observed: f64,
}

impl Totals {
    fn of_registry() -> Self {
        let counted = counters().map(|(_, value)| grown(value) as f64).sum();
        Self { counted, observed: histograms().map(|(_, observed)| observed.len() as f64).sum() }
    }

    fn add(&mut self, packet: &str) {
        for line in packet.lines() {
            let mut parts = line.split('|');
            let mut values = parts.next().into_iter().flat_map(|part| part.split(':')).skip(1);
            match parts.next() {
                Some("c") => {
                    self.counted += values.next().and_then(|value| value.parse().ok()).unwrap_or(0.0);
                }
                Some("h" | "d" | "ms") => {
                    let rate = parts.find_map(|part| part.strip_prefix('@')?.parse().ok()).unwrap_or(1.0);
                    self.observed += (values.count() as f64 / rate).round();
                }
                _ => {}
            }
        }
    }
}

/// By how much a counter has grown: not one stands still.
fn grown(value: u64) -> u64 {
    value + 1
}

fn instrument(path: &Path, form: HistogramForm) -> Sender {
    #[derive(Labels)]
    struct Request {
        route: String,
        tenant: String,
    }

    let registry = Registry::new();
    let family = registry.counter(COUNTERS, HELP).labels::<Request>().register().expect("a new name");
    for (Series { route, tenant }, value) in counters() {
        family.with(&Request { route, tenant }).inc_by(grown(value));
    }
    let histogram = registry.histogram::<Duration>(HISTOGRAMS, HELP);
    let family = histogram.labels::<Request>().register().expect("a new name");
    for (Series { route, tenant }, observed) in histograms() {
        let histogram = family.with(&Request { route, tenant });
        observed.iter().for_each(|duration| histogram.observe(*duration));
    }
    let builder =
        StatsdExporter::builder(Transport::UnixDatagram(path.to_owned())).registry(registry.clone());
    let builder =
        builder.flavor(Flavor::DogStatsD).histograms(form).prefix(PREFIX).packet_bytes(PACKET_BYTES);
    let exporter = builder.start().expect("a local server");
    exporter.flush();
    Box::new((registry, exporter))
}

/// Its flush comes by itself, once all has been recorded, and is spread over the time until the next one.
fn metrics_exporter_dogstatsd(path: &Path) -> Sender {
    let builder = DogStatsDBuilder::default().set_global_prefix(PREFIX).with_telemetry(false);
    let builder = builder.with_flush_interval(Duration::from_secs(2));
    let builder = builder.with_remote_address(format!("unixgram://{}", path.display())).expect("an address");
    let recorder = builder.with_maximum_payload_length(PACKET_BYTES).expect("not too long").build();
    let recorder = recorder.expect("a local server");
    metrics::with_local_recorder(&recorder, || {
        for (Series { route, tenant }, value) in counters() {
            metrics::counter!(COUNTERS, "route" => route, "tenant" => tenant).increment(grown(value));
        }
        for (Series { route, tenant }, observed) in histograms() {
            let histogram = metrics::histogram!(HISTOGRAMS, "route" => route, "tenant" => tenant);
            observed.iter().for_each(|duration| histogram.record(*duration));
        }
    });
    Box::new(recorder)
}
