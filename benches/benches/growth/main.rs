//! How does the cost grow with the number of series and of threads, and what does a million series take?
//!
//! A process measures one point of one contender, so that memory is that contender's alone, and prints what it found as
//! JSON. `benches/table --run` asks for all points. One by hand:
//!
//!     cargo bench -p instrument-benches --bench growth -- series instrument 1000
//!
//! Each contender has one family of counters with two labels, whose texts come with the call, as a tenant's name comes with a
//! request: to keep them, everybody has to copy them.

use std::io;
use std::process::{Command, ExitCode};

mod contender;
mod million;
mod series;
mod threads;

use contender::{Contender, Instrument, Measured, Metrics, Prometheus, PrometheusClient};

const CONTENDERS: [&str; 5] = ["instrument", "prometheus", "prometheus_client", "metrics", "measured"];

/// What was measured, with the names that `benches/report` reads.
type Numbers = Vec<(&'static str, f64)>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let by_cargo_bench = arguments.iter().any(|argument| argument == "--bench");
    let words: Vec<&str> =
        arguments.iter().map(String::as_str).filter(|word| !word.starts_with('-')).collect();
    match words[..] {
        [question, contender, size, ref rest @ ..] => {
            answer(question, contender, size, rest.first().copied())
        }
        // As Criterion does: `cargo bench` measures, `cargo test` only tries whether all of it runs.
        _ if by_cargo_bench => {
            println!("growth is measured point by point, by `benches/table --run`");
            ExitCode::SUCCESS
        }
        _ => try_all(),
    }
}

fn answer(question: &str, contender: &str, size: &str, read: Option<&str>) -> ExitCode {
    let Ok(size) = size.parse() else {
        eprintln!("{size} is not a number of series or threads");
        return ExitCode::FAILURE;
    };
    let numbers = match contender {
        "instrument" => ask::<Instrument>(question, size, read),
        "prometheus" => ask::<Prometheus>(question, size, read),
        "prometheus_client" => ask::<PrometheusClient>(question, size, read),
        "metrics" => ask::<Metrics>(question, size, read),
        "measured" => ask::<Measured>(question, size, read),
        _ => threads::floor(question, contender, size),
    };
    match numbers {
        Some(Ok(numbers)) => {
            let fields: Vec<_> = numbers.iter().map(|(name, value)| format!("\"{name}\": {value}")).collect();
            println!("{{{}}}", fields.join(", "));
            ExitCode::SUCCESS
        }
        Some(Err(error)) => {
            eprintln!("the process cannot read its own memory: {error}");
            ExitCode::FAILURE
        }
        None => {
            eprintln!("{contender} has no answer to {question} {}", read.unwrap_or_default());
            ExitCode::FAILURE
        }
    }
}

fn ask<C: Contender>(question: &str, size: usize, read: Option<&str>) -> Option<io::Result<Numbers>> {
    match question {
        "series" => Some(series::growth::<C>(size)),
        "held" => Some(Ok(threads::held::<C>(size))),
        "look_up" => Some(Ok(threads::look_up::<C>(size))),
        "memory" => Some(threads::memory::<C>(size)),
        "million" => million::read::<C>(size, read?),
        _ => None,
    }
}

/// Each kind of point once, small.
fn try_all() -> ExitCode {
    let everybody = CONTENDERS.iter().flat_map(|&contender| {
        [
            vec!["series", contender, "10"],
            vec!["held", contender, "2"],
            vec!["look_up", contender, "2"],
            vec!["memory", contender, "2"],
            vec!["million", contender, "1000", "text"],
        ]
    });
    let some = [
        vec!["held", "floor_single_writer", "2"],
        vec!["held", "floor_fetch_add", "2"],
        vec!["million", "instrument", "1000", "visit"],
        vec!["million", "instrument", "1000", "snapshot"],
        vec!["million", "prometheus", "1000", "snapshot"],
    ];
    let failed = everybody.chain(some).filter(|point| {
        let program = std::env::current_exe().expect("a running program has a path");
        let ran = Command::new(program).args(point).status().is_ok_and(|status| status.success());
        println!("{}: {}", point.join(" "), if ran { "ok" } else { "FAILED" });
        !ran
    });
    if failed.count() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
