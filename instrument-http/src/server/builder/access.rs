use super::MetricsServerBuilder;
use crate::server::access::Mistake;

/// Who may read the metrics.
///
/// Each of these can be called more than once, and then one of what was given is enough: so a new token can be taken before the old one is retired. Of secrets only
/// their SHA-256 is kept, which is compared in the same time whatever was sent. It is fast on purpose, so that wrong ones by the thousand cost nothing; so let secrets
/// be random (`openssl rand -hex 32`), as a short password can be found from its SHA-256. A request without one of them gets 401, whatever its path.
///
/// ```
/// use instrument_http::MetricsServer;
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let server = MetricsServer::builder()
///     .listen("127.0.0.1:0")
///     .bearer_token("c3a1f0e7b25d4c6f9e8d7a6b5c4d3e2f")
///     .basic_auth("prometheus", "correct horse battery staple")
///     .allow("127.0.0.0/8")
///     .allow("2001:db8::/32")
///     .bind()
///     .await?;
/// # server.shutdown().await;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl MetricsServerBuilder {
    /// Wants a bearer token ([RFC 6750](https://www.rfc-editor.org/rfc/rfc6750)): `authorization: { credentials: .. }` in Prometheus.
    pub fn bearer_token(self, token: impl AsRef<str>) -> Self {
        self.set(|builder| builder.credentials.add_token(token.as_ref()))
    }

    /// The same by the token's SHA-256 in hexadecimal digits, so that the token is nowhere in the service's configuration:
    /// `printf %s TOKEN | sha256sum`.
    pub fn bearer_token_sha256(self, digits: impl AsRef<str>) -> Self {
        self.set(|builder| builder.credentials.add_token_digest(digits.as_ref()))
    }

    /// Wants a user's name and password ([RFC 7617](https://www.rfc-editor.org/rfc/rfc7617)): `basic_auth` in Prometheus.
    pub fn basic_auth(self, user: impl AsRef<str>, password: impl AsRef<str>) -> Self {
        self.set(|builder| builder.credentials.add_password(user.as_ref(), password.as_ref()))
    }

    /// The same by the password's SHA-256 in hexadecimal digits: `printf %s PASSWORD | sha256sum`.
    pub fn basic_auth_sha256(self, user: impl AsRef<str>, digits: impl AsRef<str>) -> Self {
        self.set(|builder| builder.credentials.add_password_digest(user.as_ref(), digits.as_ref()))
    }

    /// Takes credentials that come unencrypted from other machines, as behind a proxy that ends TLS. Without this, [`bind`](Self::bind) refuses
    /// credentials without TLS on an address that is not of this machine alone: everyone on the way could read them.
    pub fn credentials_in_clear(mut self) -> Self {
        self.credentials_in_clear = true;
        self
    }

    /// Lets in a network, such as `10.0.0.0/8`, or an address, and no others any more. They get 403 before anything else is looked at. What counts is the
    /// address of the connection; headers such as `X-Forwarded-For` are not believed.
    pub fn allow(self, network: impl AsRef<str>) -> Self {
        self.set(|builder| builder.networks.add(network.as_ref()))
    }

    /// Sets something, and keeps the first mistake for `bind`.
    fn set(mut self, set: impl FnOnce(&mut Self) -> Result<(), Mistake>) -> Self {
        if let Err(mistake) = set(&mut self) {
            self.mistake.get_or_insert(mistake);
        }
        self
    }
}
