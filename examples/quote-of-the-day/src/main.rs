//! A quotation a day, from an SQLite database, as a page and as JSON.
//!
//!     cargo run -p quote-of-the-day -- --traffic 20
//!
//! Among real servers it runs by `examples/quote-of-the-day/chain/run`.
//!
//! It prints where it listens; see `--help` for its flags. The parts: [`routes`] answers requests, [`quotes`] asks
//! the database, [`traffic`] is a client that keeps them busy.

use std::error::Error;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use axum::serve::ListenerExt;
use instrument_core::{Metrics, Registry};
use instrument_http::MetricsServer;
use instrument_statsd::StatsdExporter;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::arguments::{Address, Arguments, Command, Statsd};
use crate::faults::Faults;
use crate::metrics::{ConnectionUse, QuoteMetrics};
use crate::monitoring::Document;
use crate::quotes::Quotes;
use crate::signals::Signals;

mod arguments;
mod database;
mod day;
mod faults;
mod listing;
mod log;
mod metrics;
mod monitoring;
mod page;
mod problem;
mod quotes;
mod routes;
mod schema;
mod signals;
mod submission;
mod traffic;

/// How long requests may still take once the program was asked to end.
const GRACE: Duration = Duration::from_millis(4_000);

/// How long the last push to StatsD may take after that.
const STATSD_GRACE: Duration = Duration::from_millis(500);

fn main() -> ExitCode {
    let outcome = match arguments::parse(std::env::args_os()) {
        Ok(Command::Run(arguments)) => run(serve(&arguments)),
        Ok(Command::Print(document, database)) => match run(write(document, &database)) {
            Ok(text) => return print(&text),
            Err(error) => Err(error),
        },
        Ok(Command::Help) => return print(arguments::HELP),
        Ok(Command::Version) => return print(concat!("quote-of-the-day ", env!("CARGO_PKG_VERSION"), "\n")),
        Err(error) => {
            log::error(error);
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log::error(error);
            ExitCode::FAILURE
        }
    }
}

fn run<T>(work: impl Future<Output = Result<T, Box<dyn Error>>>) -> Result<T, Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let outcome = runtime.block_on(work);
    // Whatever still waits now, a slow client or a database lock, has had its time.
    runtime.shutdown_background();
    outcome
}

async fn serve(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let mut signals = Signals::install()?;
    let listener = bind("--listen", &arguments.listen).await?;
    let address = listener.local_addr()?;
    metrics::describe_program(Registry::global())?;
    let quotes = open(&arguments.database, Faults::new(arguments.fail_rate))?;
    let metrics = serve_metrics(&arguments.metrics_listen).await?;
    let statsd = arguments.statsd.as_ref().map(push_metrics).transpose()?;

    let (stop, stopped) = oneshot::channel::<()>();
    let listener = listener.tap_io(|connection| {
        // Answers are small and whole: nothing is won by waiting for more to send.
        let _ = connection.set_nodelay(true);
    });
    let server = axum::serve(listener, routes::router(quotes)).with_graceful_shutdown(async {
        let _ = stopped.await;
    });
    let server = tokio::spawn(server.into_future());
    announce(address, metrics.local_addr());
    let traffic = (arguments.traffic > 0).then(|| tokio::spawn(traffic::send(address, arguments.traffic)));

    signals.next().await;
    if let Some(traffic) = traffic {
        traffic.abort();
    }
    let _ = stop.send(());
    tokio::select! {
        _ = server => {}
        () = tokio::time::sleep(GRACE) => log::error(format_args!("requests still open after {GRACE:?} are cut off")),
        () = signals.next() => log::error("a second signal: requests still open are cut off"),
    }
    // What was counted last is pushed; Prometheus may have a last look until the process ends.
    if statsd.is_some_and(|exporter| !exporter.shutdown()) {
        log::error("the last push to StatsD was not sent in time");
    }
    Ok(())
}

async fn write(document: Document, database: &Path) -> Result<String, Box<dyn Error>> {
    Ok(monitoring::write(document, open(database, Faults::new(0.0))?).await?)
}

/// The quotations, with what is counted of them.
fn open(database: &Path, faults: Faults) -> Result<Quotes, Box<dyn Error>> {
    let registry = Registry::global();
    let connections = ConnectionUse::register(registry, database::READERS)?;
    Ok(Quotes::open(database, QuoteMetrics::register(registry)?, connections, faults)?)
}

/// Serves what is counted to Prometheus.
async fn serve_metrics(address: &Address) -> Result<MetricsServer, String> {
    let server = MetricsServer::builder().listen(address.as_str()).bind().await;
    server.map_err(|error| format!("--metrics-listen {address}: {error}"))
}

/// Pushes the same to StatsD.
fn push_metrics(Statsd { address, flavor, prefix }: &Statsd) -> Result<StatsdExporter, String> {
    let exporter = StatsdExporter::builder(address.as_str()).flavor(*flavor).prefix(prefix);
    let exporter = exporter.flush_timeout(STATSD_GRACE).start();
    exporter.map_err(|error| format!("--statsd {address}: {error}"))
}

async fn bind(flag: &str, address: &Address) -> Result<TcpListener, String> {
    TcpListener::bind(address.as_str()).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!(
                "{flag} {address}: another program listens there: choose another port, or 0 for any free one"
            )
        }
        _ => format!("{flag} {address}: {error}"),
    })
}

/// Tells the addresses. That nobody may be reading stdout is no reason to stop.
fn announce(address: SocketAddr, metrics_address: SocketAddr) {
    let mut stdout = io::stdout().lock();
    let _ = writeln!(stdout, "quotes http://{address}\nmetrics http://{metrics_address}/metrics");
    let _ = stdout.flush();
}

fn print(text: &str) -> ExitCode {
    match io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
