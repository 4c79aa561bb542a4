//! Observes ten thousand times in a histogram and pushes it once, in one of the forms that there are for a histogram: `samples`, `percentiles`, or
//! `packed` for DogStatsD.
//!
//!     cargo run -p instrument-statsd --example observed_times -- 127.0.0.1:8125 samples
//!
//! Prints the times, in milliseconds. The end-to-end checks compare them with what a server makes of the lines.

use std::error::Error;
use std::time::Duration;

use instrument_core::Registry;
use instrument_statsd::{Flavor, HistogramForm, StatsdExporter};

const TIMES: usize = 10_000;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(address), Some(form)) = (arguments.next(), arguments.next()) else {
        return Err("give the server's address and a form, as in 127.0.0.1:8125 samples".into());
    };
    let (flavor, form) = match form.as_str() {
        "samples" => (Flavor::Etsy, HistogramForm::Samples),
        "percentiles" => (Flavor::Etsy, HistogramForm::Percentiles(vec![0.5, 0.9, 0.99])),
        "packed" => (Flavor::DogStatsD, HistogramForm::PackedDistributions),
        other => return Err(format!("`{other}` is no form: give samples, percentiles or packed").into()),
    };
    let registry = Registry::new();
    let observed = registry.histogram::<Duration>("observed", "Times made up.").register()?;
    let exporter = StatsdExporter::builder(address).flavor(flavor).histograms(form);
    let exporter = exporter.registry(registry.clone()).start()?;
    for time in times() {
        observed.observe(time);
        println!("{}", time.as_secs_f64() * 1e3);
    }
    if !exporter.shutdown() || exporter.stats().all_dropped_lines() > 0 {
        return Err(format!("not all was sent: {:?}", exporter.stats()).into());
    }
    Ok(())
}

/// As those of requests are: half of them below 25 ms, and one in a hundred above 0.8 s. The same in every run.
fn times() -> impl Iterator<Item = Duration> {
    let mut random = fastrand::Rng::with_seed(25);
    // The sum of twelve is normal, for all that matters here.
    let mut normal = move || (0..12).map(|_| random.f64()).sum::<f64>() - 6.0;
    (0..TIMES).map(move |_| Duration::from_millis(25).mul_f64((1.5 * normal()).exp()))
}
