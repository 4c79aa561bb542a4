use std::io;
use std::time::Duration;

use tokio::time::sleep;

use super::admission::{Admission, Decision};
use super::connection;
use super::endpoint::Endpoint;
use super::limits::Limits;
use super::listener::Listener;
use super::refusal::Refusal;
use super::stop::Stopped;
use super::telemetry::Failure;
use super::transport::Transport;
use super::under_way::UnderWay;

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
                    Decision::Serve(joining) => {
                        let endpoint = endpoint.clone();
                        tokio::spawn(async move {
                            let Some(member) = joining.await else { return };
                            connection::serve(opening, limits, endpoint, member.under_way(), stopped).await;
                        });
                    }
                    // Who may not come in is not worth a handshake.
                    Decision::Refuse(Refusal::Forbidden, _) if transport.is_encrypted() => {}
                    Decision::Refuse(refusal, place) => {
                        let limits = limits.of_refusal();
                        tokio::spawn(async move {
                            connection::serve(opening, limits, refusal, &UnderWay::default(), stopped).await;
                            drop(place);
                        });
                    }
                    Decision::Drop => {}
                }
            }
            Some(Err(error)) if concerns_one_client(&error) => {}
            Some(Err(_)) => {
                admission.telemetry().fail(Failure::Accept);
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
    use std::net::IpAddr;
    use std::sync::Mutex;

    use instrument_core::Registry;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    use super::super::access::{Credentials, Networks};
    use super::super::page::Page;
    use super::super::stop::Stop;
    use super::super::telemetry::Telemetry;
    use super::*;
    use crate::MetricsService;

    /// Has these results, the last first, and then no more connections.
    struct Results(Mutex<Vec<io::Result<DuplexStream>>>);

    impl Listener for Results {
        type Socket = DuplexStream;

        async fn accept(&self) -> io::Result<(DuplexStream, Option<IpAddr>)> {
            let result = self.0.lock().unwrap().pop();
            match result {
                Some(result) => result.map(|socket| (socket, None)),
                None => std::future::pending().await,
            }
        }
    }

    #[tokio::test]
    async fn errors_are_counted_and_waited_out_but_for_those_of_one_client() {
        let registry = Registry::new();
        let telemetry = Telemetry::register(&registry).unwrap();
        let (mut client, server) = duplex(64 * 1024);
        let too_many_files = || Err(io::ErrorKind::Other.into());
        let aborted = Err(io::ErrorKind::ConnectionAborted.into());
        let listener = Results(Mutex::new(vec![Ok(server), aborted, too_many_files(), too_many_files()]));
        let (stop, stopped) = Stop::new();
        let metrics = MetricsService::new(registry.clone());
        let accepting = tokio::spawn(accept(
            listener,
            Admission::new(Networks::default(), 1, telemetry.clone()),
            Transport::default(),
            Limits::default(),
            Endpoint::new(
                "/metrics".to_owned(),
                Credentials::default(),
                metrics,
                Page::default(),
                Duration::from_secs(30),
                telemetry,
            ),
            stopped,
        ));

        client.write_all(b"GET /metrics HTTP/1.1\r\nConnection: close\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        let failures = registry.snapshot();
        assert_eq!(failures.counter("instrument_scrape_failures_total", &[("cause", "accept")]), Some(2));
        drop(stop);
        accepting.await.unwrap();
    }

    #[test]
    fn pauses_grow_to_a_second() {
        let mut pause = Pause::default();
        assert_eq!(pause.next(), Duration::from_millis(10));
        assert_eq!(pause.next(), Duration::from_millis(20));
        let longest = (0..100).map(|_| pause.next()).max();
        assert_eq!(longest, Some(Duration::from_secs(1)));
    }
}
