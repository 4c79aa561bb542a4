//! What was sent and what was dropped, counted in metrics of its own.

use std::borrow::Cow;

use instrument_core::{Counter, LabelValue, LabelVisitor, Labels, Registry};

use crate::Error;
use crate::line::Unsayable;

/// Why a line never reaches the server.
///
/// ```
/// use instrument_statsd::{DropCause, StatsdClient};
///
/// let c = StatsdClient::connect("127.0.0.1:8125")?;
/// c.gauge("load", f64::NAN);
/// assert_eq!(c.stats().dropped_lines(DropCause::BadValue), 1);
/// assert_eq!(DropCause::BadValue.as_str(), "bad_value");
/// assert_eq!(DropCause::ALL.map(|cause| c.stats().dropped_lines(cause)).iter().sum::<u64>(), 1);
/// # Ok::<(), instrument_statsd::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DropCause {
    /// The queue was full: the thread that sends did not keep up, or the socket.
    QueueFull,
    /// The line alone is longer than a packet may be.
    TooLong,
    /// Nothing is left of the name once what no name can carry is taken away.
    BadName,
    /// The value is not a finite number, or the empty text.
    BadValue,
    /// The dialect of the server has no such line, see [`Flavor`](crate::Flavor).
    Unsupported,
    /// The packet could not be sent, or nobody received it.
    SendFailed,
    /// It was recorded after the shutdown, or its pipeline was sent then.
    Closed,
    /// Its series was removed from the registry before it could be sent.
    SeriesRemoved,
}

impl DropCause {
    /// All causes.
    pub const ALL: [Self; 8] = [
        Self::QueueFull,
        Self::TooLong,
        Self::BadName,
        Self::BadValue,
        Self::Unsupported,
        Self::SendFailed,
        Self::Closed,
        Self::SeriesRemoved,
    ];

    /// The cause as it stands in the label `cause`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::QueueFull => "queue_full",
            Self::TooLong => "too_long",
            Self::BadName => "bad_name",
            Self::BadValue => "bad_value",
            Self::Unsupported => "unsupported",
            Self::SendFailed => "send_failed",
            Self::Closed => "closed",
            Self::SeriesRemoved => "series_removed",
        }
    }
}

impl From<Unsayable> for DropCause {
    fn from(why: Unsayable) -> Self {
        match why {
            Unsayable::BadValue => Self::BadValue,
            Unsayable::Unsupported => Self::Unsupported,
        }
    }
}

/// What a client or an exporter has sent so far, and what not.
///
/// The same numbers are metrics of a registry: of the one given to [`ClientBuilder::registry`](crate::ClientBuilder::registry), and of
/// the one that an exporter exports. There they are called
///
/// | metric | here |
/// |---|---|
/// | `instrument_statsd_sent_lines_total` | [`sent_lines`](Self::sent_lines) |
/// | `instrument_statsd_sent_packets_total` | [`sent_packets`](Self::sent_packets) |
/// | `instrument_statsd_sent_bytes_total` | [`sent_bytes`](Self::sent_bytes) |
/// | `instrument_statsd_failed_packets_total` | [`failed_packets`](Self::failed_packets) |
/// | `instrument_statsd_carried_lines_total` | [`carried_lines`](Self::carried_lines) |
/// | `instrument_statsd_dropped_lines_total{cause}` | [`dropped_lines`](Self::dropped_lines) |
///
/// All that share a registry count in the same metrics.
///
/// ```
/// # let server = std::net::UdpSocket::bind("127.0.0.1:0")?;
/// # let c = instrument_statsd::StatsdClient::connect(server.local_addr()?)?;
/// use instrument_statsd::DropCause;
///
/// c.incr("served");
/// c.incr("...");
/// c.flush();
///
/// let stats = c.stats();
/// assert_eq!((stats.sent_lines, stats.sent_packets, stats.failed_packets), (1, 1, 0));
/// assert_eq!((stats.dropped_lines(DropCause::BadName), stats.all_dropped_lines()), (1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Stats {
    /// Lines handed to the socket.
    pub sent_lines: u64,
    /// Packets handed to the socket.
    pub sent_packets: u64,
    /// Bytes handed to the socket, without the headers of the network.
    pub sent_bytes: u64,
    /// Packets that could not be sent, or that nobody received, as far as the system tells.
    pub failed_packets: u64,
    /// Lines of failed packets whose counts went into the next flush. Of an exporter alone.
    pub carried_lines: u64,
    dropped: [u64; DropCause::ALL.len()],
}

impl Stats {
    /// Lines that never reach the server for this cause.
    #[must_use]
    pub fn dropped_lines(&self, cause: DropCause) -> u64 {
        self.dropped.get(cause as usize).copied().unwrap_or_default()
    }

    /// Lines that never reach the server, for all causes.
    #[must_use]
    pub fn all_dropped_lines(&self) -> u64 {
        self.dropped.iter().sum()
    }
}

/// The counters behind [`Stats`].
#[derive(Debug)]
pub(crate) struct Telemetry {
    sent_lines: Counter,
    sent_packets: Counter,
    sent_bytes: Counter,
    failed_packets: Counter,
    carried_lines: Counter,
    dropped: [Counter; DropCause::ALL.len()],
}

impl Telemetry {
    pub(crate) fn register(registry: &Registry) -> Result<Self, Error> {
        let register = || {
            let counter = |name, help| registry.counter(name, help).register();
            let dropped = registry
                .counter("instrument_statsd_dropped_lines", "Lines that never reach the StatsD server.")
                .labels::<Dropped>()
                .register()?;
            Ok(Self {
                sent_lines: counter("instrument_statsd_sent_lines", "Lines handed to the socket.")?,
                sent_packets: counter("instrument_statsd_sent_packets", "Packets handed to the socket.")?,
                sent_bytes: registry
                    .counter("instrument_statsd_sent", "Bytes handed to the socket.")
                    .unit("bytes")
                    .register()?,
                failed_packets: counter(
                    "instrument_statsd_failed_packets",
                    "Packets that could not be sent, or that nobody received.",
                )?,
                carried_lines: counter(
                    "instrument_statsd_carried_lines",
                    "Lines of failed packets whose counts went into the next flush.",
                )?,
                // All at zero from the beginning, so that the first drop is a visible increase.
                dropped: DropCause::ALL.map(|cause| dropped.with(&Dropped { cause })),
            })
        };
        register().map_err(|source| Error::Telemetry { source })
    }

    pub(crate) fn packet_sent(&self, lines: u64, bytes: usize) {
        self.sent_lines.inc_by(lines);
        self.sent_packets.inc();
        self.sent_bytes.inc_by(bytes as u64);
    }

    pub(crate) fn packet_failed(&self) {
        self.failed_packets.inc();
    }

    pub(crate) fn carried(&self, lines: u64) {
        self.carried_lines.inc_by(lines);
    }

    pub(crate) fn dropped(&self, cause: DropCause, lines: u64) {
        if let Some(counter) = self.dropped.get(cause as usize) {
            counter.inc_by(lines);
        }
    }

    pub(crate) fn stats(&self) -> Stats {
        Stats {
            sent_lines: self.sent_lines.get(),
            sent_packets: self.sent_packets.get(),
            sent_bytes: self.sent_bytes.get(),
            failed_packets: self.failed_packets.get(),
            carried_lines: self.carried_lines.get(),
            dropped: self.dropped.each_ref().map(Counter::get),
        }
    }
}

/// The label of the dropped lines. Written by hand, because the derives need a feature of the core that brings a parser of Rust
/// with it.
struct Dropped {
    cause: DropCause,
}

impl Labels for Dropped {
    const CARDINALITY: Option<usize> = DropCause::CARDINALITY;

    fn names() -> Vec<&'static str> {
        vec!["cause"]
    }

    fn visit(&self, visitor: &mut impl LabelVisitor) {
        visitor.value(self.cause.as_str());
    }

    fn index(&self) -> usize {
        self.cause.index()
    }

    fn texts_at(index: usize) -> Vec<Cow<'static, str>> {
        DropCause::ALL.get(index).map(|cause| Cow::Borrowed(cause.as_str())).into_iter().collect()
    }
}

impl LabelValue for DropCause {
    const CARDINALITY: Option<usize> = Some(Self::ALL.len());

    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R {
        read(self.as_str())
    }

    fn index(&self) -> usize {
        *self as usize
    }

    fn text_at(index: usize) -> Cow<'static, str> {
        Self::ALL.get(index).map_or(Cow::Borrowed(""), |cause| Cow::Borrowed(cause.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_stand_at_their_index() {
        for (index, cause) in DropCause::ALL.into_iter().enumerate() {
            assert_eq!(cause as usize, index);
            assert_eq!(DropCause::text_at(index), cause.as_str());
        }
    }

    #[test]
    fn the_numbers_are_metrics_of_the_registry() {
        let registry = Registry::new();
        let telemetry = Telemetry::register(&registry).unwrap();
        telemetry.packet_sent(2, 11);
        telemetry.dropped(DropCause::TooLong, 3);

        let snapshot = registry.snapshot();
        assert_eq!(snapshot.counter("instrument_statsd_sent_lines_total", &[]), Some(2));
        assert_eq!(snapshot.counter("instrument_statsd_sent_packets_total", &[]), Some(1));
        assert_eq!(snapshot.counter("instrument_statsd_sent_bytes_total", &[]), Some(11));
        let dropped = |cause| snapshot.counter("instrument_statsd_dropped_lines_total", &[("cause", cause)]);
        assert_eq!(dropped("too_long"), Some(3));
        assert_eq!(dropped("queue_full"), Some(0));
        assert_eq!(telemetry.stats().dropped_lines(DropCause::TooLong), 3);
        assert_eq!(telemetry.stats().all_dropped_lines(), 3);
    }

    #[test]
    fn the_metrics_keep_the_rules_of_names() {
        let registry = Registry::new();
        Telemetry::register(&registry).unwrap();
        registry.catalogue().lint().assert_clean();
    }

    #[test]
    fn a_registry_that_has_the_name_for_something_else_is_an_error() {
        let registry = Registry::new();
        registry.gauge("instrument_statsd_sent_lines", "").register().unwrap();
        let error = Telemetry::register(&registry).unwrap_err();
        assert!(error.to_string().contains("`instrument_statsd_sent_lines`"), "{error}");
    }
}
