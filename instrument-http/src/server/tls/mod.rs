//! TLS 1.3, with certificates that are taken from their files anew when these have changed.

mod certificates;
mod config;
mod files;
mod settings;

pub(super) use self::settings::Settings;

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use self::certificates::Certificates;
use super::telemetry::{Failure, Telemetry};
use super::transport::{ReadWrite, Stream};
use super::version::Version;

#[derive(Clone)]
pub(super) struct Tls {
    certificates: Arc<Certificates>,
    handshake_timeout: Duration,
}

impl Tls {
    /// The encrypted stream, unless the handshake fails or takes too long.
    pub(super) async fn handshake(
        &self,
        stream: impl ReadWrite + 'static,
        telemetry: &Telemetry,
    ) -> Result<(Stream, Version), Failure> {
        let handshake = async {
            let config = Arc::clone(&self.certificates).latest(telemetry).await;
            TlsAcceptor::from(config).accept(stream).await
        };
        let stream = timeout(self.handshake_timeout, handshake)
            .await
            .map_err(|_| Failure::HandshakeTimeout)?
            .map_err(|_| Failure::Handshake)?;
        let version = Version::negotiated(stream.get_ref().1.alpn_protocol());
        Ok((Box::new(stream), version))
    }
}
