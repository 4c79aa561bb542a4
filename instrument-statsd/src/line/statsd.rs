//! The grammar that all dialects of StatsD share: `name:value|type|@rate|#tags`.

use super::name::write_text;
use super::number::{write_duration, write_float, write_integer, write_rate, write_single};
use super::{Said, Unsayable, Value};

/// Where dialects differ.
pub(super) struct Dialect {
    /// Whether a line can have several values, with `:` between them.
    pub(super) packs_values: bool,
    /// The type of a value of a histogram, with the mark before it, as all types here.
    pub(super) histogram: &'static [u8],
    /// The type of a value of a distribution.
    pub(super) distribution: &'static [u8],
    /// Whether a sign makes a gauge's value an addition. Otherwise nothing does.
    pub(super) signed_gauges_are_relative: bool,
    /// Whether tags stand at the end of the line, or in the name.
    pub(super) tags_at_end: bool,
    /// Whether timers and histograms can be below 0. Otherwise such a value goes as 0: its count matters more than its size.
    pub(super) sizes_can_be_negative: bool,
}

impl Dialect {
    #[inline(always)]
    pub(super) fn complete(
        &self,
        record: &mut Vec<u8>,
        name_start: usize,
        said: Said<'_>,
    ) -> Result<(), Unsayable> {
        if let Value::Gauge(value) = said.value
            && value < 0.0
            && self.signed_gauges_are_relative
        {
            self.set_to_zero(record, name_start, said.tags);
        }
        record.push(b':');
        self.write_value(record, said.value)?;
        if said.rate < 1.0 && said.value.can_be_sampled() {
            record.extend_from_slice(b"|@");
            write_rate(record, said.rate);
        }
        self.write_tags(record, said.tags);
        Ok(())
    }

    /// A value with a sign would be added to the gauge. A gauge of 0 takes it for what it is, so it is set to 0 first: in the same record,
    /// because between two packets the gauge would be 0.
    #[cold]
    fn set_to_zero(&self, record: &mut Vec<u8>, name_start: usize, tags: &[u8]) {
        let name = name_start..record.len();
        record.extend_from_slice(b":0|g");
        self.write_tags(record, tags);
        record.push(b'\n');
        record.extend_from_within(name);
    }

    /// Writes the value and its type.
    #[inline(always)]
    fn write_value(&self, record: &mut Vec<u8>, value: Value<'_>) -> Result<(), Unsayable> {
        let least = if self.sizes_can_be_negative { f64::NEG_INFINITY } else { 0.0 };
        match value {
            Value::Count(count) => {
                write_integer(record, count);
                record.extend_from_slice(b"|c");
            }
            Value::Gauge(value) => {
                write_float(record, value);
                record.extend_from_slice(b"|g");
            }
            Value::GaugeDelta(_) if !self.signed_gauges_are_relative => return Err(Unsayable::Unsupported),
            Value::GaugeDelta(delta) => {
                // The server takes it for a value where a gauge is 0 or new, which comes to the same.
                if delta >= 0.0 {
                    record.push(b'+');
                }
                write_float(record, delta);
                record.extend_from_slice(b"|g");
            }
            Value::Timing(duration) => {
                write_duration(record, duration);
                record.extend_from_slice(b"|ms");
            }
            Value::Histogram(size) => {
                write_float(record, size.max(least));
                record.extend_from_slice(self.histogram);
            }
            Value::Distribution(size) => {
                write_float(record, size.max(least));
                record.extend_from_slice(self.distribution);
            }
            Value::Milliseconds(size) => {
                write_single(record, size.max(least as f32));
                record.extend_from_slice(b"|ms");
            }
            Value::Size(size) => {
                write_single(record, size.max(least as f32));
                record.extend_from_slice(self.histogram);
            }
            Value::Packed(_) if !self.packs_values => return Err(Unsayable::Unsupported),
            Value::Packed(sizes) => {
                for (place, &size) in sizes.iter().enumerate() {
                    if place > 0 {
                        record.push(b':');
                    }
                    write_single(record, size.max(least as f32));
                }
                record.extend_from_slice(self.distribution);
            }
            Value::Set(thing) => {
                write_text(record, thing);
                record.extend_from_slice(b"|s");
            }
        }
        Ok(())
    }

    #[inline(always)]
    fn write_tags(&self, record: &mut Vec<u8>, tags: &[u8]) {
        if self.tags_at_end && !tags.is_empty() {
            record.extend_from_slice(b"|#");
            record.extend_from_slice(tags);
        }
    }
}
