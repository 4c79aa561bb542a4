//! Unix sockets.

use std::io;
use std::os::unix::net::{SocketAddr, UnixDatagram, UnixStream};
use std::path::{Path, PathBuf};

use rustix::io::{FdFlags, fcntl_setfd};
use rustix::net::{self, AddressFamily, SocketAddrUnix, SocketType};

use super::stream::{Connect, Framing, Stream};
use super::{Link, TIMEOUT};
use crate::Error;

/// A Unix datagram socket. It names the server with every packet, because a server that was started anew has made a new socket under the old
/// path.
#[derive(Debug)]
pub(super) struct Datagram {
    socket: UnixDatagram,
    path: PathBuf,
}

impl Datagram {
    pub(super) fn to(path: &Path) -> Result<Self, Error> {
        let path = checked(path)?;
        let open = || {
            let socket = UnixDatagram::unbound()?;
            // A server that is slow is waited for, and one that hangs is not.
            socket.set_write_timeout(Some(TIMEOUT))?;
            Ok(socket)
        };
        let socket =
            open().map_err(|source| Error::Socket { address: path.display().to_string(), source })?;
        Ok(Self { socket, path })
    }
}

impl Link for Datagram {
    fn send(&mut self, packet: &[u8]) -> io::Result<()> {
        self.socket.send_to(packet, &self.path).map(drop)
    }

    fn late_error(&mut self) -> Option<io::Error> {
        None // It is known at once.
    }
}

/// A connection to a Unix stream socket.
pub(super) fn stream(path: &Path, framing: Framing) -> Result<Stream<Server>, Error> {
    Ok(Stream::new(Server(checked(path)?), framing))
}

/// Where a stream socket is.
#[derive(Debug)]
pub(super) struct Server(PathBuf);

impl Connect for Server {
    type Socket = UnixStream;

    fn connect(&self) -> io::Result<UnixStream> {
        let server = SocketAddrUnix::new(self.0.as_path())?;
        let socket = net::socket(AddressFamily::UNIX, SocketType::STREAM, None)?;
        fcntl_setfd(&socket, FdFlags::CLOEXEC)?;
        let socket = UnixStream::from(socket);
        // Before it is connected: a server that accepts nobody has the system wait for it.
        socket.set_write_timeout(Some(TIMEOUT))?;
        net::connect(&socket, &server)?;
        Ok(socket)
    }
}

/// A path that a socket can have.
fn checked(path: &Path) -> Result<PathBuf, Error> {
    let unusable = |rule| Err(Error::Unusable { address: path.display().to_string(), rule });
    if path.as_os_str().is_empty() {
        return unusable("the path of a Unix socket is empty: give one, as in `unixgram:///run/statsd.sock`");
    }
    match SocketAddr::from_pathname(path) {
        Ok(_) => Ok(path.to_owned()),
        Err(_) => unusable("no Unix socket can have this path: give one of 100 bytes or less without NUL"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_is_made_anew_is_found() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("statsd.sock");
        let mut link = Datagram::to(&path).unwrap();
        assert_eq!(link.send(b"a:1|c").unwrap_err().kind(), io::ErrorKind::NotFound);
        for _ in 0..2 {
            let server = UnixDatagram::bind(&path).unwrap();
            link.send(b"b:1|c").unwrap();
            let mut buffer = [0; 10];
            assert_eq!(server.recv(&mut buffer).unwrap(), 5);
            drop(server);
            assert_eq!(link.send(b"c:1|c").unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
            std::fs::remove_file(&path).unwrap();
        }
    }

    #[test]
    fn a_server_that_accepts_nobody_is_not_waited_for_for_long() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("statsd.sock");
        let listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
        net::listen(&listener, 0).unwrap();
        let server = Server(path);
        let start = std::time::Instant::now();
        let connections: Vec<_> = (0..10).map_while(|_| server.connect().ok()).collect();
        assert!(!connections.is_empty() && connections.len() < 10, "{}", connections.len());
        assert!(start.elapsed() < 5 * TIMEOUT, "{:?}", start.elapsed());
    }

    #[test]
    fn a_path_that_no_socket_can_have_is_named() {
        for bad in ["", &"x".repeat(200), "a\0b"] {
            let error = Datagram::to(Path::new(bad)).unwrap_err();
            assert!(error.to_string().contains(&format!("`{bad}`")), "{error}");
            assert!(stream(Path::new(bad), Framing::Newline).is_err());
        }
    }
}
