//! Where packets go.

mod udp;

use std::net::SocketAddr;
use std::{fmt, io};

use self::udp::Udp;
use crate::Error;

/// How to reach the server.
///
/// An address alone is UDP:
///
/// ```
/// use instrument_statsd::Transport;
///
/// assert_eq!(Transport::from("127.0.0.1:8125"), Transport::Udp("127.0.0.1:8125".to_owned()));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Transport {
    /// Over UDP to `host:port`. The host is resolved once, when the client or exporter is set up, and of its addresses the first
    /// IPv4 one is taken, because most StatsD servers listen there alone; the first of all if there is none.
    Udp(String),
}

impl Transport {
    /// Opens the way to the server.
    pub(crate) fn open(&self) -> Result<Box<dyn Link>, Error> {
        match self {
            Self::Udp(address) => Ok(Box::new(Udp::connect(address)?)),
        }
    }
}

impl From<&str> for Transport {
    fn from(address: &str) -> Self {
        Self::Udp(address.to_owned())
    }
}

impl From<String> for Transport {
    fn from(address: String) -> Self {
        Self::Udp(address)
    }
}

impl From<SocketAddr> for Transport {
    fn from(address: SocketAddr) -> Self {
        Self::Udp(address.to_string())
    }
}

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Udp(address) => write!(f, "udp://{address}"),
        }
    }
}

/// An open way to the server.
pub(crate) trait Link: Send {
    /// Sends a packet, or says why it has not arrived.
    fn send(&mut self, packet: &[u8]) -> io::Result<()>;

    /// Says why the packet that was sent last has not arrived, if that has become known since. Once.
    fn late_error(&mut self) -> Option<io::Error>;
}
