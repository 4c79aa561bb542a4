//! The exporter: a registry, pushed every interval.

mod at_panic;
mod builder;
mod outgoing;
mod pace;
mod pusher;
mod schedule;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

pub use self::builder::ExporterBuilder;
pub(crate) use self::outgoing::Outgoing;
pub(crate) use self::pusher::Pusher;
use self::schedule::Schedule;
use crate::Stats;
use crate::telemetry::Telemetry;
use crate::transport::Transport;
use crate::worker::Shared;

/// Pushes a registry to a StatsD server, every interval, from a thread of its own.
///
/// What counts does not wait for it, and it costs what counts nothing: it reads the registry as a scrape does. When it is dropped, it
/// sends what has happened since the last flush; so it does when a panic unwinds past it, and
/// [`flush_on_panic`](ExporterBuilder::flush_on_panic) is for one that nothing drops.
///
/// ```
/// use std::net::UdpSocket;
///
/// use instrument_core::Registry;
/// use instrument_statsd::StatsdExporter;
///
/// let server = UdpSocket::bind("127.0.0.1:0")?;
/// let registry = Registry::new();
/// let served = registry.counter("quotes_served", "Quotations served.").register()?;
///
/// let exporter =
///     StatsdExporter::builder(server.local_addr()?).registry(registry.clone()).prefix("app").start()?;
/// served.inc_by(3);
/// exporter.flush();
///
/// let mut packet = [0; 1500];
/// let length = server.recv(&mut packet)?;
/// assert_eq!(&packet[..length], b"app.quotes_served:3|c");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # What is sent
///
/// | metric | line | when |
/// |---|---|---|
/// | counter | `name:DELTA\|c` | if it has grown |
/// | counter with fractions | the same, in whole units; in milliseconds, as `_ms`, where the unit is seconds | if it has grown by one |
/// | gauge, up-down counter | `name:VALUE\|g` | every flush |
/// | info | `name_info:1\|g` | every flush |
/// | state set | `name:1\|g` or `name:0\|g`, one for each state | every flush |
/// | histogram | `name:SIZE\|ms\|@RATE`, 20 at most or so | if it has new observations |
///
/// So it is for Etsy's daemon; [`Flavor`](crate::Flavor) shows the others' lines, and [`HistogramForm`](crate::HistogramForm) what else a histogram
/// can become.
///
/// The first flush sends all that was counted before. Deltas are exact: their sum over all flushes is what the registry shows.
/// A delta that could not be sent is part of the next one. A flush ends with the first packet that fails: a server that is gone or hangs is asked
/// once, and the rest waits for the next flush.
///
/// What cannot be known is whether a packet that has left was received. Over UDP the server's machine says that nobody listens, if it is
/// there at all, and the packet sent last is then part of the next flush; from another machine that comes a round trip later, and what was sent meanwhile is
/// lost and not known. Over a stream, a server that ends or closes before it has read all loses what it has not read, of which the packet sent last
/// is part of the next flush; a packet in whose middle the connection breaks is sent again as a whole.
/// [`Transport`](crate::Transport#what-becomes-of-a-packet) has a table.
///
/// # Names
///
/// The name is the prefix and the family's name without `_total`; labels are tags, after those given by
/// [`tag`](ExporterBuilder::tag). Where the dialect has tags in the path, name and value of each label follow with dots between:
/// `quotes_served_total{lang="fr"}` is `app.quotes_served.lang.fr`. In a value, `/` then becomes `-`, and whatever else is not a letter, a
/// digit, `_` or `-` becomes `_`: `/quotes/{id}` is `-quotes-_id_`. When two series would get the same name by that, the one that came
/// later has a number of 16 hexadecimal digits appended, which depends on nothing but its labels.
///
/// # Histograms
///
/// StatsD has no buckets. Each bucket is given one size within its bounds, such that all of them together have the sum that was
/// observed. Up to [`max_samples`](ExporterBuilder::max_samples) new observations of a series, 20 unless set otherwise, are
/// then sent one by one. More are cut, in the order of their size, into that many slices of as many observations each, and a line
/// stands for a slice: its size is the mean of the slice, its rate says how many there are. Durations are sent in milliseconds, and
/// so their names end in `_ms` instead of `_seconds`.
///
/// Etsy's daemon counts by the rate and does not weigh by it. Of what it shows,
///
/// | | up to `max_samples` | more |
/// |---|---|---|
/// | `count`, `count_ps` | exact | exact |
/// | `mean` | exact | exact where slices are equally long, within some percent of that otherwise |
/// | `sum` | exact | `mean` times the number of lines: take `mean * count` instead |
/// | `median`, `upper_90` | in the right bucket | off by up to a slice: a twentieth of the observations |
/// | `upper`, `lower` | in the right bucket | the mean of the greatest and of the least slice |
///
/// where exact is, for sizes, to eight digits. Sizes below 0, which the daemon refuses in a timer, are sent as 0. Servers that weigh by
/// the rate have the exact sum and mean in all cases. So has one that reads
/// [packed distributions](crate::HistogramForm::PackedDistributions): they are the same samples in fewer bytes.
///
/// Of [percentiles](crate::HistogramForm::Percentiles), `count` and `mean` are exact, and a percentile is off by the width of its bucket at
/// most. They are about the time since the last flush, and those of several processes cannot be put together.
///
/// How much that is, measured with 10,000 times, log-normal around 25 ms, in the buckets of [`Buckets::latency`](instrument_core::Buckets::latency),
/// of which the next bound is up to 2.5 times as much; `count` and `mean` are right in all forms:
///
/// | read by | form | 0.5 | 0.9 | 0.99 |
/// |---|---|---|---|---|
/// | Etsy's daemon | samples | 2 % | 7 % | |
/// | Etsy's daemon | percentiles | 1 % | 19 % | 2 % |
/// | a server that weighs by the rate | packed distributions | 34 % | 7 % | 17 % |
/// | | the same, 200 samples | 3 % | 7 % | 18 % |
#[must_use = "it stops when it is dropped"]
pub struct StatsdExporter {
    shared: Arc<Shared<()>>,
    telemetry: Arc<Telemetry>,
    transport: Transport,
    flush_timeout: Duration,
}

impl StatsdExporter {
    /// An exporter, to be set up.
    pub fn builder(transport: impl Into<Transport>) -> ExporterBuilder {
        ExporterBuilder::new(transport.into())
    }

    /// Sends what has happened since the last flush, now. Waits until it is handed to the network, for as long as
    /// [`flush_timeout`](ExporterBuilder::flush_timeout) at most. Says whether it was in time.
    ///
    /// ```
    /// # let server = std::net::UdpSocket::bind("127.0.0.1:0")?;
    /// # let address = server.local_addr()?;
    /// use instrument_core::Registry;
    /// use instrument_statsd::StatsdExporter;
    ///
    /// let registry = Registry::new();
    /// let jobs = registry.counter("jobs", "Jobs run.").register()?;
    /// let exporter = StatsdExporter::builder(address).registry(registry.clone()).start()?;
    /// jobs.inc_by(3);
    /// assert!(exporter.flush());
    /// # let mut packet = [0; 1500];
    /// # let length = server.recv(&mut packet)?;
    /// # let packet = &packet[..length];
    /// assert_eq!(packet, b"jobs:3|c");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn flush(&self) -> bool {
        self.shared.flush(self.flush_timeout)
    }

    /// Sends what has happened since the last flush and ends the exporter. Waits as [`flush`](Self::flush) does. Says whether it was
    /// in time. Dropping the exporter does the same.
    ///
    /// ```
    /// # let server = std::net::UdpSocket::bind("127.0.0.1:0")?;
    /// # let address = server.local_addr()?;
    /// use instrument_core::Registry;
    /// use instrument_statsd::StatsdExporter;
    ///
    /// let registry = Registry::new();
    /// let jobs = registry.counter("jobs", "Jobs run.").register()?;
    /// let exporter = StatsdExporter::builder(address).registry(registry.clone()).start()?;
    /// jobs.inc();
    /// assert!(exporter.shutdown());
    /// # let mut packet = [0; 1500];
    /// # let length = server.recv(&mut packet)?;
    /// # let packet = &packet[..length];
    /// assert_eq!(packet, b"jobs:1|c");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn shutdown(&self) -> bool {
        self.shared.close(self.flush_timeout)
    }

    /// What was sent so far, and what was dropped.
    ///
    /// ```
    /// # let server = std::net::UdpSocket::bind("127.0.0.1:0")?;
    /// # let address = server.local_addr()?;
    /// use instrument_core::Registry;
    /// use instrument_statsd::StatsdExporter;
    ///
    /// let registry = Registry::new();
    /// let jobs = registry.counter("jobs", "Jobs run.").register()?;
    /// let exporter = StatsdExporter::builder(address).registry(registry.clone()).start()?;
    /// jobs.inc();
    /// exporter.flush();
    /// assert_eq!(exporter.stats().sent_packets, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.telemetry.stats()
    }
}

impl Drop for StatsdExporter {
    fn drop(&mut self) {
        self.shutdown();
    }
}

impl fmt::Debug for StatsdExporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StatsdExporter").field("transport", &self.transport).finish_non_exhaustive()
    }
}

/// The work of the exporter's thread: a flush when it is due, and when one is asked for.
fn run(shared: &Shared<()>, pusher: &mut Pusher, mut schedule: Schedule) {
    loop {
        let turn = shared.wait(schedule.next(), |()| false).turn();
        pusher.flush();
        shared.done(turn);
        if turn.closing {
            pusher.end();
            return;
        }
        schedule.advance(Instant::now());
    }
}

#[cfg(test)]
mod tests;
