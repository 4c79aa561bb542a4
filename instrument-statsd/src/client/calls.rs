//! The calls: each is a line.

use std::time::Duration;

use super::StatsdClient;
use crate::line::Value;

impl StatsdClient {
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
    pub fn count(&self, name: &str, n: i64) {
        self.record(name, || Value::Count(n));
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
    pub fn gauge(&self, name: &str, value: f64) {
        self.record(name, || Value::Gauge(value));
    }

    /// Adds to a gauge that the server keeps. DogStatsD and Graphite have no such line: there it is dropped and counted as
    /// [`Unsupported`](crate::DropCause::Unsupported), as this client, perhaps one of many, does not know what to add to. Where it does, take
    /// [`up_down_counter`](Self::up_down_counter) or [`gauge_handle`](Self::gauge_handle): they add up here, and any dialect can say the
    /// result.
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
    pub fn gauge_delta(&self, name: &str, delta: f64) {
        self.record(name, || Value::GaugeDelta(delta));
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
    pub fn timing(&self, name: &str, duration: Duration) {
        self.record(name, || Value::Timing(duration));
    }

    /// Says a value of a histogram: a number of bytes, of items. A dialect without histograms has it among its timers, see
    /// [`Flavor`](crate::Flavor).
    ///
    /// ```
    /// # let server = std::net::UdpSocket::bind("127.0.0.1:0")?;
    /// # let c = instrument_statsd::StatsdClient::connect(server.local_addr()?)?;
    /// c.histogram("size", 512.0); // size:512|ms
    /// # c.flush();
    /// # let mut packet = [0; 1500];
    /// # let length = server.recv(&mut packet)?;
    /// # assert_eq!(&packet[..length], b"size:512|ms");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn histogram(&self, name: &str, value: f64) {
        self.record(name, || Value::Histogram(value));
    }

    /// Says a value of a distribution, whose percentiles a server of DogStatsD computes over all its agents. In other dialects
    /// it is a [`histogram`](Self::histogram).
    ///
    /// ```
    /// # let server = std::net::UdpSocket::bind("127.0.0.1:0")?;
    /// # let c = instrument_statsd::StatsdClient::connect(server.local_addr()?)?;
    /// c.distribution("size", 512.0); // size:512|ms
    /// # c.flush();
    /// # let mut packet = [0; 1500];
    /// # let length = server.recv(&mut packet)?;
    /// # assert_eq!(&packet[..length], b"size:512|ms");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn distribution(&self, name: &str, value: f64) {
        self.record(name, || Value::Distribution(value));
    }

    /// Adds a thing to a set, of which the server counts the different ones. `:`, `|` and control characters in it become `_`.
    ///
    /// Graphite counts nothing: in its dialect a thing is dropped and counted as [`Unsupported`](crate::DropCause::Unsupported). To know the
    /// different ones here would take memory without a bound; a StatsD server in front of Graphite has it.
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
    pub fn set(&self, name: &str, thing: &str) {
        self.record(name, || Value::Set(thing));
    }
}
