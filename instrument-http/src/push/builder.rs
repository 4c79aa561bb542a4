#[cfg(feature = "tls")]
use std::path::PathBuf;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use instrument_core::Registry;

use super::group::Group;
use super::pushing::Pushing;
use super::target::Target;
#[cfg(feature = "tls")]
use super::tls::Tls;
use super::{PushError, PushGateway};
use crate::credential_rules::{check_password, check_token, check_user};

/// Sets up a [`PushGateway`].
///
/// ```
/// use std::time::Duration;
///
/// use instrument_core::Registry;
/// use instrument_http::PushGateway;
///
/// let registry = Registry::new();
/// let gateway = PushGateway::builder("http://127.0.0.1:9091")
///     .job("nightly_backup")
///     .grouping("instance", "db-1")
///     .registry(registry)
///     .basic_auth("backup", "correct horse battery staple")
///     .timeout(Duration::from_secs(5))
///     .build()?;
/// assert_eq!(gateway.url(), "http://127.0.0.1:9091/metrics/job/nightly_backup/instance/db-1");
/// # Ok::<(), instrument_http::PushError>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "nothing is pushed before the gateway is built and told to"]
pub struct PushGatewayBuilder {
    url: String,
    group: Group,
    registry: Option<Registry>,
    /// As it stands in the header.
    authorization: Option<Result<HeaderValue, &'static str>>,
    credentials_in_clear: bool,
    timeout: Duration,
    #[cfg(feature = "tls")]
    ca: Option<PathBuf>,
}

impl PushGatewayBuilder {
    pub(super) fn new(url: String) -> Self {
        Self {
            url,
            group: Group::default(),
            registry: None,
            authorization: None,
            credentials_in_clear: false,
            timeout: Duration::from_secs(10),
            #[cfg(feature = "tls")]
            ca: None,
        }
    }

    /// Names the job, which there must be: it becomes the label `job` of all that is pushed.
    pub fn job(mut self, job: impl Into<String>) -> Self {
        self.group.set_job(job.into());
        self
    }

    /// Adds a label that tells this group from others of the job, such as `instance`. Each value is a group of its own, which the gateway keeps until it is
    /// [deleted](PushGateway::delete): so let there be few.
    pub fn grouping(mut self, label: impl Into<String>, value: impl Into<String>) -> Self {
        self.group.add(label.into(), value.into());
        self
    }

    /// Sets the registry that is pushed; [`Registry::global`] otherwise.
    pub fn registry(mut self, registry: Registry) -> Self {
        self.registry = Some(registry);
        self
    }

    /// Shows a bearer token.
    pub fn bearer_token(mut self, token: impl AsRef<str>) -> Self {
        let token = token.as_ref();
        self.authorization =
            Some(check_token(token).and_then(|()| authorization(&format!("Bearer {token}"))));
        self
    }

    /// Shows a user's name and password.
    pub fn basic_auth(mut self, user: impl AsRef<str>, password: impl AsRef<str>) -> Self {
        let (user, password) = (user.as_ref(), password.as_ref());
        let checked = check_user(user).and_then(|()| check_password(password));
        let pair = STANDARD.encode(format!("{user}:{password}"));
        self.authorization = Some(checked.and_then(|()| authorization(&format!("Basic {pair}"))));
        self
    }

    /// Sends credentials unencrypted to another machine, as to a proxy that speaks TLS from there on. Without this, [`build`](Self::build) refuses to: everyone on the way
    /// could read them.
    pub fn credentials_in_clear(mut self) -> Self {
        self.credentials_in_clear = true;
        self
    }

    /// Sets how long a push may take in all; 10 s otherwise.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Names the file, in PEM form, with the certificate that has signed the gateway's: for a URL with `https://`, which wants it. It is TLS 1.3 alone.
    #[cfg(feature = "tls")]
    pub fn ca(mut self, certificates: impl Into<PathBuf>) -> Self {
        self.ca = Some(certificates.into());
        self
    }

    /// Checks what was set. Nothing is sent.
    ///
    /// # Errors
    ///
    /// See [`PushError`]: the URL, the group, the credentials or the certificates are of no use.
    pub fn build(self) -> Result<PushGateway, PushError> {
        let target = Target::parse(&self.url)?;
        let path = self.group.path()?;
        let authorization =
            self.authorization.transpose().map_err(|rule| PushError::InvalidCredentials { rule })?;
        if authorization.is_some() && !target.is_https && !target.is_local() && !self.credentials_in_clear {
            return Err(PushError::CredentialsInClear { url: target.url });
        }
        #[cfg(feature = "tls")]
        let ca = self.ca;
        #[cfg(not(feature = "tls"))]
        let ca: Option<std::path::PathBuf> = None;
        let rule = match (target.is_https, &ca) {
            (true, None) => Some(
                "`https://` wants the certificate that has signed the gateway's: name its file by `ca` (feature `tls`)",
            ),
            (false, Some(_)) => Some("a certificate is named by `ca`, which only `https://` checks"),
            _ => None,
        };
        if let Some(rule) = rule {
            return Err(PushError::InvalidUrl { url: target.url, rule });
        }
        Ok(PushGateway::new(Pushing {
            url: format!("{}{path}", target.url),
            path: format!("{}{path}", target.prefix),
            target,
            registry: self.registry.unwrap_or_else(|| Registry::global().clone()),
            authorization,
            timeout: self.timeout,
            #[cfg(feature = "tls")]
            tls: ca.as_deref().map(Tls::load).transpose()?,
        }))
    }
}

fn authorization(value: &str) -> Result<HeaderValue, &'static str> {
    let mut value = HeaderValue::try_from(value).map_err(|_| "what a header cannot carry cannot be sent")?;
    value.set_sensitive(true);
    Ok(value)
}
