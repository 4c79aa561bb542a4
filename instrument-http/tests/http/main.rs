//! The endpoint and the middleware over real sockets.

mod access;
mod actix;
mod app;
mod attacks;
mod client;
mod ends;
mod formats;
mod http2;
mod limits;
mod live_page;
mod own_metrics;
mod page;
mod push;
mod routes;
mod scrape_timeout;
mod service;
mod sharing;
mod stopping;
mod streaming;
mod tls;
mod unix_socket;

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Longer than anything here takes, and shorter than anybody wants to wait for a test that hangs.
const PATIENCE: Duration = Duration::from_secs(20);

/// Waits until something is so.
async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "waited in vain until {what}");
        sleep(Duration::from_millis(2)).await;
    }
}
