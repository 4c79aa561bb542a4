//! What does a StatsD server receive: how many lines a second, and how many bytes of the same registry?
//!
//! Prints what it found as JSON, which `benches/table --run` reads. `cargo test` only tries whether all of it runs, on fewer lines.
//!
//!     cargo bench -p instrument-benches --bench statsd_wire

use std::process::ExitCode;
use std::time::Duration;

mod lines;
mod registry;

/// What was measured of a contender, with the names that `benches/report` reads.
type Numbers = Vec<(&'static str, f64)>;

/// As long as fits Ethernet: what `metrics-exporter-dogstatsd` sends by default, and this library to another machine.
const PACKET_BYTES: usize = 1432;

/// How long each contender sends lines.
const BUDGET: Duration = Duration::from_secs(3);

fn main() -> ExitCode {
    let by_cargo_bench = std::env::args().any(|argument| argument == "--bench");
    let (lines, budget) = if by_cargo_bench { (1_000_000, BUDGET) } else { (1_000, Duration::ZERO) };
    let found = [("lines", lines::all(lines, budget)), ("registry", registry::all())];
    let questions =
        found.map(|(question, contenders)| object(question, contenders.into_iter().map(of_contender)));
    println!("{{{}}}", questions.join(", "));
    ExitCode::SUCCESS
}

fn of_contender((contender, numbers): (&str, Numbers)) -> String {
    object(contender, numbers.into_iter().map(|(name, value)| format!("\"{name}\": {value}")))
}

fn object(name: &str, fields: impl Iterator<Item = String>) -> String {
    format!("\"{name}\": {{{}}}", fields.collect::<Vec<_>>().join(", "))
}
