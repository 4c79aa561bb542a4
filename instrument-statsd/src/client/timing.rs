//! How long something takes, measured here.

use std::time::{Duration, Instant};

use super::StatsdClient;

/// Says how long it was there, when it is dropped. Made by [`StatsdClient::start`].
#[derive(Debug)]
#[must_use = "it measures until it is dropped"]
pub struct TimingGuard<'a> {
    client: &'a StatsdClient,
    name: &'a str,
    start: Instant,
    discarded: bool,
}

impl StatsdClient {
    /// Measures a call, and passes on what it returns. A call that panics is measured too.
    ///
    /// ```
    /// # let server = std::net::UdpSocket::bind("127.0.0.1:0")?;
    /// # let c = instrument_statsd::StatsdClient::connect(server.local_addr()?)?;
    /// let sum: u32 = c.time("sum", || (1..=100).sum()); // sum:0.000123|ms
    /// assert_eq!(sum, 5050);
    /// # c.flush();
    /// # let mut packet = [0; 1500];
    /// # let length = server.recv(&mut packet)?;
    /// # assert!(packet[..length].starts_with(b"sum:") && packet[..length].ends_with(b"|ms"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn time<R>(&self, name: &str, call: impl FnOnce() -> R) -> R {
        let _guard = self.start(name);
        call()
    }

    /// Measures a future, from its first poll until it is ready or dropped, and passes on what it gives.
    ///
    /// ```
    /// # let server = std::net::UdpSocket::bind("127.0.0.1:0")?;
    /// # let c = instrument_statsd::StatsdClient::connect(server.local_addr()?)?;
    /// # let lookup = async { 17 };
    /// # let mut lookup = std::pin::pin!(async {
    /// let quotes = c.time_async("lookup", lookup).await; // lookup:2.5|ms
    /// # quotes });
    /// # let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    /// # assert_eq!(lookup.as_mut().poll(&mut context), std::task::Poll::Ready(17));
    /// # c.flush();
    /// # let mut packet = [0; 1500];
    /// # let length = server.recv(&mut packet)?;
    /// # assert!(packet[..length].starts_with(b"lookup:") && packet[..length].ends_with(b"|ms"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub async fn time_async<F: Future>(&self, name: &str, future: F) -> F::Output {
        let _guard = self.start(name);
        future.await
    }

    /// Starts a measurement, which ends when the guard is dropped.
    ///
    /// ```
    /// # let server = std::net::UdpSocket::bind("127.0.0.1:0")?;
    /// # let c = instrument_statsd::StatsdClient::connect(server.local_addr()?)?;
    /// let render = c.start("render");
    /// // ...
    /// render.stop(); // render:320.000017|ms
    /// # c.flush();
    /// # let mut packet = [0; 1500];
    /// # let length = server.recv(&mut packet)?;
    /// # assert!(packet[..length].starts_with(b"render:") && packet[..length].ends_with(b"|ms"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn start<'a>(&'a self, name: &'a str) -> TimingGuard<'a> {
        TimingGuard { client: self, name, start: Instant::now(), discarded: false }
    }
}

impl TimingGuard<'_> {
    /// Ends the measurement and says how long it was. The same without the number: drop the guard.
    pub fn stop(mut self) -> Duration {
        self.discarded = true;
        let duration = self.start.elapsed();
        self.client.timing(self.name, duration);
        duration
    }

    /// Ends the measurement without a line.
    pub fn discard(mut self) {
        self.discarded = true;
    }
}

impl Drop for TimingGuard<'_> {
    fn drop(&mut self) {
        if !self.discarded {
            self.client.timing(self.name, self.start.elapsed());
        }
    }
}
