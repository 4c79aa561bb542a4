use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use super::address::is_number;
use super::backoff::Backoff;
use super::{Link, TIMEOUT};
use crate::Error;

/// How long a name stands for the same address unless packets are refused.
const RESOLVE_EVERY: Duration = Duration::from_secs(60);

/// A UDP socket towards one address.
///
/// Where nobody listens, the server's machine says so, and the system keeps that as an error of the socket: at once on the same
/// machine, a round trip later otherwise. The error does not say which packet it is about; it is taken to be about the one
/// sent last.
#[derive(Debug)]
pub(super) struct Udp<R> {
    address: String,
    resolve: R,
    target: SocketAddr,
    socket: UdpSocket,
    resolved: Instant,
    refused: bool,
    /// Between two looks for a new address of a name.
    backoff: Backoff,
}

impl<R: Fn(&str) -> Result<SocketAddr, Error>> Udp<R> {
    pub(super) fn connect(address: &str, resolve: R) -> Result<Self, Error> {
        let target = resolve(address)?;
        let socket = open(target).map_err(|source| Error::Socket { address: address.to_owned(), source })?;
        Ok(Self {
            address: address.to_owned(),
            resolve,
            target,
            socket,
            resolved: Instant::now(),
            refused: false,
            backoff: Backoff::default(),
        })
    }

    /// Goes where the name points now. While nobody knows that, where it pointed to.
    fn follow_name(&mut self) {
        let due = self.refused || self.resolved.elapsed() >= RESOLVE_EVERY;
        if !due || is_number(&self.address) || !self.backoff.may_try() {
            return;
        }
        // Paced whatever comes of it: a name server is not asked for every packet that is refused.
        self.backoff.failed();
        let Ok(target) = (self.resolve)(&self.address) else { return };
        self.resolved = Instant::now();
        if target != self.target
            && let Ok(socket) = open(target)
        {
            (self.target, self.socket, self.refused) = (target, socket, false);
        }
    }
}

fn open(target: SocketAddr) -> io::Result<UdpSocket> {
    let any: SocketAddr = match target {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let socket = UdpSocket::bind(any)?;
    // It is drained by the network card, so it is never full for long.
    socket.set_write_timeout(Some(TIMEOUT))?;
    // Connected, so that the system tells when nobody listens.
    socket.connect(target)?;
    Ok(socket)
}

impl<R: Fn(&str) -> Result<SocketAddr, Error> + Send> Link for Udp<R> {
    fn send(&mut self, packet: &[u8]) -> io::Result<()> {
        self.follow_name();
        let sent = self.socket.send(packet).map(drop);
        let sent = sent.and_then(|()| self.socket.take_error()?.map_or(Ok(()), Err));
        self.refused = sent.is_err();
        if !self.refused {
            self.backoff.succeeded();
        }
        sent
    }

    fn late_error(&mut self) -> Option<io::Error> {
        let error = self.socket.take_error().ok().flatten();
        self.refused |= error.is_some();
        error
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::sync::Mutex;

    use super::*;
    use crate::transport::address::resolve;

    fn received(server: &UdpSocket) -> Vec<u8> {
        let mut buffer = [0; 10];
        let length = server.recv(&mut buffer).unwrap();
        buffer[..length].to_vec()
    }

    #[test]
    fn a_packet_that_nobody_received_is_an_error_and_the_next_one_can_be_sent() {
        let server = UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = server.local_addr().unwrap();
        let mut link = Udp::connect(&address.to_string(), resolve).unwrap();
        drop(server);
        assert_eq!(link.send(b"a:1|c").unwrap_err().kind(), io::ErrorKind::ConnectionRefused);

        let server = UdpSocket::bind(address).unwrap();
        link.send(b"b:1|c").unwrap();
        assert_eq!(received(&server), b"b:1|c");
    }

    #[test]
    fn a_name_is_followed_when_its_server_has_gone() {
        let old = UdpSocket::bind("127.0.0.1:0").unwrap();
        let new = UdpSocket::bind("127.0.0.1:0").unwrap();
        let points_to = Mutex::new(old.local_addr().unwrap());
        let mut link = Udp::connect("statsd.test:8125", |_: &str| Ok(*points_to.lock().unwrap())).unwrap();
        link.send(b"a:1|c").unwrap();
        assert_eq!(received(&old), b"a:1|c");

        *points_to.lock().unwrap() = new.local_addr().unwrap();
        link.send(b"b:1|c").unwrap();
        assert_eq!(received(&old), b"b:1|c", "nothing is asked while all is well");
        drop(old);
        link.send(b"lost").unwrap_err();
        link.send(b"c:1|c").unwrap();
        assert_eq!(received(&new), b"c:1|c");
    }

    #[test]
    fn a_name_is_asked_for_every_minute_and_rarely_while_packets_are_refused() {
        let server = UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = server.local_addr().unwrap();
        let asked = Cell::new(0);
        let count = |_: &str| {
            asked.set(asked.get() + 1);
            Ok(address)
        };
        let mut link = Udp::connect("statsd.test:8125", count).unwrap();
        link.follow_name();
        assert_eq!(asked.get(), 1);
        link.resolved = Instant::now() - RESOLVE_EVERY;
        link.follow_name();
        link.follow_name();
        assert_eq!(asked.get(), 2);
        link.refused = true;
        link.follow_name();
        assert_eq!(asked.get(), 2, "it was asked a moment ago");
        link.backoff.end_pause();
        link.follow_name();
        assert_eq!(asked.get(), 3);
    }
}
