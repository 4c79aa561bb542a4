use std::fmt;
use std::io;

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
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
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
            Self::NoRuntime { address } => write!(
                f,
                "cannot listen on `{address}` outside of a tokio runtime: await `bind` in a task of one"
            ),
        }
    }
}

impl std::error::Error for BindError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::InUse { source, .. } | Self::Refused { source, .. } => Some(source),
            _ => None,
        }
    }
}
