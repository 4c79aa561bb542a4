use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use crate::transport::TIMEOUT;

/// A connection that ends sooner was not wanted: by a load balancer without backends, say.
const STEADY: Duration = Duration::from_secs(1);

/// How to connect.
pub(in crate::transport) trait Connect {
    type Socket: Socket;

    fn connect(&self) -> io::Result<Self::Socket>;
}

/// What a connection is made of.
pub(in crate::transport) trait Socket: Read + Write {
    fn set_nonblocking(&self, nonblocking: bool) -> io::Result<()>;
    fn set_write_timeout(&self) -> io::Result<()>;
    fn take_error(&self) -> io::Result<Option<io::Error>>;
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

            fn take_error(&self) -> io::Result<Option<io::Error>> {
                self.take_error()
            }
        }
    };
}

socket!(TcpStream);
#[cfg(unix)]
socket!(UnixStream);

#[derive(Debug)]
pub(super) struct Connection<S> {
    pub(super) socket: S,
    pub(super) since: Instant,
    /// Whether a packet has gone over it as a whole.
    pub(super) used: bool,
}

/// What the end of a connection says about the packet that was sent last.
pub(super) enum End {
    /// The server has read it.
    AfterAll,
    /// The server has not read it, or not all of it.
    Lost(io::Error),
}

impl<S: Socket> Connection<S> {
    pub(super) fn new(socket: S) -> io::Result<Self> {
        socket.set_write_timeout()?;
        Ok(Self { socket, since: Instant::now(), used: false })
    }

    /// Whether it has lived long enough for the server to be well.
    pub(super) fn is_steady(&self) -> bool {
        self.since.elapsed() >= STEADY
    }

    /// The end, if it has come. Servers of StatsD say nothing, so what there is to read is the end. It is asked for because the first packet
    /// after it would be taken by the system and be lost.
    pub(super) fn end(&mut self) -> Option<End> {
        let mut look = || {
            // A server that closes and has not read all resets the connection, which is an error.
            if let Some(error) = self.socket.take_error()? {
                return Err(error);
            }
            self.socket.set_nonblocking(true)?;
            let read = self.socket.read(&mut [0; 256]);
            self.socket.set_nonblocking(false)?;
            read
        };
        match look() {
            Ok(0) if self.is_steady() => Some(End::AfterAll),
            Ok(0) => Some(End::Lost(ErrorKind::UnexpectedEof.into())),
            Ok(_) => None,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => None,
            Err(error) => Some(End::Lost(error)),
        }
    }
}
