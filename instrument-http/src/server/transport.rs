use std::fmt;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;

use super::limits::Limits;
use super::version::Version;

/// A connection, whatever it goes over.
pub(super) type Stream = Box<dyn ReadWrite>;

pub(super) trait ReadWrite: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> ReadWrite for S {}

/// What is between a socket and HTTP.
#[derive(Clone, Default)]
pub(super) struct Transport {
    #[cfg(feature = "tls")]
    tls: Option<(super::tls::Tls, super::telemetry::Telemetry)>,
}

impl Transport {
    #[cfg(feature = "tls")]
    pub(super) fn new(tls: Option<super::tls::Tls>, telemetry: super::telemetry::Telemetry) -> Self {
        Self { tls: tls.map(|tls| (tls, telemetry)) }
    }

    pub(super) fn is_encrypted(&self) -> bool {
        #[cfg(feature = "tls")]
        return self.tls.is_some();
        #[cfg(not(feature = "tls"))]
        false
    }

    /// Makes of a socket what HTTP is spoken over, and in which version, unless the other side does not do its part in time.
    pub(super) async fn open(
        self,
        stream: impl ReadWrite + 'static,
        limits: Limits,
    ) -> Option<(Stream, Version)> {
        #[cfg(feature = "tls")]
        if let Some((tls, telemetry)) = &self.tls {
            let opened = tls.handshake(stream, telemetry).await;
            return opened.map_err(|failure| telemetry.fail(failure)).ok();
        }
        timeout(limits.header_timeout, Version::sniff(stream)).await.ok()?
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").field("is_encrypted", &self.is_encrypted()).finish_non_exhaustive()
    }
}
