//! Connections: TCP and Unix streams.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
#[cfg(unix)]
use std::os::unix::net::UnixStream;

use super::address::resolve;
use super::backoff::Backoff;
use super::{Link, TIMEOUT};
use crate::Error;

/// How to connect.
pub(super) trait Connect {
    type Socket: Socket;

    fn connect(&self) -> io::Result<Self::Socket>;
}

/// What a connection is made of.
pub(super) trait Socket: Read + Write {
    fn set_nonblocking(&self, nonblocking: bool) -> io::Result<()>;
    fn set_write_timeout(&self) -> io::Result<()>;
}

macro_rules! socket {
    ($socket:ty) => {
        impl Socket for $socket {
            fn set_nonblocking(&self, nonblocking: bool) -> io::Result<()> {
                self.set_nonblocking(nonblocking)
            }

            fn set_write_timeout(&self) -> io::Result<()> {
                self.set_write_timeout(Some(TIMEOUT))
            }
        }
    };
}

socket!(TcpStream);
#[cfg(unix)]
socket!(UnixStream);

/// How a server tells where a packet ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Framing {
    /// By a newline after each line.
    Newline,
    /// By the length before the packet, four bytes with the lowest first: the Datadog agent's way on a Unix stream. Source: `comp/dogstatsd/listeners/uds_common.go` of
    /// <https://github.com/DataDog/datadog-agent>.
    #[cfg(unix)]
    Length,
}

impl Framing {
    fn write(self, packet: &[u8], out: &mut Vec<u8>) {
        match self {
            Self::Newline => {
                out.extend_from_slice(packet);
                out.push(b'\n');
            }
            #[cfg(unix)]
            Self::Length => {
                // No packet is longer than 65,507 bytes.
                out.extend_from_slice(&(packet.len() as u32).to_le_bytes());
                out.extend_from_slice(packet);
            }
        }
    }
}

/// A connection that is made when there is something to send, and again when it has broken.
#[derive(Debug)]
pub(super) struct Stream<C: Connect> {
    server: C,
    framing: Framing,
    socket: Option<C::Socket>,
    /// What the socket has not taken yet of the packet that was sent last. No packet follows before it: a line would be cut.
    rest: Vec<u8>,
    /// The connection broke before the rest was taken.
    cut: bool,
    backoff: Backoff,
}

/// A connection over TCP to `host:port`.
pub(super) fn tcp(address: &str) -> Result<Stream<Host>, Error> {
    resolve(address)?;
    Ok(Stream::new(Host(address.to_owned()), Framing::Newline))
}

/// `host:port`, where a name may mean another address each time.
#[derive(Debug)]
pub(super) struct Host(String);

impl Connect for Host {
    type Socket = TcpStream;

    fn connect(&self) -> io::Result<TcpStream> {
        let target = resolve(&self.0).map_err(io::Error::other)?;
        let socket = TcpStream::connect_timeout(&target, TIMEOUT)?;
        // Packets are full, or wanted now.
        socket.set_nodelay(true)?;
        Ok(socket)
    }
}

impl<C: Connect> Stream<C> {
    pub(super) fn new(server: C, framing: Framing) -> Self {
        Self { server, framing, socket: None, rest: Vec::new(), cut: false, backoff: Backoff::default() }
    }

    /// Makes a connection unless there is one that the server has not closed.
    fn connect(&mut self) -> io::Result<()> {
        if self.socket.as_mut().is_some_and(|socket| !is_open(socket)) {
            self.disconnect();
        }
        if self.socket.is_none() {
            if !self.backoff.may_try() {
                return Err(ErrorKind::NotConnected.into());
            }
            self.backoff.failed();
            let socket = self.server.connect()?;
            socket.set_write_timeout()?;
            self.socket = Some(socket);
        }
        Ok(())
    }

    /// Writes until all is taken, or no more is taken in time. Says how many bytes were.
    fn write(&mut self) -> io::Result<usize> {
        let Some(socket) = &mut self.socket else { return Err(ErrorKind::NotConnected.into()) };
        let mut taken = 0;
        while taken < self.rest.len() {
            match socket.write(&self.rest[taken..]) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(bytes) => taken += bytes,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => break,
                Err(error) => return Err(error),
            }
        }
        self.rest.drain(..taken);
        Ok(taken)
    }

    fn disconnect(&mut self) {
        self.socket = None;
        self.cut |= !self.rest.is_empty();
        self.rest.clear();
    }

    /// Writes what is left of the packet before. Without it, the next one must wait.
    fn write_rest(&mut self) -> io::Result<()> {
        match self.write() {
            Ok(_) if self.rest.is_empty() => Ok(()),
            Ok(_) => Err(ErrorKind::TimedOut.into()),
            Err(error) => {
                self.disconnect();
                Err(error)
            }
        }
    }
}

/// Servers of StatsD say nothing, so what is there to read is the end. It is asked for because the first packet after it would be taken by
/// the system and be lost.
fn is_open(socket: &mut impl Socket) -> bool {
    let mut look = || {
        socket.set_nonblocking(true)?;
        let read = socket.read(&mut [0; 256]);
        socket.set_nonblocking(false)?;
        read
    };
    match look() {
        Ok(bytes) => bytes > 0,
        Err(error) => matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted),
    }
}

impl<C: Connect<Socket: Send> + Send> Link for Stream<C> {
    fn send(&mut self, packet: &[u8]) -> io::Result<()> {
        self.connect()?;
        self.write_rest()?;
        self.framing.write(packet, &mut self.rest);
        match self.write() {
            Ok(0) => {
                // The server hangs. Nothing of the packet is under way, so it can be sent again.
                self.rest.clear();
                Err(ErrorKind::TimedOut.into())
            }
            Ok(_) => {
                self.backoff.succeeded();
                Ok(())
            }
            Err(error) => {
                // This packet is said to have failed, and not the one before.
                self.rest.clear();
                self.disconnect();
                Err(error)
            }
        }
    }

    fn late_error(&mut self) -> Option<io::Error> {
        std::mem::take(&mut self.cut).then(|| ErrorKind::ConnectionAborted.into())
    }
}

#[cfg(test)]
mod tests;
