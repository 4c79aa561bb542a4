use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};

use super::address::is_number;
use super::backoff::Backoff;
use super::{Link, TIMEOUT};
use crate::Error;

/// How long a name stands for the same address unless packets are refused.
const RESOLVE_EVERY: Duration = Duration::from_secs(60);

/// How long the answer that nobody listens can take: a round trip.
const ROUND_TRIP: Duration = Duration::from_millis(50);

/// A UDP socket towards one address.
///
/// Where nobody listens, the server's machine says so, and the system keeps that as an error of the socket: at once on the same
/// machine, a round trip later otherwise. The error does not say which packet it is about; it is taken to be about the one
/// sent last. The system keeps one error, so of many packets that were sent within a round trip one is known to be lost: therefore the first packet after an error
/// goes alone, and its answer is waited for.
#[derive(Debug)]
pub(super) struct Udp<R> {
    address: String,
    resolve: R,
    target: SocketAddr,
    socket: UdpSocket,
    refused: bool,
    /// Found while the next packet was about to be sent.
    late: Option<io::Error>,
    /// When the name server was asked last, and whether it answered.
    asked: Instant,
    answered: bool,
    /// Between two questions while packets are refused.
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
            refused: false,
            late: None,
            asked: Instant::now(),
            answered: true,
            backoff: Backoff::default(),
        })
    }

    /// Goes where the name points now. While nobody knows that, where it pointed to.
    fn follow_name(&mut self) {
        let due = self.refused && self.backoff.may_try() || self.asked.elapsed() >= RESOLVE_EVERY;
        if !due || is_number(&self.address) {
            return;
        }
        let target = (self.resolve)(&self.address);
        // Paced whatever comes of it: a name server is asked neither for every packet that is refused nor, when it is down, for every
        // packet that arrives.
        self.backoff.failed();
        (self.asked, self.answered) = (Instant::now(), target.is_ok());
        if let Ok(target) = target
            && target != self.target
            && let Ok(socket) = open(target)
        {
            (self.target, self.socket, self.refused) = (target, socket, false);
        }
    }

    /// Sends, and says what is said about it at once; within a round trip, if the last thing that was heard is that nobody listens.
    fn send_and_listen(&mut self, packet: &[u8]) -> io::Result<()> {
        if let Err(error) = self.socket.send(packet) {
            // It is about the packet before, and the system has not sent this one.
            self.late = (error.kind() == io::ErrorKind::ConnectionRefused).then(|| error.kind().into());
            return Err(error);
        }
        let sent = Instant::now();
        loop {
            if let Some(error) = self.socket.take_error()? {
                return Err(error);
            }
            if !self.refused || sent.elapsed() >= ROUND_TRIP {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(1));
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
        let sent = self.send_and_listen(packet);
        self.refused = sent.is_err();
        if !self.refused && self.answered {
            self.backoff.succeeded();
        }
        sent
    }

    fn late_error(&mut self) -> Option<io::Error> {
        let error = self.late.take().or_else(|| self.socket.take_error().ok().flatten());
        self.refused |= error.is_some();
        error
    }

    fn has_flow_control(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::AtomicU32;
    use std::sync::atomic::Ordering::Relaxed;

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
        let asked = AtomicU32::new(0);
        let count = |_: &str| {
            asked.fetch_add(1, Relaxed);
            Ok(address)
        };
        let mut link = Udp::connect("statsd.test:8125", count).unwrap();
        link.send(b"a:1|c").unwrap();
        assert_eq!(asked.load(Relaxed), 1);
        link.asked -= RESOLVE_EVERY;
        link.send(b"a:1|c").unwrap();
        link.send(b"a:1|c").unwrap();
        assert_eq!(asked.load(Relaxed), 2);
        drop(server);
        for _ in 0..10 {
            link.send(b"a:1|c").unwrap_err();
        }
        assert_eq!(asked.load(Relaxed), 3, "it was asked a moment ago");
        link.backoff.end_pause();
        link.send(b"a:1|c").unwrap_err();
        assert_eq!(asked.load(Relaxed), 4);
    }

    #[test]
    fn a_name_server_that_is_down_is_asked_once_a_minute_while_packets_arrive() {
        let server = UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = server.local_addr().unwrap();
        let asked = AtomicU32::new(0);
        let fail_later = |name: &str| match asked.fetch_add(1, Relaxed) {
            0 => Ok(address),
            _ => Err(Error::Resolve { address: name.to_owned(), source: io::ErrorKind::TimedOut.into() }),
        };
        let mut link = Udp::connect("statsd.test:8125", fail_later).unwrap();
        for minutes in 1..4 {
            link.asked -= RESOLVE_EVERY;
            for _ in 0..10 {
                link.send(b"a:1|c").unwrap();
                assert_eq!(received(&server), b"a:1|c");
            }
            assert_eq!(asked.load(Relaxed), 1 + minutes);
        }
    }

    #[test]
    fn after_a_refusal_one_packet_goes_alone_and_is_waited_for() {
        let server = UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = server.local_addr().unwrap();
        let mut link = Udp::connect(&address.to_string(), resolve).unwrap();
        drop(server);
        let timed = |link: &mut Udp<_>| {
            let start = Instant::now();
            (link.send(b"a:1|c").is_ok(), start.elapsed())
        };
        assert!(link.send(b"a:1|c").is_err() && link.send(b"a:1|c").is_err());
        let _server = UdpSocket::bind(address).unwrap();
        let (arrived, took) = timed(&mut link);
        assert!(arrived && took >= ROUND_TRIP, "{took:?}");
        // However busy the machine is, one of many shows that no wait is meant.
        assert!((0..10).map(|_| timed(&mut link)).any(|(arrived, took)| arrived && took < ROUND_TRIP));
    }
}
