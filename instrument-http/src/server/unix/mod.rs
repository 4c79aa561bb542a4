//! The endpoint on a Unix-domain socket.

mod socket_file;

pub(super) use self::socket_file::SocketFile;

use std::path::Path;

use super::running::Running;

/// A [`MetricsServer`](crate::MetricsServer) on a Unix-domain socket, for what runs on the same machine: a proxy, or a scraper beside the service.
///
/// Who may connect is who may write to the socket's file: its owner alone, unless [told otherwise](crate::MetricsServerBuilder::unix_mode). Credentials and TLS count
/// as elsewhere, and allowed networks do not, as there is none.
///
/// ```
/// use instrument_core::Registry;
/// use instrument_http::MetricsServer;
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("metrics.sock");
/// let server = MetricsServer::builder().registry(Registry::new()).bind_unix(&path).await?;
/// println!("curl --unix-socket {} http://localhost/metrics", server.path().display());
/// server.shutdown().await;
/// assert!(!path.exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It runs for as long as this value lives, and takes the socket's file with it.
#[derive(Debug)]
#[must_use = "the server stops when it is dropped"]
pub struct UnixMetricsServer {
    running: Running,
    file: SocketFile,
}

impl UnixMetricsServer {
    pub(super) fn new(running: Running, file: SocketFile) -> Self {
        Self { running, file }
    }

    /// The path of the socket.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// Stops listening, as [`MetricsServer::shutdown`](crate::MetricsServer::shutdown) does.
    pub async fn shutdown(self) {
        let Self { running, file } = self;
        drop(file);
        running.shutdown().await;
    }
}
