//! Where packets go.

mod address;
mod backoff;
mod stream;
mod udp;
#[cfg(unix)]
mod unix;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use std::{fmt, io};

#[cfg(unix)]
use self::stream::Framing;
use self::udp::Udp;
use crate::Error;
use crate::line::Flavor;

/// How long a full socket is waited for, or a connection.
const TIMEOUT: Duration = Duration::from_secs(1);

/// How to reach the server.
///
/// A text is an address with its protocol, and without one it is UDP:
///
/// ```
/// use instrument_statsd::Transport;
///
/// assert_eq!(Transport::from("127.0.0.1:8125"), Transport::Udp("127.0.0.1:8125".to_owned()));
/// assert_eq!(Transport::from("tcp://statsd:8125"), Transport::Tcp("statsd:8125".to_owned()));
/// assert_eq!(Transport::from("unixgram:///run/dsd.sock"), Transport::UnixDatagram("/run/dsd.sock".into()));
/// assert_eq!(Transport::from("unix:///run/dsd.sock"), Transport::UnixStream("/run/dsd.sock".into()));
/// ```
///
/// A server that is not there is no error: what finds none is counted, and the next packet is tried again. Over a stream, a new connection
/// is tried after 0.1 s at first, then after twice as long each time, up to 30 s, and each time up to half as long by chance, so that not all of
/// its clients come back to a server at once. A connection that has lasted for a second is followed by the next one without a pause.
///
/// # What becomes of a packet
///
/// | over | a server that is slow | a packet is known to be lost |
/// |---|---|---|
/// | UDP, on the same machine | loses what its socket has no room for, unknown to the client | when nobody listens |
/// | UDP, to another machine | the same | one of those that were on the wire when the answer came that nobody listens. No machine, or no answer: never |
/// | Unix datagrams | is waited for, a second for each packet | in all cases |
/// | TCP, Unix streams | the same | when the connection ends before the server has read all: the last one of those that it has not read |
///
/// A packet that is not taken within the second has failed. Of a stream's packet a part may be taken then: the rest goes first when
/// the server reads again, and if the connection breaks before, the whole packet over the next one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Transport {
    /// Over UDP to `host:port`. Of the host's addresses the first IPv4 one is taken, because most StatsD servers listen there alone; the
    /// first of all if there is none. A name is resolved again when a packet was refused, and every minute; while no name server answers, the
    /// address that is known stays. After a refusal the first packet goes alone, and its answer is waited for, up to 50 ms.
    Udp(String),
    /// To a Unix datagram socket, as agents on the same machine offer it: nothing is lost while the server reads something each second. Looked up for every
    /// packet, so the server may make it anew.
    UnixDatagram(PathBuf),
    /// Over TCP to `host:port`, a newline after each line. A name is resolved for every connection, and not while one lasts: where the name points
    /// to another server now, the old one must close.
    Tcp(String),
    /// To a Unix stream socket: a newline after each line, or, as the Datadog agent wants it there, the length before each packet for
    /// [`Flavor::DogStatsD`].
    UnixStream(PathBuf),
}

impl Transport {
    /// Checks the address and opens the way to the server, which need not be there.
    pub(crate) fn open(&self, flavor: Flavor) -> Result<Box<dyn Link>, Error> {
        match self {
            Self::Udp(address) => Ok(Box::new(Udp::connect(address, address::resolve)?)),
            Self::Tcp(address) => Ok(Box::new(stream::tcp(address)?)),
            #[cfg(unix)]
            Self::UnixDatagram(path) => Ok(Box::new(unix::Datagram::to(path)?)),
            #[cfg(unix)]
            Self::UnixStream(path) => {
                let framing = if flavor == Flavor::DogStatsD { Framing::Length } else { Framing::Newline };
                Ok(Box::new(unix::stream(path, framing)?))
            }
            #[cfg(not(unix))]
            Self::UnixDatagram(path) | Self::UnixStream(path) => Err(Error::Unusable {
                address: path.display().to_string(),
                rule: "this system has no Unix sockets: take UDP or TCP",
            }),
        }
    }

    /// The greatest length of a packet unless it is set otherwise.
    pub(crate) fn packet_bytes(&self, flavor: Flavor) -> usize {
        /// An Ethernet frame of 1500 bytes, with room for IP, UDP and a tunnel.
        const ETHERNET: usize = 1432;
        /// A jumbo frame, likewise.
        const LOOPBACK: usize = 8932;
        /// The Datadog agent's buffer, `dogstatsd_buffer_size`. It cuts off what is longer.
        const AGENT: usize = 8192;
        match self {
            Self::Udp(address) if !address::is_loopback(address) => ETHERNET,
            Self::Udp(_) if flavor != Flavor::DogStatsD => LOOPBACK,
            _ => AGENT,
        }
    }
}

impl From<&str> for Transport {
    fn from(address: &str) -> Self {
        match address.split_once("://") {
            Some(("udp", address)) => Self::Udp(address.to_owned()),
            Some(("tcp", address)) => Self::Tcp(address.to_owned()),
            Some(("unixgram", path)) => Self::UnixDatagram(path.into()),
            Some(("unix", path)) => Self::UnixStream(path.into()),
            // What is no protocol is no host either, and said to be none when it is resolved.
            _ => Self::Udp(address.to_owned()),
        }
    }
}

impl From<String> for Transport {
    fn from(address: String) -> Self {
        Self::from(address.as_str())
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
            Self::Tcp(address) => write!(f, "tcp://{address}"),
            Self::UnixDatagram(path) => write!(f, "unixgram://{}", path.display()),
            Self::UnixStream(path) => write!(f, "unix://{}", path.display()),
        }
    }
}

/// A way to the server. It is opened again by itself.
pub(crate) trait Link: Send {
    /// Sends a packet, or says why it has not arrived. Waits for no longer than a second or two.
    ///
    /// Over a stream a packet is sent once a part of it is taken: see [`lines_begun`](Self::lines_begun).
    fn send(&mut self, packet: &[u8]) -> io::Result<()>;

    /// Says why the packet that was sent last has not arrived, if that has become known since. Once. To be asked before each packet, and
    /// after one that could not be sent.
    fn late_error(&mut self) -> Option<io::Error>;

    /// How many lines the packet has that was sent last, if only a part of it is taken yet. No other is sent before all of it is.
    fn lines_begun(&self) -> u64 {
        0
    }

    /// Goes on with that packet, as far as it can be done without waiting for the server to read.
    fn write_rest(&mut self) {}

    /// Whether one who sends faster than the server reads is made to wait. Otherwise, what is too much is lost without a word.
    fn has_flow_control(&self) -> bool {
        true
    }
}

/// Whether a server has read nothing for as long as it is waited for.
pub(crate) fn timed_out(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_read_as_the_same() {
        for text in ["udp://localhost:8125", "tcp://[::1]:8125", "unixgram:///a b/c", "unix://relative"] {
            assert_eq!(Transport::from(text.to_owned()).to_string(), text);
        }
        assert_eq!(Transport::from("http://a:1"), Transport::Udp("http://a:1".to_owned()));
    }

    #[test]
    fn packets_are_as_long_as_the_way_and_the_server_allow() {
        let bytes = |address: &str, flavor| Transport::from(address).packet_bytes(flavor);
        for far in ["10.0.0.1:8125", "statsd:8125", "[2001:db8::1]:8125", "localhost.example:8125"] {
            assert_eq!(bytes(far, Flavor::Etsy), 1432);
            assert_eq!(bytes(far, Flavor::DogStatsD), 1432);
        }
        for near in ["127.0.0.1:8125", "localhost:8125", "[::1]:8125", "127.8.8.8:1"] {
            assert_eq!(bytes(near, Flavor::Etsy), 8932);
            assert_eq!(bytes(near, Flavor::DogStatsD), 8192);
        }
        assert_eq!(bytes("unixgram:///run/dsd.sock", Flavor::DogStatsD), 8192);
        assert_eq!(bytes("tcp://10.0.0.1:8125", Flavor::Graphite), 8192);
    }
}
