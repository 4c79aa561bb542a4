use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::admission::Admission;
use super::limits::SHUTDOWN_LIMIT;
use super::stop::Stop;

/// What goes on until it is dropped.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) accepting: JoinHandle<()>,
    pub(super) admission: Admission,
    pub(super) stop: Stop,
}

impl Running {
    /// Stops, and waits for requests that are under way.
    pub(super) async fn shutdown(self) {
        drop(self.stop);
        // Neither can fail but by a panic, and then there is nothing to wait for.
        let _ = self.accepting.await;
        let _ = timeout(SHUTDOWN_LIMIT, self.admission.all_closed()).await;
    }
}
