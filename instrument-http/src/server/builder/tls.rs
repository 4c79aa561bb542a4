use std::path::PathBuf;
use std::time::Duration;

use super::MetricsServerBuilder;

/// TLS, with the feature `tls`.
///
/// It is version 1.3 alone, whatever other crates have rustls speak. The files are in PEM form. What is in them can change while the server runs: it counts from the next
/// connection on, and what was right last stays while it is wrong.
///
/// ```no_run
/// use instrument_http::MetricsServer;
///
/// # async fn serve() -> Result<(), Box<dyn std::error::Error>> {
/// let server = MetricsServer::builder()
///     .listen("0.0.0.0:9464")
///     .tls("/etc/app/tls.crt", "/etc/app/tls.key")
///     .client_ca("/etc/app/prometheus-ca.crt")
///     .bind()
///     .await?;
/// # server.shutdown().await;
/// # Ok(())
/// # }
/// ```
impl MetricsServerBuilder {
    /// Speaks TLS with the certificate in one file, after which come those that lead to one that Prometheus knows (`tls_config: { ca_file: .. }`), and its private key in
    /// another. They are read by [`bind`](Self::bind), and for each connection.
    pub fn tls(mut self, certificate: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.tls.identity = Some((certificate.into(), key.into()));
        self
    }

    /// Lets in only clients with a certificate that one in this file has signed: `tls_config: { cert_file: .., key_file: .. }` in Prometheus.
    pub fn client_ca(mut self, certificates: impl Into<PathBuf>) -> Self {
        self.tls.client_ca = Some(certificates.into());
        self
    }

    /// Sets how long a handshake may take; 10 s otherwise.
    pub fn handshake_timeout(mut self, timeout: Duration) -> Self {
        self.tls.handshake_timeout = timeout;
        self
    }
}
