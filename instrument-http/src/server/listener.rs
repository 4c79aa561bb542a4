use std::io;
use std::net::IpAddr;

use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::net::UnixListener;

use super::transport::ReadWrite;

/// Where connections come from.
pub(super) trait Listener: Send + Sync + 'static {
    type Socket: ReadWrite + 'static;

    /// The next connection, and its other side's address if it has one.
    fn accept(&self) -> impl Future<Output = io::Result<(Self::Socket, Option<IpAddr>)>> + Send;
}

impl Listener for TcpListener {
    type Socket = tokio::net::TcpStream;

    async fn accept(&self) -> io::Result<(Self::Socket, Option<IpAddr>)> {
        let (stream, peer) = Self::accept(self).await?;
        // An answer is handed over whole: nothing is won by waiting for more to send.
        let _ = stream.set_nodelay(true);
        Ok((stream, Some(peer.ip())))
    }
}

#[cfg(unix)]
impl Listener for UnixListener {
    type Socket = tokio::net::UnixStream;

    async fn accept(&self) -> io::Result<(Self::Socket, Option<IpAddr>)> {
        Self::accept(self).await.map(|(stream, _)| (stream, None))
    }
}
