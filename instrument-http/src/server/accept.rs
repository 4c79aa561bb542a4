use std::io;
use std::time::Duration;

use tokio::sync::OwnedSemaphorePermit;
use tokio::time::sleep;

use super::admission::{Admission, Decision};
use super::connection;
use super::endpoint::Endpoint;
use super::limits::Limits;
use super::listener::Listener;
use super::refusal::Refusal;
use super::stop::Stopped;
use super::transport::Transport;

/// Accepts connections, and serves or refuses each in a task of its own.
pub(super) async fn accept(
    listener: impl Listener,
    admission: Admission,
    transport: Transport,
    limits: Limits,
    endpoint: Endpoint,
    mut stopped: Stopped,
) {
    let mut pause = Pause::default();
    loop {
        match stopped.or(listener.accept()).await {
            None => return,
            Some(Ok((stream, peer))) => {
                pause = Pause::default();
                let (opening, stopped) = (transport.clone().open(stream, limits), stopped.clone());
                match admission.decide(peer) {
                    Decision::Serve(place) => {
                        spawn(connection::serve(opening, limits, endpoint.clone(), stopped), place);
                    }
                    // Who may not come in is not worth a handshake.
                    Decision::Refuse(Refusal::Forbidden, _) if transport.is_encrypted() => {}
                    Decision::Refuse(refusal, place) => {
                        spawn(connection::serve(opening, limits.of_refusal(), refusal, stopped), place);
                    }
                    Decision::Drop => {}
                }
            }
            Some(Err(error)) if concerns_one_client(&error) => {}
            Some(Err(_)) => {
                if stopped.or(sleep(pause.next())).await.is_none() {
                    return;
                }
            }
        }
    }
}

/// Serves a connection, which has its place until the end.
fn spawn(serving: impl Future<Output = ()> + Send + 'static, place: OwnedSemaphorePermit) {
    tokio::spawn(async move {
        serving.await;
        drop(place);
    });
}

/// Whether a connection was gone before it was let in. Other errors, such as too many open files, come back at once when they are
/// not waited out.
fn concerns_one_client(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset
    )
}

/// How long to wait before the next try: twice as long each time, up to a second.
#[derive(Debug)]
struct Pause(Duration);

impl Default for Pause {
    fn default() -> Self {
        Self(Duration::from_millis(10))
    }
}

impl Pause {
    fn next(&mut self) -> Duration {
        let pause = self.0;
        self.0 = (pause * 2).min(Duration::from_secs(1));
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_second() {
        let mut pause = Pause::default();
        assert_eq!(pause.next(), Duration::from_millis(10));
        assert_eq!(pause.next(), Duration::from_millis(20));
        let longest = (0..100).map(|_| pause.next()).max();
        assert_eq!(longest, Some(Duration::from_secs(1)));
    }
}
