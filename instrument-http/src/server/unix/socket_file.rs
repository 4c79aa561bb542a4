use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tokio::net::{UnixListener, UnixSocket, UnixStream};

use crate::BindError;

/// The file of a socket, which is gone when this is.
#[derive(Debug)]
pub(in crate::server) struct SocketFile {
    path: PathBuf,
    /// Device and number: another server may have put its own in this place.
    identity: Option<(u64, u64)>,
}

/// How many connections wait to be accepted, as tokio has it for TCP.
const BACKLOG: u32 = 1024;

impl SocketFile {
    /// Listens on a path, when its file has its mode: before that the system refuses connections. A socket that nobody listens on any more, as a program leaves behind that was killed, makes room; nothing else does.
    pub(in crate::server) async fn bind(path: &Path, mode: u32) -> Result<(UnixListener, Self), BindError> {
        let bound = match bound(path) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && is_abandoned(path).await => {
                fs::remove_file(path).and_then(|()| bound(path))
            }
            bound => bound,
        };
        let socket = bound.map_err(|source| refused(path, source))?;
        let file = Self { path: path.to_owned(), identity: identity(path) };
        fs::set_permissions(path, Permissions::from_mode(mode))
            .and_then(|()| socket.listen(BACKLOG))
            .map(|listener| (listener, file))
            .map_err(|source| refused(path, source))
    }

    pub(in crate::server) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        if self.identity.is_some() && self.identity == identity(&self.path) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn bound(path: &Path) -> io::Result<UnixSocket> {
    let socket = UnixSocket::new_stream()?;
    socket.bind(path)?;
    Ok(socket)
}

async fn is_abandoned(path: &Path) -> bool {
    let is_socket = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.file_type().is_socket());
    is_socket
        && UnixStream::connect(path)
            .await
            .is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
}

fn identity(path: &Path) -> Option<(u64, u64)> {
    fs::symlink_metadata(path).ok().map(|metadata| (metadata.dev(), metadata.ino()))
}

fn refused(path: &Path, source: io::Error) -> BindError {
    match source.kind() {
        io::ErrorKind::AddrInUse => BindError::PathTaken { path: path.to_owned() },
        _ => BindError::Refused { address: path.display().to_string(), source },
    }
}
