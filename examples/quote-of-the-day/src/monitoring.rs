//! `--print-rules` and `--print-dashboard`: what Prometheus and Grafana need to watch this app, written from its own registry.

use std::io;
use std::time::Duration;

use instrument_core::Registry;
use instrument_http::dashboard::Dashboard;
use instrument_http::rules::Rules;
use tokio::net::TcpListener;

use crate::quotes::Quotes;
use crate::{routes, traffic};

/// What Prometheus calls this app: the `job_name` of its configuration.
const JOB: &str = "quote-of-the-day";

/// What is printed instead of running.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Document {
    /// Alert rules with rates over this time.
    Rules {
        window: Duration,
    },
    Dashboard,
}

/// Serves a round of requests, after which the registry knows every function, and writes a document from it.
pub(crate) async fn write(document: Document, quotes: Quotes) -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let server = tokio::spawn(axum::serve(listener, routes::router(quotes)).into_future());
    traffic::round(address).await;
    server.abort();
    let registry = Registry::global();
    Ok(match document {
        Document::Rules { window } => {
            let rules = Rules::of(registry).job(JOB);
            rules.window(window).pending(window / 5).to_yaml()
        }
        Document::Dashboard => Dashboard::of(registry).job(JOB).title("Quote of the day").to_json(),
    })
}
