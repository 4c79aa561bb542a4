//! Lets threads, tasks, series and scrapers come and go for a while, and then compares what was recorded with what was done.
//!
//!     cargo run --release -p instrument-soak -- --seconds 120
//!
//! Thousands of short-lived threads count in series that are new, looked up again, idle and gone; some panic within a span. Tasks under
//! `#[instrument_red]` end, fail, or are aborted. Meanwhile scrapers pull every format, some leave in the middle of a page or say nothing, and an
//! exporter pushes to a server of StatsD. It ends with 1 if a count is wrong, a counter went back, or memory, series, descriptors or threads grew.

mod load;
mod report;
mod resources;
mod scrapers;
mod statsd;
mod tally;
mod tasks;

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use instrument_core::Registry;
use instrument_http::MetricsServer;
use instrument_statsd::StatsdExporter;

use crate::load::Load;
use crate::report::Report;
use crate::resources::Resources;
use crate::scrapers::Scrapers;
use crate::tally::Tally;

/// How often memory is looked at.
const LOOK: Duration = Duration::from_millis(250);

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let length = length()?;
    // Threads that panic are part of the load: what they say is not.
    std::panic::set_hook(Box::new(|_| ()));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let registry = Registry::global();
    let tally = Arc::new(Tally::default());
    let load = Load::register(registry, Arc::clone(&tally))?;

    let received = statsd::Server::start()?;
    let exporter = StatsdExporter::builder(received.transport())
        .registry(registry.clone())
        .interval(Duration::from_millis(100))
        .start()?;
    // Its connection is there from now on.
    exporter.flush();
    let server =
        runtime.block_on(MetricsServer::builder().listen("127.0.0.1:0").registry(registry.clone()).bind())?;

    let is_over = Arc::new(AtomicBool::new(false));
    let begun = Instant::now();
    let before = Resources::now()?;
    let scrapers = Scrapers::start(server.local_addr(), &is_over);
    let threads = load.start(&is_over);
    let tasks = tasks::start(&runtime, Arc::clone(&tally), Arc::clone(&is_over));
    let mut memory = Vec::new();
    while begun.elapsed() < length {
        thread::sleep(LOOK);
        memory.push(Resources::now()?.memory);
    }
    let users_left = load.users();
    is_over.store(true, Ordering::Relaxed);
    threads.into_iter().for_each(|thread| drop(thread.join()));
    runtime.block_on(tasks)?;
    let scraped = scrapers.join();
    let after = Resources::at_most(&before, Duration::from_secs(20))?;

    exporter.shutdown();
    let stats = exporter.stats();
    drop(exporter);
    let received = received.finish();
    runtime.block_on(server.shutdown());

    let report =
        Report { length, tally: &tally, scraped, received, stats, users_left, memory, before, after };
    println!("{report}");
    let mistakes = report.mistakes(&registry.snapshot());
    mistakes.iter().for_each(|mistake| println!("WRONG: {mistake}"));
    Ok(if mistakes.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn length() -> Result<Duration, lexopt::Error> {
    use lexopt::prelude::*;

    let mut seconds = 60;
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("seconds") => seconds = arguments.value()?.parse()?,
            other => return Err(other.unexpected()),
        }
    }
    Ok(Duration::from_secs(seconds))
}
