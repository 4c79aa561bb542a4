//! Follows the access log of nginx or another web server, and serves rate, errors and duration of its routes to Prometheus.
//!
//! ```sh
//! cargo run -p access-log -- --route '/quotes/{id}' /var/log/nginx/access.log
//! curl http://127.0.0.1:9465/metrics
//! ```
//!
//! It is for servers that cannot be instrumented; one that can does better with the middleware. Durations are in the log only if its format has
//! `$request_time`, which `combined` has not: give nginx a `log_format` with it, and this program the same text as `--format`.
//!
//! The parts: [`mod@follow`] reads a file that is rotated and truncated while it is written, [`format`](mod@format) takes a line apart, [`routes`] finds the
//! pattern of a path, [`metrics`] counts. It runs on Unix, where a file has a number that stays with it when it is renamed.

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use instrument_core::Registry;
use instrument_http::MetricsServer;
use tokio::signal::unix::{SignalKind, signal};

use crate::arguments::{Arguments, Command};
use crate::follow::Follower;
use crate::metrics::Recorder;

mod arguments;
mod follow;
mod format;
mod metrics;
mod request;
mod routes;

/// How long it takes at most until a line is counted.
const POLL_INTERVAL: Duration = Duration::from_millis(200);

fn main() -> ExitCode {
    let outcome = match arguments::parse(std::env::args_os()) {
        Ok(Command::Run(arguments)) => run(*arguments),
        Ok(Command::Help) => io::stdout().write_all(arguments::HELP.as_bytes()).map_err(Into::into),
        Err(error) => {
            complain(&error);
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let registry = Registry::global();
    metrics::describe_program(registry)?;
    let recorder = Recorder::register(registry, arguments.format, arguments.routes)?;
    let follower = Follower::open(&arguments.file, arguments.from_start)
        .map_err(|error| format!("{}: {error}", arguments.file.display()))?;

    let (stop, stopped) = channel();
    let following = thread::Builder::new().name("follow".to_owned());
    let following = following.spawn(move || follow(follower, &recorder, &stopped))?;
    let served = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(serve(&arguments.listen));
    drop(stop);
    following.join().map_err(|_| "the thread that follows the log has panicked")?;
    served
}

/// Until nobody is left who could say stop: then with a last look, so that what was written before is counted.
fn follow(mut follower: Follower, recorder: &Recorder, stopped: &Receiver<()>) {
    loop {
        let last = stopped.recv_timeout(POLL_INTERVAL) == Err(RecvTimeoutError::Disconnected);
        follower.poll(Instant::now(), &mut |event| recorder.record(event));
        if last {
            return;
        }
    }
}

/// Serves the metrics until SIGINT or SIGTERM.
async fn serve(listen: &str) -> Result<(), Box<dyn Error>> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let server = MetricsServer::builder().listen(listen).bind().await;
    let server = server.map_err(|error| format!("--listen {listen}: {error}"))?;
    // That nobody may be reading stdout is no reason to stop.
    let _ = writeln!(io::stdout(), "metrics http://{}/metrics", server.local_addr());
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    server.shutdown().await;
    Ok(())
}

fn complain(message: &str) {
    let _ = writeln!(io::stderr(), "access-log: {message}");
}
