use std::io;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::time::sleep;

use super::connection;
use super::endpoint::Endpoint;
use super::limits::{Limits, Places};
use super::stop::Stopped;

/// Lets connections in while there are places, and serves each in a task of its own.
pub(super) async fn accept(
    listener: TcpListener,
    places: Places,
    limits: Limits,
    endpoint: Endpoint,
    mut stopped: Stopped,
) {
    let mut pause = Pause::default();
    loop {
        let next = async { (places.take().await, listener.accept().await) };
        match stopped.or(next).await {
            None => return,
            Some((place, Ok((stream, _)))) => {
                pause = Pause::default();
                let serving = connection::serve(stream, limits, endpoint.clone(), stopped.clone());
                tokio::spawn(async move {
                    serving.await;
                    drop(place);
                });
            }
            Some((_, Err(error))) if concerns_one_client(&error) => {}
            Some((_, Err(_))) => {
                if stopped.or(sleep(pause.next())).await.is_none() {
                    return;
                }
            }
        }
    }
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
