//! What a line says, and how each dialect says it.

mod etsy;
mod name;
mod number;

use std::time::Duration;

pub(crate) use self::name::{write_name, write_node};

/// The dialect of the server.
///
/// ```
/// use instrument_statsd::{Flavor, StatsdClient};
///
/// let client = StatsdClient::builder("127.0.0.1:8125").flavor(Flavor::Etsy).build()?;
/// # Ok::<(), instrument_statsd::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Flavor {
    /// That of the original daemon, which most servers read: counters, gauges, timers and sets, without labels.
    #[default]
    Etsy,
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
    /// This many values were observed, of this size or near it.
    Sample {
        /// The size, in milliseconds for durations.
        size: f32,
        /// How many. The dialect must be able to say the number, see [`weights`](crate::weights).
        weight: u64,
    },
    /// Add to a set of different things.
    Set(&'a str),
}

/// A number is not finite, or a thing has no name: no dialect can say that.
#[derive(Debug, PartialEq)]
pub(crate) struct Unsayable;

impl Flavor {
    /// Completes a record that holds the name alone.
    pub(crate) fn complete(self, record: &mut Vec<u8>, value: Value<'_>) -> Result<(), Unsayable> {
        match value {
            Value::Gauge(number) | Value::GaugeDelta(number) if !number.is_finite() => return Err(Unsayable),
            Value::Sample { size, .. } if !size.is_finite() => return Err(Unsayable),
            Value::Set("") => return Err(Unsayable),
            _ => {}
        }
        match self {
            Self::Etsy => etsy::complete(record, value),
        }
        Ok(())
    }
}
