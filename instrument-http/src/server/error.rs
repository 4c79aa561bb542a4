use std::fmt;
use std::io;
#[cfg(any(feature = "tls", unix))]
use std::path::PathBuf;

use super::access::Mistake;

/// Why a [`MetricsServer`](crate::MetricsServer) could not start.
///
/// ```
/// use instrument_http::{BindError, MetricsServer};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let error = MetricsServer::builder().listen("localhost").bind().await.unwrap_err();
/// assert!(matches!(error, BindError::InvalidAddress { .. }));
/// assert_eq!(
///     error.to_string(),
///     "cannot listen on `localhost`: give a host and a port up to 65535, such as `127.0.0.1:9464`",
/// );
/// assert_eq!(format!("{error:?}"), error.to_string()); // what a `main` that returns it shows
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
#[non_exhaustive]
pub enum BindError {
    /// The address is not a host and a port.
    InvalidAddress {
        /// The address as given.
        address: String,
    },
    /// Another socket listens on the address.
    InUse {
        /// The address as given.
        address: String,
        /// What the system says.
        source: io::Error,
    },
    /// The system refuses the address.
    Refused {
        /// The address as given.
        address: String,
        /// What the system says.
        source: io::Error,
    },
    /// The path does not start with a slash.
    InvalidPath {
        /// The path as given.
        path: String,
    },
    /// A network that should be allowed is none.
    InvalidNetwork {
        /// The network as given.
        network: String,
    },
    /// Credentials that nobody could send.
    InvalidCredentials {
        /// What they must be. They themselves are not shown.
        rule: &'static str,
    },
    /// Credentials are wanted on an address that other machines reach, and without TLS.
    CredentialsInClear {
        /// The address as given.
        address: String,
    },
    /// A file for TLS cannot be read.
    #[cfg(feature = "tls")]
    UnreadableFile {
        /// Its path as given.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// What is in a file for TLS is of no use.
    #[cfg(feature = "tls")]
    InvalidFile {
        /// Its path as given.
        path: PathBuf,
        /// What is wrong, or missing.
        reason: String,
    },
    /// Client certificates are wanted without TLS.
    #[cfg(feature = "tls")]
    ClientCaWithoutTls,
    /// At the path is a socket that a program listens on, or something else than a socket.
    #[cfg(unix)]
    PathTaken {
        /// The path as given.
        path: PathBuf,
    },
    /// The registry has other metrics by the names of the server's own.
    Metrics {
        /// What the registry says.
        source: instrument_core::Error,
    },
    /// There is no tokio runtime to run on.
    NoRuntime {
        /// The address as given.
        address: String,
    },
}

impl BindError {
    pub(super) fn new(address: String, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::InvalidInput => Self::InvalidAddress { address },
            // Nothing that a name server could know.
            _ if address.starts_with(':') || address.contains('/') => Self::InvalidAddress { address },
            io::ErrorKind::AddrInUse => Self::InUse { address, source },
            _ => Self::Refused { address, source },
        }
    }
}

impl From<Mistake> for BindError {
    fn from(mistake: Mistake) -> Self {
        match mistake {
            Mistake::Network(network) => Self::InvalidNetwork { network },
            Mistake::Credentials(rule) => Self::InvalidCredentials { rule },
        }
    }
}

impl fmt::Display for BindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidAddress { address } => {
                write!(
                    f,
                    "cannot listen on `{address}`: give a host and a port up to 65535, such as `127.0.0.1:9464`"
                )
            }
            Self::InUse { address, .. } => write!(
                f,
                "cannot listen on `{address}`: another program listens there: choose another port, or 0 for any free one"
            ),
            Self::Refused { address, source } => write!(f, "cannot listen on `{address}`: {source}"),
            Self::InvalidPath { path } => {
                write!(f, "cannot serve metrics at `{path}`: a path starts with a slash, such as `/metrics`")
            }
            Self::InvalidNetwork { network } => write!(
                f,
                "cannot allow the network `{network}`: give an address and a number of bits, such as `10.0.0.0/8`, or an address alone"
            ),
            Self::InvalidCredentials { rule } => write!(f, "cannot take these credentials: {rule}"),
            Self::CredentialsInClear { address } => write!(
                f,
                "cannot take credentials on `{address}` without TLS, where everyone on the way could read them: call `tls` (feature `tls`), listen on `127.0.0.1`, or call \
                 `credentials_in_clear` if something else encrypts them"
            ),
            #[cfg(feature = "tls")]
            Self::UnreadableFile { path, source } => {
                write!(f, "cannot read `{}` for TLS: {source}", path.display())
            }
            #[cfg(feature = "tls")]
            Self::InvalidFile { path, reason } => {
                write!(f, "cannot use `{}` for TLS: {reason}", path.display())
            }
            #[cfg(feature = "tls")]
            Self::ClientCaWithoutTls => f.write_str(
                "cannot ask for client certificates without TLS: call `tls` with a certificate and its key",
            ),
            #[cfg(unix)]
            Self::PathTaken { path } => write!(
                f,
                "cannot listen on `{}`: another program listens there, or it is no socket: choose another path, or remove what is there",
                path.display()
            ),
            Self::Metrics { source } => {
                write!(f, "cannot register the server's own metrics: {source}; or call `own_metrics(false)`")
            }
            Self::NoRuntime { address } => write!(
                f,
                "cannot listen on `{address}` outside of a tokio runtime: await `bind` in a task of one"
            ),
        }
    }
}

/// Writes what `Display` writes: it is what a `main` that returns the error shows.
impl fmt::Debug for BindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for BindError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Metrics { source } => Some(source),
            Self::InUse { source, .. } | Self::Refused { source, .. } => Some(source),
            #[cfg(feature = "tls")]
            Self::UnreadableFile { source, .. } => Some(source),
            _ => None,
        }
    }
}
