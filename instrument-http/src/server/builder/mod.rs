mod access;
#[cfg(feature = "tls")]
mod tls;

use std::time::Duration;

use instrument_core::Registry;
use tokio::net::TcpListener;
use tokio::runtime::Handle;

use super::accept::accept;
use super::access::{Credentials, Mistake, Networks};
use super::admission::Admission;
use super::endpoint::Endpoint;
use super::limits::Limits;
use super::stop::Stop;
#[cfg(feature = "tls")]
use super::tls::Settings as TlsSettings;
use super::transport::Transport;
use super::{BindError, MetricsServer};
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

    /// Sets how many connections are open at once, 1 at least; 64 otherwise. Others get 503 with `Retry-After`, a few at a time, and the rest is closed.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.limits.max_connections = connections;
        self
    }

    /// Sets how long the head of a request may take, and how long a connection may stay open without one; 10 s otherwise.
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
        let Self { address, path_prefix, path, registry, limits, networks, credentials, .. } = self;
        if let Some(mistake) = self.mistake {
            return Err(mistake.into());
        }
        let path = full_path(path_prefix, path)?;
        #[cfg(not(feature = "tls"))]
        let transport = Transport::default();
        #[cfg(feature = "tls")]
        let transport = Transport::new(self.tls.load()?);
        let Ok(runtime) = Handle::try_current() else {
            return Err(BindError::NoRuntime { address });
        };
        let bound =
            TcpListener::bind(&address).await.and_then(|listener| Ok((listener.local_addr()?, listener)));
        let (local_addr, listener) = bound.map_err(|source| BindError::new(address.clone(), source))?;

        let is_local = local_addr.ip().to_canonical().is_loopback();
        if credentials.are_needed() && !is_local && !transport.is_encrypted() && !self.credentials_in_clear {
            return Err(BindError::CredentialsInClear { address });
        }

        let limits = limits.within_reason();
        let admission = Admission::new(networks, limits.max_connections);
        let metrics = registry.map_or_else(MetricsService::default, MetricsService::new);
        let endpoint = Endpoint::new(path, credentials, metrics);
        let (stop, stopped) = Stop::new();
        let accepting =
            runtime.spawn(accept(listener, admission.clone(), transport, limits, endpoint, stopped));
        Ok(MetricsServer { local_addr, accepting, admission, stop })
    }
}

/// The path with what stands before it.
fn full_path(mut prefix: String, path: String) -> Result<String, BindError> {
    if !path.starts_with('/') {
        return Err(BindError::InvalidPath { path });
    }
    prefix.truncate(prefix.trim_end_matches('/').len());
    if !prefix.is_empty() && !prefix.starts_with('/') {
        return Err(BindError::InvalidPath { path: prefix });
    }
    Ok(prefix + &path)
}
