use std::{fmt, io};

use crate::packet::PACKET_BYTES;
use crate::{Flavor, HistogramForm};

/// Why a client or an exporter could not be set up.
///
/// This is where all mistakes show: what is set up records and sends without further errors. What goes wrong later is
/// counted, see [`Stats`](crate::Stats).
///
/// ```
/// use instrument_statsd::{Error, StatsdClient};
///
/// let error = StatsdClient::connect("localhost").unwrap_err();
/// assert!(matches!(error, Error::Resolve { .. }));
/// assert_eq!(
///     error.to_string(),
///     "StatsD address `localhost` cannot be resolved (invalid socket address): give it as `host:port`, as in `127.0.0.1:8125`",
/// );
/// assert_eq!(format!("{error:?}"), error.to_string()); // what a `main` that returns it shows
/// ```
#[non_exhaustive]
pub enum Error {
    /// The address is not of the form `host:port`, or no name server knows the host.
    Resolve {
        /// The address as given.
        address: String,
        /// What the system said.
        source: io::Error,
    },
    /// The address can be read, but nothing can be sent there.
    Unusable {
        /// The address as given.
        address: String,
        /// The rule that it breaks.
        rule: &'static str,
    },
    /// No socket could be opened towards the address.
    Socket {
        /// The address as given.
        address: String,
        /// What the system said.
        source: io::Error,
    },
    /// A packet cannot be as long as that.
    PacketBytes {
        /// The greatest length of a packet, as given.
        bytes: usize,
    },
    /// Nothing is left of a prefix once all that no name can carry is taken away.
    Prefix {
        /// The prefix as given.
        prefix: String,
    },
    /// A tag without a key.
    Tag {
        /// Its value, as given.
        value: String,
    },
    /// A sample rate that is no share of the calls.
    SampleRate {
        /// The rate as given.
        rate: f64,
    },
    /// A flavor that there is not.
    UnknownFlavor {
        /// Its name as given.
        name: String,
    },
    /// A jitter that is no share of the interval.
    Jitter {
        /// The share as given.
        share: f64,
    },
    /// A quantile that is none.
    Quantile {
        /// The quantile as given.
        quantile: f64,
    },
    /// The dialect cannot say histograms in this form.
    HistogramForm {
        /// The form as given.
        form: HistogramForm,
        /// The dialect as given.
        flavor: Flavor,
    },
    /// An exporter without a pause between two flushes.
    ZeroInterval,
    /// The thread that sends could not be started.
    Thread {
        /// What the system said.
        source: io::Error,
    },
    /// The registry has no room for the metrics that count what is sent and what is dropped.
    Telemetry {
        /// What the registry said.
        source: instrument_core::Error,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resolve { address, source } => write!(
                f,
                "StatsD address `{address}` cannot be resolved ({source}): give it as `host:port`, as in `127.0.0.1:8125`"
            ),
            Self::Unusable { address, rule } => write!(f, "StatsD address `{address}`: {rule}"),
            Self::Socket { address, source } => {
                write!(f, "no socket can be opened towards the StatsD address `{address}`: {source}")
            }
            Self::PacketBytes { bytes } => write!(
                f,
                "a StatsD packet of at most {bytes} bytes: give from {} to {}",
                PACKET_BYTES.start(),
                PACKET_BYTES.end()
            ),
            Self::Prefix { prefix } => {
                write!(
                    f,
                    "StatsD prefix `{prefix}` is made of separators alone: give it a letter, or leave it out"
                )
            }
            Self::Tag { value } => {
                write!(f, "a StatsD tag of the value `{value}` has no key: give it one, or leave it out")
            }
            Self::SampleRate { rate } => write!(
                f,
                "a sample rate of {rate}: give the share of calls to send, above 0 and up to 1, as in 0.1"
            ),
            Self::UnknownFlavor { name } => {
                write!(f, "`{name}` is no StatsD flavor: take `etsy`, `dogstatsd`, `influx` or `graphite`")
            }
            Self::Jitter { share } => {
                write!(f, "a jitter of {share}: give a share of the interval, from 0 to 1")
            }
            Self::Quantile { quantile } => {
                write!(f, "a quantile of {quantile}: give numbers from 0 to 1, as in 0.99")
            }
            Self::HistogramForm { form, flavor } => {
                write!(
                    f,
                    "the StatsD flavor {flavor:?} has no line for histograms as {form:?}: take `Percentiles`"
                )
            }
            Self::ZeroInterval => f.write_str(
                "an interval of zero between two flushes: give at least a millisecond, 10 seconds are usual",
            ),
            Self::Thread { source } => {
                write!(f, "the thread that sends to StatsD cannot be started: {source}")
            }
            Self::Telemetry { source } => {
                write!(f, "the metrics of the StatsD sender cannot be registered: {source}")
            }
        }
    }
}

/// Writes what `Display` writes: it is what a `main` that returns the error shows.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Resolve { source, .. } | Self::Socket { source, .. } | Self::Thread { source } => {
                Some(source)
            }
            Self::Telemetry { source } => Some(source),
            Self::Unusable { .. }
            | Self::PacketBytes { .. }
            | Self::Prefix { .. }
            | Self::Tag { .. }
            | Self::SampleRate { .. }
            | Self::UnknownFlavor { .. }
            | Self::Jitter { .. }
            | Self::Quantile { .. }
            | Self::HistogramForm { .. }
            | Self::ZeroInterval => None,
        }
    }
}
