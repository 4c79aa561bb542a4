use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs as _, UdpSocket};
use std::time::Duration;

use super::Link;
use crate::Error;

/// How long a full socket is waited for. It is drained by the network card, so it is never full for long.
const SEND_TIMEOUT: Duration = Duration::from_secs(1);

/// A UDP socket towards one address.
///
/// Where nobody listens, the server's machine says so, and the system keeps that as an error of the socket: at once on the same
/// machine, a round trip later otherwise. The error does not say which packet it is about; it is taken to be about the one
/// sent last.
#[derive(Debug)]
pub(super) struct Udp {
    socket: UdpSocket,
}

impl Udp {
    pub(super) fn connect(address: &str) -> Result<Self, Error> {
        let target = resolve(address)?;
        let open = || {
            let any: SocketAddr = match target {
                SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
                SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
            };
            let socket = UdpSocket::bind(any)?;
            socket.set_write_timeout(Some(SEND_TIMEOUT))?;
            // Connected, so that the system tells when nobody listens.
            socket.connect(target)?;
            Ok(Self { socket })
        };
        open().map_err(|source| Error::Socket { address: address.to_owned(), source })
    }
}

fn resolve(address: &str) -> Result<SocketAddr, Error> {
    let unusable = |rule| Error::Unusable { address: address.to_owned(), rule };
    let found: Vec<SocketAddr> = address
        .to_socket_addrs()
        .map_err(|source| Error::Resolve { address: address.to_owned(), source })?
        .collect();
    let target = found.iter().find(|target| target.is_ipv4()).or(found.first());
    match target {
        None => Err(unusable("its host has no address: give another host")),
        Some(target) if target.port() == 0 => {
            Err(unusable("nobody listens on port 0: give the server's port, 8125 as a rule"))
        }
        Some(target) => Ok(*target),
    }
}

impl Link for Udp {
    fn send(&mut self, packet: &[u8]) -> io::Result<()> {
        self.socket.send(packet)?;
        self.socket.take_error()?.map_or(Ok(()), Err)
    }

    fn late_error(&mut self) -> Option<io::Error> {
        self.socket.take_error().ok().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv4_address_is_taken_first() {
        assert!(resolve("localhost:8125").unwrap().is_ipv4());
        assert!(resolve("[::1]:8125").unwrap().is_ipv6());
    }

    #[test]
    fn an_address_that_cannot_be_used_is_named() {
        for bad in ["", "localhost", "localhost:", "localhost:statsd", "localhost:99999", "127.0.0.1:0"] {
            let error = Udp::connect(bad).unwrap_err();
            assert!(error.to_string().contains(&format!("`{bad}`")), "{error}");
        }
    }

    #[test]
    fn a_packet_that_nobody_received_is_an_error_and_the_next_one_can_be_sent() {
        let server = UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = server.local_addr().unwrap();
        let mut link = Udp::connect(&address.to_string()).unwrap();
        drop(server);
        assert_eq!(link.send(b"a:1|c").unwrap_err().kind(), io::ErrorKind::ConnectionRefused);

        let server = UdpSocket::bind(address).unwrap();
        link.send(b"b:1|c").unwrap();
        let mut buffer = [0; 10];
        assert_eq!(server.recv(&mut buffer).unwrap(), 5);
        assert_eq!(buffer[..5], *b"b:1|c");
    }
}
