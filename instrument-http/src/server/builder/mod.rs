mod access;
mod setup;
#[cfg(feature = "tls")]
mod tls;

#[cfg(unix)]
use std::path::Path;
use std::time::Duration;

use instrument_core::Registry;
use tokio::net::TcpListener;

use self::setup::Setup;
use super::access::{Credentials, Mistake, Networks};
use super::limits::Limits;
#[cfg(feature = "tls")]
use super::tls::Settings as TlsSettings;
#[cfg(unix)]
use super::unix::{SocketFile, UnixMetricsServer};
use super::{BindError, MetricsServer};
#[cfg(doc)]
use crate::MetricsService;

/// Sets up a [`MetricsServer`].
///
/// ```
/// use std::time::Duration;
///
/// use instrument_core::Registry;
/// use instrument_http::MetricsServer;
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let server = MetricsServer::builder()
///     .listen("127.0.0.1:0")
///     .path("/internal/metrics")
///     .registry(Registry::new())
///     .max_connections(8)
///     .header_timeout(Duration::from_secs(2))
///     .response_timeout(Duration::from_secs(5))
///     .bind()
///     .await?;
/// # server.shutdown().await;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "a server runs once it is bound"]
pub struct MetricsServerBuilder {
    address: String,
    path_prefix: String,
    path: String,
    registry: Option<Registry>,
    own_metrics: bool,
    max_age: Duration,
    created: bool,
    #[cfg(feature = "page")]
    page: bool,
    #[cfg(unix)]
    unix_mode: u32,
    limits: Limits,
    networks: Networks,
    credentials: Credentials,
    credentials_in_clear: bool,
    #[cfg(feature = "tls")]
    tls: TlsSettings,
    /// The first one, for `bind` to tell.
    mistake: Option<Mistake>,
}

impl Default for MetricsServerBuilder {
    fn default() -> Self {
        Self {
            address: "127.0.0.1:9464".to_owned(),
            path_prefix: String::new(),
            path: "/metrics".to_owned(),
            registry: None,
            own_metrics: true,
            max_age: Duration::ZERO,
            created: false,
            #[cfg(feature = "page")]
            page: true,
            #[cfg(unix)]
            unix_mode: 0o600,
            limits: Limits::default(),
            networks: Networks::default(),
            credentials: Credentials::default(),
            credentials_in_clear: false,
            #[cfg(feature = "tls")]
            tls: TlsSettings::default(),
            mistake: None,
        }
    }
}

impl MetricsServerBuilder {
    /// Sets the address to listen on: host and port, with port 0 for any free one. It is `127.0.0.1:9464` otherwise, which nobody reaches from
    /// another machine.
    pub fn listen(mut self, address: impl ToString) -> Self {
        self.address = address.to_string();
        self
    }

    /// Sets the path of the metrics; `/metrics` otherwise.
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// Sets what stands before all paths, such as `/orders` behind a proxy that hands on `/orders/metrics` as it is; nothing otherwise.
    pub fn path_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.path_prefix = prefix.into();
        self
    }

    /// Sets the registry that is shown; [`Registry::global`] otherwise.
    pub fn registry(mut self, registry: Registry) -> Self {
        self.registry = Some(registry);
        self
    }

    /// Sets whether the registry gets the [metrics of the server itself](MetricsServer#what-it-counts); it does otherwise.
    pub fn own_metrics(mut self, are_shown: bool) -> Self {
        self.own_metrics = are_shown;
        self
    }

    /// Sets how old a page may be that scrapes share: see [`MetricsService::max_age`]. Nothing is shared otherwise.
    pub fn max_age(mut self, age: Duration) -> Self {
        self.max_age = age;
        self
    }

    /// Sets whether OpenMetrics has lines `_created`: see [`MetricsService::created`]. It has none otherwise.
    pub fn created(mut self, is_shown: bool) -> Self {
        self.created = is_shown;
        self
    }

    /// Sets whether the root of the endpoint, `/` or the [prefix](Self::path_prefix) with a slash after it, answers with the [live page](crate::LivePage); it does
    /// otherwise, unless the metrics themselves are there.
    ///
    /// Where a bearer token is needed, a browser without one gets the page with the status 401, to ask for it. There is no metric in it.
    #[cfg(feature = "page")]
    pub fn page(mut self, is_shown: bool) -> Self {
        self.page = is_shown;
        self
    }

    /// Sets who may connect to a [Unix-domain socket](Self::bind_unix), by the mode of its file: `0o660` lets in its group; `0o600` otherwise, its owner alone.
    #[cfg(unix)]
    pub fn unix_mode(mut self, mode: u32) -> Self {
        self.unix_mode = mode;
        self
    }

    /// Sets how many connections are open at once, 1 at least; 64 otherwise.
    ///
    /// For one more, the connection that has been idle for longest is closed, if that is 250 ms at least: so who asks nothing keeps nobody out, unless he comes anew all the time. Where all are
    /// busy with an answer, or have just come, it gets 503 with `Retry-After`, a few at a time, and the rest is closed. Both are counted in `instrument_scrape_refused_total{reason="connections"}`.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.limits.max_connections = connections;
        self
    }

    /// Sets how long the head of a request may take, and how long a connection may stay open without one, also between two scrapes; 10 s otherwise.
    pub fn header_timeout(mut self, timeout: Duration) -> Self {
        self.limits.header_timeout = timeout;
        self
    }

    /// Sets how long a client may take to read an answer; 30 s otherwise.
    pub fn response_timeout(mut self, timeout: Duration) -> Self {
        self.limits.response_timeout = timeout;
        self
    }

    /// Listens, and serves from now on, in tasks of the tokio runtime that it is awaited in.
    ///
    /// # Errors
    ///
    /// See [`BindError`]: each names the address.
    pub async fn bind(self) -> Result<MetricsServer, BindError> {
        let address = self.address.clone();
        let setup = Setup::new(self, &address)?;
        let bound =
            TcpListener::bind(&address).await.and_then(|listener| Ok((listener.local_addr()?, listener)));
        let (local_addr, listener) = bound.map_err(|source| BindError::new(address.clone(), source))?;
        if setup.shows_credentials && !local_addr.ip().to_canonical().is_loopback() {
            return Err(BindError::CredentialsInClear { address });
        }
        Ok(MetricsServer { local_addr, running: setup.run(listener) })
    }

    /// The same on a Unix-domain socket in place of an address. What a server that is gone has left at the path is replaced.
    ///
    /// # Errors
    ///
    /// See [`BindError`]: each names the path.
    #[cfg(unix)]
    pub async fn bind_unix(self, path: impl AsRef<Path>) -> Result<UnixMetricsServer, BindError> {
        let (path, mode) = (path.as_ref(), self.unix_mode);
        let setup = Setup::new(self, &path.display().to_string())?;
        let (listener, file) = SocketFile::bind(path, mode).await?;
        Ok(UnixMetricsServer::new(setup.run(listener), file))
    }
}
