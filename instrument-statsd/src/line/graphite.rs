//! Graphite's plaintext protocol: `name value epoch`, one value a line. Source:
//! <https://graphite.readthedocs.io/en/stable/feeding-carbon.html>, "The plaintext protocol".

use super::number::{write_duration, write_float, write_integer, write_single};
use super::{Said, Unsayable, Value};

pub(super) fn complete(record: &mut Vec<u8>, said: Said<'_>) -> Result<(), Unsayable> {
    record.push(b' ');
    match said.value {
        // A line cannot say that it stands for several, but for counts the value can.
        Value::Count(count) if said.rate < 1.0 => write_float(record, count as f64 / said.rate),
        Value::Count(count) => write_integer(record, count),
        Value::Gauge(value) | Value::Histogram(value) | Value::Distribution(value) => {
            write_float(record, value);
        }
        Value::Milliseconds(value) | Value::Size(value) => write_single(record, value),
        Value::Timing(duration) => write_duration(record, duration),
        Value::GaugeDelta(_) | Value::Packed(_) | Value::Set(_) => return Err(Unsayable::Unsupported),
    }
    record.push(b' ');
    record.extend_from_slice(itoa::Buffer::new().format(said.epoch_seconds).as_bytes());
    Ok(())
}
