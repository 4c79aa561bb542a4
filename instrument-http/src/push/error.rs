use std::error::Error;
use std::fmt;
use std::io;
#[cfg(feature = "tls")]
use std::path::PathBuf;
use std::time::Duration;

use http::StatusCode;

/// Why metrics did not get to a Pushgateway.
///
/// ```
/// use instrument_http::{PushError, PushGateway};
///
/// let error = PushGateway::builder("pushgateway:9091").job("backup").build().unwrap_err();
/// assert!(matches!(error, PushError::InvalidUrl { .. }));
/// assert_eq!(
///     error.to_string(),
///     "cannot push to `pushgateway:9091`: a URL begins with `http://`, or with `https://`: such as `http://pushgateway:9091`",
/// );
/// assert_eq!(format!("{error:?}"), error.to_string()); // what a `main` that returns it shows
/// ```
#[non_exhaustive]
pub enum PushError {
    /// The gateway's URL is none.
    InvalidUrl {
        /// The URL as given, without what it has of credentials.
        url: String,
        /// What it must be.
        rule: &'static str,
    },
    /// The job or a grouping label cannot be part of a group's key.
    InvalidGroup {
        /// The name of the label.
        label: String,
        /// What it must be.
        rule: &'static str,
    },
    /// Credentials that nobody could send.
    InvalidCredentials {
        /// What they must be. They themselves are not shown.
        rule: &'static str,
    },
    /// Credentials would go to another machine without TLS.
    CredentialsInClear {
        /// The gateway's URL.
        url: String,
    },
    /// The certificates that the gateway's is checked with cannot be read, or are of no use.
    #[cfg(feature = "tls")]
    InvalidCa {
        /// The file's path as given.
        path: PathBuf,
        /// What is wrong, or missing.
        reason: String,
    },
    /// There is no connection to the gateway.
    Unreachable {
        /// Where the metrics should have gone.
        url: String,
        /// What the system says, or TLS.
        source: io::Error,
    },
    /// It took too long.
    Timeout {
        /// Where the metrics should have gone.
        url: String,
        /// How long it may take.
        timeout: Duration,
    },
    /// The connection was lost, or what answered does not speak HTTP/1.1.
    Broken {
        /// Where the metrics should have gone.
        url: String,
        /// What went wrong.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The gateway does not take them.
    Refused {
        /// Where the metrics should have gone.
        url: String,
        /// The status of its answer.
        status: StatusCode,
        /// What it says, cut off where that is long.
        message: String,
    },
    /// There is no thread or no runtime to push from.
    NotRun {
        /// Where the metrics should have gone.
        url: String,
        /// What the system says.
        source: io::Error,
    },
}

impl fmt::Display for PushError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidUrl { url, rule } => write!(f, "cannot push to `{url}`: {rule}"),
            Self::InvalidGroup { label, rule } => write!(f, "cannot push as a group with `{label}`: {rule}"),
            Self::InvalidCredentials { rule } => write!(f, "cannot push with these credentials: {rule}"),
            Self::CredentialsInClear { url } => write!(
                f,
                "cannot send credentials to `{url}`, where everyone on the way could read them: give a URL with `https://` (feature `tls`), or call `credentials_in_clear` if \
                 something else encrypts them"
            ),
            #[cfg(feature = "tls")]
            Self::InvalidCa { path, reason } => {
                write!(f, "cannot use `{}` for TLS: {reason}", path.display())
            }
            Self::Unreachable { url, source } => write!(f, "cannot push to `{url}`: no connection: {source}"),
            Self::Timeout { url, timeout } => {
                write!(f, "cannot push to `{url}`: it has taken longer than {timeout:?}")
            }
            Self::Broken { url, source } => write!(f, "cannot push to `{url}`: {source}"),
            Self::Refused { url, status, message } => {
                write!(f, "cannot push to `{url}`: it answers {status}: {message}")
            }
            Self::NotRun { url, source } => write!(f, "cannot push to `{url}`: no thread to do it: {source}"),
        }
    }
}

/// Writes what `Display` writes: it is what a `main` that returns the error shows.
impl fmt::Debug for PushError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for PushError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Unreachable { source, .. } | Self::NotRun { source, .. } => Some(source),
            Self::Broken { source, .. } => Some(&**source),
            _ => None,
        }
    }
}
