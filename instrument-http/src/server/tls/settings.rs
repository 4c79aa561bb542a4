use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::Tls;
use super::certificates::Certificates;
use super::files::Files;
use crate::BindError;

/// What can be set.
#[derive(Debug, Clone)]
pub(in crate::server) struct Settings {
    /// The certificate and its key.
    pub(in crate::server) identity: Option<(PathBuf, PathBuf)>,
    pub(in crate::server) client_ca: Option<PathBuf>,
    pub(in crate::server) handshake_timeout: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { identity: None, client_ca: None, handshake_timeout: Duration::from_secs(10) }
    }
}

impl Settings {
    /// Reads the files, if TLS is wanted at all.
    pub(in crate::server) fn load(self) -> Result<Option<Tls>, BindError> {
        let Self { identity, client_ca, handshake_timeout } = self;
        let Some((certificate, key)) = identity else {
            return client_ca.map_or(Ok(None), |_| Err(BindError::ClientCaWithoutTls));
        };
        let certificates = Certificates::load(Files { certificate, key, client_ca })?;
        Ok(Some(Tls { certificates: Arc::new(certificates), handshake_timeout }))
    }
}
