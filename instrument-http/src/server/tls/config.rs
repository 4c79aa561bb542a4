use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::version::TLS13;

use super::files::{Contents, Files};
use crate::BindError;
use crate::pem;
use crate::server::version::Version;

/// What the files say, for rustls.
pub(super) fn config(files: &Files, contents: &Contents) -> Result<Arc<ServerConfig>, BindError> {
    let chain =
        pem::certificates(&contents.certificate).map_err(|reason| invalid(&files.certificate, reason))?;
    let key = PrivateKeyDer::from_pem_slice(&contents.key)
        .map_err(|error| invalid(&files.key, format_args!("no private key in PEM form: {error}")))?;
    // Both are named: other crates of the service may have rustls speak older versions, or choose its cryptography.
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&TLS13])
        .map_err(|error| invalid(&files.certificate, error))?;
    let builder = match files.client_ca.as_deref().zip(contents.client_ca.as_deref()) {
        Some((path, content)) => builder.with_client_cert_verifier(client_verifier(path, content)?),
        None => builder.with_no_client_auth(),
    };
    let mut config =
        builder.with_single_cert(chain, key).map_err(|error| invalid(&files.certificate, error))?;
    config.alpn_protocols = Version::ALPN.map(<[u8]>::to_vec).into();
    Ok(Arc::new(config))
}

/// Lets in whose certificate one of these has signed, and nobody without one.
fn client_verifier(path: &Path, content: &[u8]) -> Result<Arc<dyn ClientCertVerifier>, BindError> {
    let roots = pem::roots(content).map_err(|reason| invalid(path, reason))?;
    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::new(ring::default_provider()))
        .build()
        .map_err(|error| invalid(path, error))
}

fn invalid(path: &Path, reason: impl ToString) -> BindError {
    BindError::InvalidFile { path: path.to_owned(), reason: reason.to_string() }
}
