//! Connections: TCP and Unix streams.

mod connection;
mod framing;

use std::io::{self, ErrorKind, Write as _};
use std::net::TcpStream;
use std::time::Instant;

pub(super) use self::connection::{Connect, Socket};
use self::connection::{Connection, End};
pub(super) use self::framing::Framing;
use super::address::resolve;
use super::backoff::Backoff;
use super::{Link, TIMEOUT, timed_out};
use crate::Error;
use crate::packet::lines;

/// A connection that is made when there is something to send, and again when it has broken.
#[derive(Debug)]
pub(super) struct Stream<C: Connect> {
    server: C,
    framing: Framing,
    connection: Option<Connection<C::Socket>>,
    /// A packet that the socket has taken a part of, as it is written. No packet follows before the rest of it: a line would be cut. When the
    /// connection breaks, it goes over the next one as a whole.
    begun: Vec<u8>,
    /// How much of it is taken.
    taken: usize,
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
        let backoff = Backoff::default();
        Self { server, framing, connection: None, begun: Vec::new(), taken: 0, backoff }
    }

    /// Makes a connection unless there is one.
    fn connect(&mut self) -> io::Result<()> {
        if self.connection.is_none() {
            if !self.backoff.may_try() {
                return Err(ErrorKind::NotConnected.into());
            }
            let connected = self.server.connect();
            // Until it has lasted: there are servers that accept, and close.
            self.backoff.failed();
            self.connection = Some(Connection::new(connected?)?);
        }
        Ok(())
    }

    fn disconnect(&mut self) {
        if self.connection.take().is_some_and(|connection| connection.is_steady()) {
            self.backoff.succeeded();
        }
        self.taken = 0;
    }

    /// Writes what is begun, until all is taken, or no more is taken in time. Says whether all is.
    fn write(&mut self, deadline: Instant) -> io::Result<bool> {
        let Some(connection) = &mut self.connection else { return Err(ErrorKind::NotConnected.into()) };
        let broken = loop {
            match connection.socket.write(&self.begun[self.taken..]) {
                Ok(0) => break ErrorKind::WriteZero.into(),
                Ok(bytes) => self.taken += bytes,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if timed_out(&error) => return Ok(false),
                Err(error) => break error,
            }
            if self.taken == self.begun.len() {
                connection.used = true;
                self.forget();
                return Ok(true);
            }
            if Instant::now() >= deadline {
                return Ok(false);
            }
        };
        self.disconnect();
        Err(broken)
    }

    fn forget(&mut self) {
        self.begun.clear();
        self.taken = 0;
    }
}

impl<C: Connect<Socket: Send> + Send> Link for Stream<C> {
    fn send(&mut self, packet: &[u8]) -> io::Result<()> {
        let deadline = Instant::now() + TIMEOUT;
        self.connect()?;
        if !self.begun.is_empty() && !self.write(deadline)? {
            return Err(ErrorKind::TimedOut.into());
        }
        self.framing.write(packet, &mut self.begun);
        match self.write(deadline) {
            Ok(all) if all || self.taken > 0 => Ok(()),
            // The server hangs. Nothing of the packet is under way, so it can be sent again.
            Ok(_) => {
                self.forget();
                Err(ErrorKind::TimedOut.into())
            }
            // This packet is said to have failed, so it must not go over the next connection.
            Err(error) => {
                self.forget();
                Err(error)
            }
        }
    }

    fn late_error(&mut self) -> Option<io::Error> {
        let connection = self.connection.as_mut()?;
        let used = connection.used;
        let end = connection.end()?;
        self.disconnect();
        match end {
            // One that is begun was sent last, and is not lost: it goes over the next connection.
            End::Lost(error) if used && self.begun.is_empty() => Some(error),
            _ => None,
        }
    }

    fn lines_begun(&self) -> u64 {
        if self.begun.is_empty() { 0 } else { lines(self.framing.packet(&self.begun)) }
    }

    fn write_rest(&mut self) {
        if self.begun.is_empty() || self.connect().is_err() {
            return;
        }
        let set_nonblocking = |stream: &Self, nonblocking| {
            stream
                .connection
                .as_ref()
                .is_some_and(|connection| connection.socket.set_nonblocking(nonblocking).is_ok())
        };
        // What comes of it is seen by what is begun afterwards.
        if set_nonblocking(self, true) {
            let _ = self.write(Instant::now());
            set_nonblocking(self, false);
        }
    }
}

#[cfg(test)]
mod tests;
