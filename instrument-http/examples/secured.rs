//! An endpoint that only a Prometheus reads which has the right certificate and the right token: over TLS 1.3.
//!
//!     cargo run -p instrument-http --features tls --example secured -- 127.0.0.1:9464 server.crt server.key prometheus-ca.crt $(printf %s TOKEN | sha256sum)
//!     curl --cacert ca.crt --cert prometheus.crt --key prometheus.key -H 'Authorization: Bearer TOKEN' https://localhost:9464/metrics
//!
//! In Prometheus' configuration that is:
//!
//!     scheme: https
//!     authorization: { credentials_file: token }
//!     tls_config: { ca_file: ca.crt, cert_file: prometheus.crt, key_file: prometheus.key, min_version: TLS13 }

use std::error::Error;

use instrument_core::Registry;
use instrument_http::MetricsServer;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, certificate, key, client_ca, token_sha256, ..] = &*arguments else {
        return Err("give an address, the files of a certificate, its key and the clients' authority, and the SHA-256 of a token".into());
    };
    let secrets = Registry::global().counter("secrets", "What not everybody should know.").register()?;
    secrets.inc_by(42);
    let server = MetricsServer::builder()
        .listen(address)
        .tls(certificate, key)
        .client_ca(client_ca)
        .bearer_token_sha256(token_sha256)
        .bind()
        .await?;
    println!("metrics https://{}/metrics", server.local_addr());
    tokio::signal::ctrl_c().await?;
    server.shutdown().await;
    Ok(())
}
