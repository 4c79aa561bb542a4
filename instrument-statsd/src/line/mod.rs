//! What a line says, and how each dialect says it.

mod dogstatsd;
mod etsy;
mod graphite;
mod influx;
mod name;
mod number;
mod statsd;
mod tags;

use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::Error;

/// The dialect of the server.
///
/// | | [`Etsy`](Self::Etsy) | [`DogStatsD`](Self::DogStatsD) | [`Influx`](Self::Influx) | [`Graphite`](Self::Graphite) |
/// |---|---|---|---|---|
/// | count | `a:1\|c` | `a:1\|c` | `a:1\|c` | `a 1 EPOCH` |
/// | tag | `a.lang.fr:1\|c` | `a:1\|c\|#lang:fr` | `a,lang=fr:1\|c` | `a.lang.fr 1 EPOCH` |
/// | time | `a:320\|ms` | `a:320\|ms` | `a:320\|ms` | `a 320 EPOCH` |
/// | histogram | `a:7\|ms` | `a:7\|h` | `a:7\|h` | `a 7 EPOCH` |
/// | distribution | `a:7\|ms` | `a:7\|d` | `a:7\|h` | `a 7 EPOCH` |
/// | gauge below zero | `a:0\|g` and `a:-1\|g` | `a:-1\|g` | as Etsy's | `a -1 EPOCH` |
/// | addition to a gauge | `a:+1\|g` | none | `a:+1\|g` | none |
/// | set | `a:ann\|s` | `a:ann\|s` | `a:ann\|s` | none |
/// | sample rate | `\|@0.1` | `\|@0.1` | `\|@0.1` | counts are multiplied |
///
/// What a dialect has no line for is dropped and counted as [`Unsupported`](crate::DropCause::Unsupported).
///
/// ```
/// # let server = std::net::UdpSocket::bind("127.0.0.1:0")?;
/// # let address = server.local_addr()?;
/// use instrument_statsd::{Flavor, StatsdClient};
///
/// let client = StatsdClient::builder(address).flavor(Flavor::DogStatsD).tag("lang", "fr").build()?;
/// client.histogram("size", 7.0);
/// client.flush();
/// # let mut packet = [0; 1500];
/// # let length = server.recv(&mut packet)?;
/// # let packet = &packet[..length];
/// assert_eq!(packet, b"size:7|h|#lang:fr");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Flavor {
    /// That of the original daemon, which most servers read: counters, gauges, timers and sets. Tags are nodes of the name.
    #[default]
    Etsy,
    /// That of the Datadog agent, with tags behind the value, histograms and distributions: `name:value|type|@rate|#tag:value`.
    DogStatsD,
    /// Telegraf's, with tags in the name: `name,tag=value:value|type|@rate`.
    Influx,
    /// Graphite's own plaintext protocol, without a StatsD server in between: `name value epoch`.
    ///
    /// Graphite adds nothing up: of all that comes for one name within its finest interval, it keeps the last. So it is a dialect for
    /// an exporter, whose [`interval`](crate::ExporterBuilder::interval) should be no shorter than that, or for a client in
    /// front of `carbon-aggregator`. Etsy's daemon writes `stats.` before its names; here the prefix says such things.
    Graphite,
}

/// What a line says of a name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Value<'a> {
    /// Add to a counter.
    Count(i64),
    /// Set a gauge.
    Gauge(f64),
    /// Add to a gauge.
    GaugeDelta(f64),
    /// Something took that long.
    Timing(Duration),
    /// A value of a distribution that the server computes for each agent.
    Histogram(f64),
    /// A value of a distribution that the server computes over all agents.
    Distribution(f64),
    /// A value of a timer, in milliseconds, of as many digits as a bucket knows.
    Milliseconds(f32),
    /// A value of a histogram, of as many digits as a bucket knows.
    Size(f32),
    /// Several values of a distribution.
    Packed(&'a [f32]),
    /// Add to a set of different things.
    Set(&'a str),
}

impl Value<'_> {
    /// Whether a line can stand for several such values.
    #[inline(always)]
    pub(crate) fn can_be_sampled(self) -> bool {
        !matches!(self, Self::Gauge(_) | Self::GaugeDelta(_) | Self::Set(_))
    }

    /// How much of the line is a text that was given.
    #[inline(always)]
    pub(crate) fn text_len(self) -> usize {
        match self {
            Self::Set(thing) => thing.len(),
            _ => 0,
        }
    }
}

/// The rest of a line, beside its name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Said<'a> {
    pub(crate) value: Value<'a>,
    /// The line stands for `1 / rate` of its kind: from above 0 to 1.
    pub(crate) rate: f64,
    /// As [`Flavor::write_tag`] wrote them.
    pub(crate) tags: &'a [u8],
    /// For a dialect that tells the time.
    pub(crate) epoch_seconds: u64,
}

/// Why there is no line.
#[derive(Debug, PartialEq)]
pub(crate) enum Unsayable {
    /// A number is not finite, or a thing has no name: no dialect can say that.
    BadValue,
    /// This dialect cannot say it.
    Unsupported,
}

impl FromStr for Flavor {
    type Err = Error;

    /// Reads the name of a flavor, in small letters or not: `etsy`, `dogstatsd`, `influx` or `telegraf`, `graphite`.
    ///
    /// ```
    /// use instrument_statsd::{Error, Flavor};
    ///
    /// assert_eq!("dogstatsd".parse::<Flavor>()?, Flavor::DogStatsD);
    /// assert_eq!(
    ///     "datadog".parse::<Flavor>().unwrap_err().to_string(),
    ///     "`datadog` is no StatsD flavor: take `etsy`, `dogstatsd`, `influx` or `graphite`",
    /// );
    /// # Ok::<(), Error>(())
    /// ```
    fn from_str(name: &str) -> Result<Self, Error> {
        match name.to_ascii_lowercase().as_str() {
            "etsy" => Ok(Self::Etsy),
            "dogstatsd" => Ok(Self::DogStatsD),
            "influx" | "telegraf" => Ok(Self::Influx),
            "graphite" => Ok(Self::Graphite),
            _ => Err(Error::UnknownFlavor { name: name.to_owned() }),
        }
    }
}

impl Flavor {
    /// Whether a line says when it happened.
    pub(crate) fn tells_time(self) -> bool {
        self == Self::Graphite
    }

    /// Completes a record whose name, with what [`end_name`](Self::end_name) adds, is `record[name_start..]`. Without a line, the
    /// record is left in any state.
    #[inline(always)]
    pub(crate) fn complete(
        self,
        record: &mut Vec<u8>,
        name_start: usize,
        said: Said<'_>,
    ) -> Result<(), Unsayable> {
        match said.value {
            Value::Gauge(number)
            | Value::GaugeDelta(number)
            | Value::Histogram(number)
            | Value::Distribution(number)
                if !number.is_finite() =>
            {
                return Err(Unsayable::BadValue);
            }
            Value::Milliseconds(number) | Value::Size(number) if !number.is_finite() => {
                return Err(Unsayable::BadValue);
            }
            Value::Packed(numbers) if !numbers.iter().all(|number| number.is_finite()) => {
                return Err(Unsayable::BadValue);
            }
            Value::Set("") => return Err(Unsayable::BadValue),
            _ => {}
        }
        let dialect = match self {
            Self::Etsy => &etsy::DIALECT,
            Self::DogStatsD => &dogstatsd::DIALECT,
            Self::Influx => &influx::DIALECT,
            Self::Graphite => return graphite::complete(record, said),
        };
        dialect.complete(record, name_start, said)
    }
}

/// Seconds since 1970, by the system's clock.
pub(crate) fn epoch_seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

#[cfg(test)]
mod tests;
