use instrument_core::Registry;
use tokio::runtime::Handle;

use super::MetricsServerBuilder;
use crate::server::accept::accept;
use crate::server::access::Networks;
use crate::server::admission::Admission;
use crate::server::endpoint::Endpoint;
use crate::server::limits::Limits;
use crate::server::listener::Listener;
use crate::server::page::Page;
use crate::server::running::Running;
use crate::server::stop::Stop;
use crate::server::telemetry::Telemetry;
use crate::server::transport::Transport;
use crate::{BindError, MetricsService};

/// All that was set, found right: what is left is to listen.
pub(super) struct Setup {
    /// Whether credentials are wanted that anybody on the way could read.
    pub(super) shows_credentials: bool,
    runtime: Handle,
    transport: Transport,
    limits: Limits,
    networks: Networks,
    endpoint: Endpoint,
    telemetry: Telemetry,
}

impl Setup {
    /// Checks it, for a server on an address.
    pub(super) fn new(builder: MetricsServerBuilder, address: &str) -> Result<Self, BindError> {
        if let Some(mistake) = builder.mistake {
            return Err(mistake.into());
        }
        let (prefix, path) = checked_paths(builder.path_prefix, builder.path)?;
        #[cfg(not(feature = "page"))]
        let page = Page::default();
        #[cfg(feature = "page")]
        let page = if builder.page { Page::new(&prefix, &path) } else { Page::default() };
        let limits = builder.limits.within_reason();
        #[cfg(feature = "tls")]
        let tls = builder.tls.load()?;
        let Ok(runtime) = Handle::try_current() else {
            return Err(BindError::NoRuntime { address: address.to_owned() });
        };
        let registry = builder.registry.unwrap_or_else(|| Registry::global().clone());
        let telemetry = if builder.own_metrics {
            Telemetry::register(&registry)
        } else {
            Telemetry::register(&Registry::new())
        };
        let telemetry = telemetry.map_err(|source| BindError::Metrics { source })?;
        #[cfg(not(feature = "tls"))]
        let transport = Transport::default();
        #[cfg(feature = "tls")]
        let transport = Transport::new(tls, telemetry.clone());
        Ok(Self {
            shows_credentials: builder.credentials.are_needed()
                && !transport.is_encrypted()
                && !builder.credentials_in_clear,
            runtime,
            transport,
            limits,
            networks: builder.networks,
            endpoint: Endpoint::new(
                prefix + &path,
                builder.credentials,
                MetricsService::new(registry).max_age(builder.max_age).created(builder.created),
                page,
                limits.response_timeout,
                telemetry.clone(),
            ),
            telemetry,
        })
    }

    pub(super) fn run(self, listener: impl Listener) -> Running {
        let Self { runtime, transport, limits, networks, endpoint, telemetry, .. } = self;
        let admission = Admission::new(networks, limits.max_connections, telemetry);
        let (stop, stopped) = Stop::new();
        let accepting =
            runtime.spawn(accept(listener, admission.clone(), transport, limits, endpoint, stopped));
        Running { accepting, admission, stop }
    }
}

/// What stands before the path, without the slash between them, and the path.
fn checked_paths(mut prefix: String, path: String) -> Result<(String, String), BindError> {
    if !path.starts_with('/') {
        return Err(BindError::InvalidPath { path });
    }
    prefix.truncate(prefix.trim_end_matches('/').len());
    if !prefix.is_empty() && !prefix.starts_with('/') {
        return Err(BindError::InvalidPath { path: prefix });
    }
    Ok((prefix, path))
}
