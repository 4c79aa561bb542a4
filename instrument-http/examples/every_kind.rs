//! A metric of every kind, to see what each format makes of it.
//!
//!     cargo run -p instrument-http --example every_kind
//!     curl http://127.0.0.1:9464/metrics
//!     curl -H 'Accept: application/openmetrics-text' http://127.0.0.1:9464/metrics
//!
//! OpenMetrics has units, infos, state sets and exemplars; protobuf has native histograms: let Prometheus run with
//! `--enable-feature=native-histograms,exemplar-storage`; from 3.8 on `scrape_native_histograms: true` is for the former. An address to listen on can be given as an argument.

use std::error::Error;
use std::time::Duration;

use instrument_core::{Buckets, Exemplar, LabelValue, Labels, Registry};
use instrument_http::MetricsServer;

#[derive(Labels)]
struct Text<'a> {
    text: &'a str,
}

#[derive(Labels)]
struct Number {
    number: u32,
}

#[derive(Labels)]
#[labels(utf8_names)]
struct Dotted<'a> {
    #[labels(rename = "käse.kind")]
    kind: &'a str,
}

#[derive(LabelValue, Clone, Copy)]
enum Light {
    Red,
    Amber,
    Green,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:9464".to_owned());
    let registry =
        Registry::builder().prefix("demo").constant_label("site", "left \"bank\"").utf8_names().build()?;
    counters(&registry)?;
    gauges(&registry)?;
    histograms(&registry)?;

    let server = MetricsServer::builder().listen(address).registry(registry).bind().await?;
    println!("metrics http://{}/metrics", server.local_addr());
    tokio::signal::ctrl_c().await?;
    server.shutdown().await;
    Ok(())
}

fn counters(registry: &Registry) -> Result<(), Box<dyn Error>> {
    let sent = registry.counter("sent", "Bytes sent, by \"text\"\nand \\ of all sorts.").unit("bytes");
    let sent = sent.labels::<Text<'_>>().register()?;
    for (length, text) in
        (1..).zip(["plain", "", "\"", "\\", "\n", "\\n", "\t\r", "é ✓ 🦀", "{}=,# EOF", " "])
    {
        sent.with(&Text { text }).inc_by(length);
    }
    sent.with(&Text { text: "plain" })
        .inc_by_with(41, Exemplar::trace_id("4bf92f3577b34da6a3ce929d0e0e4736"));
    let dotted =
        registry.counter("dotted.näme", "A name that not every parser reads.").labels::<Dotted<'_>>();
    dotted.register()?.with(&Dotted { kind: "1st" }).inc_by(7);
    // More than is written at a time.
    let many = registry.counter("many", "Many series.").labels::<Number>().register()?;
    (0..5_000).for_each(|number| many.with(&Number { number }).inc_by(number.into()));
    Ok(())
}

fn gauges(registry: &Registry) -> Result<(), Box<dyn Error>> {
    for (name, value) in
        [("nan", f64::NAN), ("above", f64::INFINITY), ("below", f64::NEG_INFINITY), ("tiny", 5e-324)]
    {
        registry.gauge(name, "A number that is not often met.").register()?.set(value);
    }
    registry.up_down_counter("depth", "Depth below ground.").register()?.add(-3);
    registry.info("build", "What runs.").label("version", "1.2.3").register()?;
    let light = registry.state_set::<Light>("light", "What the traffic light shows.").register()?;
    for shown in [Light::Red, Light::Green, Light::Amber] {
        light.set(&shown);
    }
    Ok(())
}

fn histograms(registry: &Registry) -> Result<(), Box<dyn Error>> {
    let lookup = registry.histogram::<Duration>("lookup", "Time to look something up.");
    let lookup = lookup.buckets(Buckets::latency().and_native(3, 160)).labels::<Text<'_>>().register()?;
    for milliseconds in 1..=1_000 {
        let exemplar = (milliseconds % 100 == 0).then(|| Exemplar::trace_id(format!("trace-{milliseconds}")));
        lookup.with(&Text { text: "plain" }).observe_with(Duration::from_millis(milliseconds), exemplar);
    }
    let balance = registry.histogram::<f64>("balance", "Balances, of which some are below zero.");
    let balance = balance.buckets(Buckets::explicit([-10.0, 0.0, 10.0]).and_native(0, 160)).register()?;
    for value in [-100.0, -1.0, 0.0, 0.5, 64.0, f64::INFINITY, f64::NAN] {
        balance.observe(value);
    }
    let rows = registry.histogram::<u64>("rows", "Rows read.").buckets(Buckets::native(3, 160)).register()?;
    (1..=100).for_each(|read| rows.observe(read));
    let idle =
        registry.histogram::<u64>("idle", "What has not happened yet.").buckets(Buckets::native(3, 160));
    idle.register()?;
    Ok(())
}
