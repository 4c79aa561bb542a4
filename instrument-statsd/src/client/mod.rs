//! The direct client: each call is a line.

mod builder;
mod sender;

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use self::builder::ClientBuilder;
use crate::line::{Flavor, Value, write_name};
use crate::queue::Queue;
use crate::telemetry::Telemetry;
use crate::transport::Transport;
use crate::{DropCause, Error, Stats};

/// Sends what it is told, line by line.
///
/// A call writes its line into a queue and returns. A thread of the client's own packs the lines and sends them when a packet is
/// full, and some time after the first line at the latest, see [`ClientBuilder::flush_interval`]. So a call never waits for the
/// network and never fails: what cannot be sent is dropped and counted, see [`stats`](Self::stats).
///
/// A clone is another handle on the same client. What is in the queue is sent when the last handle is dropped; a client in
/// a `static` is never dropped, so call [`shutdown`](Self::shutdown) at the end of the process.
///
/// ```
/// use std::net::UdpSocket;
/// use std::time::Duration;
///
/// use instrument_statsd::StatsdClient;
///
/// let server = UdpSocket::bind("127.0.0.1:0")?;
/// let c = StatsdClient::connect(server.local_addr()?)?;
/// c.incr("foo");
/// c.timing("stats.timed", Duration::from_millis(320));
/// c.flush();
///
/// let mut packet = [0; 1500];
/// let length = server.recv(&mut packet)?;
/// assert_eq!(&packet[..length], b"foo:1|c\nstats.timed:320|ms");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Names
///
/// A name is a path of nodes with dots between them. Empty nodes are left out; white space becomes `_`, `/` becomes `-`, and whatever
/// else is not a letter, a digit, `_`, `-`, `;` or `=` becomes `_`. A name of which nothing is left is dropped and counted.
#[derive(Clone)]
pub struct StatsdClient {
    inner: Arc<Inner>,
}

struct Inner {
    queue: Arc<Queue>,
    telemetry: Arc<Telemetry>,
    transport: Transport,
    flavor: Flavor,
    name_prefix: Vec<u8>,
    flush_timeout: Duration,
}

impl StatsdClient {
    /// A client without a prefix and with the defaults of [`ClientBuilder`].
    ///
    /// # Errors
    ///
    /// See [`Error`]. That nobody listens at the address is none: the server may come later.
    pub fn connect(transport: impl Into<Transport>) -> Result<Self, Error> {
        Self::builder(transport).build()
    }

    /// A client, to be set up.
    ///
    /// ```
    /// # let server = std::net::UdpSocket::bind("127.0.0.1:0")?;
    /// # let address = server.local_addr()?;
    /// use instrument_statsd::StatsdClient;
    ///
    /// let c = StatsdClient::builder(address).prefix("quotes").build()?;
    /// c.incr("served"); // quotes.served:1|c
    /// # c.flush();
    /// # let mut packet = [0; 1500];
    /// # let length = server.recv(&mut packet)?;
    /// # assert_eq!(&packet[..length], b"quotes.served:1|c");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn builder(transport: impl Into<Transport>) -> ClientBuilder {
        ClientBuilder::new(transport.into())
    }

    /// Adds 1 to a counter.
    ///
    /// ```
    /// # let server = std::net::UdpSocket::bind("127.0.0.1:0")?;
    /// # let c = instrument_statsd::StatsdClient::connect(server.local_addr()?)?;
    /// c.incr("jobs"); // jobs:1|c
    /// # c.flush();
    /// # let mut packet = [0; 1500];
    /// # let length = server.recv(&mut packet)?;
    /// # assert_eq!(&packet[..length], b"jobs:1|c");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn incr(&self, name: &str) {
        self.count(name, 1);
    }

    /// Takes 1 from a counter.
    ///
    /// ```
    /// # let server = std::net::UdpSocket::bind("127.0.0.1:0")?;
    /// # let c = instrument_statsd::StatsdClient::connect(server.local_addr()?)?;
    /// c.decr("jobs"); // jobs:-1|c
    /// # c.flush();
    /// # let mut packet = [0; 1500];
    /// # let length = server.recv(&mut packet)?;
    /// # assert_eq!(&packet[..length], b"jobs:-1|c");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn decr(&self, name: &str) {
        self.count(name, -1);
    }

    /// Adds `n` to a counter.
    ///
    /// ```
    /// # let server = std::net::UdpSocket::bind("127.0.0.1:0")?;
    /// # let c = instrument_statsd::StatsdClient::connect(server.local_addr()?)?;
    /// c.count("jobs", 5); // jobs:5|c
    /// # c.flush();
    /// # let mut packet = [0; 1500];
    /// # let length = server.recv(&mut packet)?;
    /// # assert_eq!(&packet[..length], b"jobs:5|c");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn count(&self, name: &str, n: i64) {
        self.record(name, Value::Count(n));
    }

    /// Sets a gauge, below zero too.
    ///
    /// ```
    /// # let server = std::net::UdpSocket::bind("127.0.0.1:0")?;
    /// # let c = instrument_statsd::StatsdClient::connect(server.local_addr()?)?;
    /// c.gauge("load", 0.7); // load:0.7|g
    /// # c.flush();
    /// # let mut packet = [0; 1500];
    /// # let length = server.recv(&mut packet)?;
    /// # assert_eq!(&packet[..length], b"load:0.7|g");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn gauge(&self, name: &str, value: f64) {
        self.record(name, Value::Gauge(value));
    }

    /// Adds to a gauge.
    ///
    /// ```
    /// # let server = std::net::UdpSocket::bind("127.0.0.1:0")?;
    /// # let c = instrument_statsd::StatsdClient::connect(server.local_addr()?)?;
    /// c.gauge_delta("load", 0.1); // load:+0.1|g
    /// # c.flush();
    /// # let mut packet = [0; 1500];
    /// # let length = server.recv(&mut packet)?;
    /// # assert_eq!(&packet[..length], b"load:+0.1|g");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn gauge_delta(&self, name: &str, delta: f64) {
        self.record(name, Value::GaugeDelta(delta));
    }

    /// Says how long something took. It is sent as milliseconds, to the nanosecond.
    ///
    /// ```
    /// use std::time::Instant;
    ///
    /// # let server = std::net::UdpSocket::bind("127.0.0.1:0")?;
    /// # let c = instrument_statsd::StatsdClient::connect(server.local_addr()?)?;
    /// let start = Instant::now();
    /// // ...
    /// c.timing("render", start.elapsed()); // render:320.000017|ms
    /// # c.flush();
    /// # let mut packet = [0; 1500];
    /// # let length = server.recv(&mut packet)?;
    /// # assert!(packet[..length].starts_with(b"render:") && packet[..length].ends_with(b"|ms"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn timing(&self, name: &str, duration: Duration) {
        self.record(name, Value::Timing(duration));
    }

    /// Adds a thing to a set, of which the server counts the different ones. `:`, `|` and control characters in it become `_`.
    ///
    /// ```
    /// # let server = std::net::UdpSocket::bind("127.0.0.1:0")?;
    /// # let c = instrument_statsd::StatsdClient::connect(server.local_addr()?)?;
    /// c.set("users", "ann"); // users:ann|s
    /// # c.flush();
    /// # let mut packet = [0; 1500];
    /// # let length = server.recv(&mut packet)?;
    /// # assert_eq!(&packet[..length], b"users:ann|s");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn set(&self, name: &str, thing: &str) {
        self.record(name, Value::Set(thing));
    }

    /// Waits until all that was recorded before is handed to the network, for as long as
    /// [`flush_timeout`](ClientBuilder::flush_timeout) at most. Says whether it was in time.
    pub fn flush(&self) -> bool {
        self.inner.queue.flush(self.inner.flush_timeout)
    }

    /// Sends what is in the queue and ends the client, for all handles: what is recorded later is dropped and counted. Waits as
    /// [`flush`](Self::flush) does. Says whether it was in time.
    ///
    /// ```
    /// # let server = std::net::UdpSocket::bind("127.0.0.1:0")?;
    /// # let c = instrument_statsd::StatsdClient::connect(server.local_addr()?)?;
    /// c.incr("served");
    /// assert!(c.shutdown());
    /// c.incr("too_late");
    /// assert_eq!(c.stats().sent_lines, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn shutdown(&self) -> bool {
        self.inner.queue.close(self.inner.flush_timeout)
    }

    /// What was sent so far, and what was dropped.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.inner.telemetry.stats()
    }

    fn record(&self, name: &str, value: Value<'_>) {
        if let Err(cause) = self.inner.record(name, value) {
            self.inner.dropped(cause);
        }
    }
}

impl Inner {
    /// Writes the record in memory of the calling thread, so that the queue's lock is held for the copy alone.
    fn record(&self, name: &str, value: Value<'_>) -> Result<(), DropCause> {
        thread_local! {
            static RECORD: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
        }
        let in_thread = RECORD.try_with(|record| {
            let mut record = record.try_borrow_mut().ok()?;
            record.clear();
            Some(self.write(&mut record, name, value))
        });
        // A thread that is being torn down has no memory of its own any more.
        in_thread.ok().flatten().unwrap_or_else(|| self.write(&mut Vec::new(), name, value))
    }

    fn write(&self, record: &mut Vec<u8>, name: &str, value: Value<'_>) -> Result<(), DropCause> {
        record.extend_from_slice(&self.name_prefix);
        if !write_name(record, name) {
            return Err(DropCause::BadName);
        }
        self.flavor.complete(record, value).map_err(|_| DropCause::BadValue)?;
        self.queue.push(record)
    }

    #[cold]
    fn dropped(&self, cause: DropCause) {
        self.telemetry.dropped(cause, 1);
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.queue.close(self.flush_timeout);
    }
}

impl fmt::Debug for StatsdClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StatsdClient").field("transport", &self.inner.transport).finish_non_exhaustive()
    }
}
