//! The endpoint as a server of its own.
//!
//! `accept` lets connections in, which `admission` decides; `connection` serves one of them, `limits` says how much each may take, `access` who may read, and `tls` encrypts what is read.

mod accept;
mod access;
mod admission;
mod builder;
mod connection;
mod crowd;
mod endpoint;
mod error;
mod limits;
mod listener;
mod page;
mod refusal;
mod response_deadline;
mod running;
mod scrape_timeout;
mod stop;
mod telemetry;
#[cfg(feature = "tls")]
mod tls;
mod transport;
mod under_way;
#[cfg(unix)]
mod unix;
mod version;

pub use self::builder::MetricsServerBuilder;
pub use self::error::BindError;
#[cfg(unix)]
pub use self::unix::UnixMetricsServer;

use std::net::SocketAddr;

use self::running::Running;

/// A server that answers `GET /metrics` with the metrics of a registry.
///
/// ```
/// use instrument_core::Registry;
/// use instrument_http::MetricsServer;
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let registry = Registry::new();
/// registry.counter("jobs", "Jobs run.").register()?.inc();
///
/// let server = MetricsServer::builder().listen("127.0.0.1:0").registry(registry).bind().await?;
/// println!("metrics http://{}/metrics", server.local_addr());
/// // ... the service does its work ...
/// server.shutdown().await;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It runs on the tokio runtime that it was bound in, for as long as this value lives. Dropping it is [`shutdown`](Self::shutdown) without
/// the waiting.
///
/// # What it answers
///
/// `GET` and `HEAD` on the path of the metrics, in the [format](crate::MetricsService#formats) that the request accepts. Other methods there get 405, other paths
/// 404. Bodies of requests are not read, and a connection is closed after a request that has one.
///
/// Where Prometheus says in `X-Prometheus-Scrape-Timeout-Seconds` how long it waits, a page that is not begun by then, less a margin of a tenth and half a second at
/// most, is answered with 503 and `Retry-After`, and one that is not at its end is broken off: nothing is written for who has left.
///
/// # Who may read it
///
/// It listens on `127.0.0.1` unless told otherwise. With [networks](MetricsServerBuilder::allow), others get 403 before anything else is looked at. With
/// [credentials](MetricsServerBuilder::bearer_token), requests without them get 401 with `WWW-Authenticate`, on every path; they are refused where anybody could read
/// them on the way, [unless told so](MetricsServerBuilder::credentials_in_clear). With the feature `tls` it speaks [TLS 1.3](MetricsServerBuilder::tls) and asks for [client
/// certificates](MetricsServerBuilder::client_ca); whose network is not allowed is then cut off before the handshake.
///
/// # What it counts
///
/// Of itself, in the registry that it shows unless [told otherwise](MetricsServerBuilder::own_metrics):
///
/// | metric | |
/// |---|---|
/// | `instrument_scrape_duration_seconds{outcome}` | from a request to the last of its page being handed to the connection; `cancelled` if nobody waited for it, `timeout` if it took longer than Prometheus waits |
/// | `instrument_scrape_in_flight` | those that have not come to their end |
/// | `instrument_scrape_sent_bytes_total` | what was handed to connections, as compressed |
/// | `instrument_scrape_refused_total{reason}` | connections of a `network` that is not allowed; `connections` too many, and those that were idle and gave way to others; requests without `credentials` |
/// | `instrument_scrape_failures_total{cause}` | errors of the system's `accept`, after which it waits for up to 1 s; a TLS `handshake` that fails, `handshake_timeout`; an `unreadable_file` or `invalid_file` for TLS, at each handshake for as long as it is so |
///
/// # What it withstands
///
/// It speaks HTTP/1.1, and HTTP/2 with the feature `http2`: over TLS, or to who begins with it. At most 64 connections are open at once: for another the one that has been idle for longest is closed, and where all are busy it gets 503 with `Retry-After`. A connection is closed when a head of a request
/// has not come within 10 s, when it is longer than 16 KiB or has more than 64 headers, and when an answer was not begun, or not taken, within 30 s; with HTTP/2
/// that goes for each of several at once, of which there are 16 at most. The
/// page is written on tokio's threads for blocking work, no faster than it is taken, and goes out in a task for each connection: nobody waits for a
/// slow reader, and no page is whole in memory unless it is [shared](MetricsServerBuilder::max_age). See the [builder](MetricsServerBuilder) for what can be set.
#[derive(Debug)]
#[must_use = "the server stops when it is dropped"]
pub struct MetricsServer {
    local_addr: SocketAddr,
    running: Running,
}

impl MetricsServer {
    /// Sets up a server.
    pub fn builder() -> MetricsServerBuilder {
        MetricsServerBuilder::default()
    }

    /// The address that it really listens on: with the port that was chosen for port 0.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// Stops listening, and waits until the requests that are under way have been answered, for 3 s at most: then they are cut off.
    pub async fn shutdown(self) {
        self.running.shutdown().await;
    }
}
