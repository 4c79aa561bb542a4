//! The dialect of Etsy's daemon, and of all that followed it: `name:value|type|@rate`.
//!
//! Types are `c`, `g`, `ms` and `s`. The daemon takes any other for a counter, so sizes of all kinds go as `ms`.

use super::Value;
use super::name::write_text;
use super::number::{write_duration, write_float, write_integer, write_rate, write_single};

pub(super) fn complete(record: &mut Vec<u8>, value: Value<'_>) {
    match value {
        Value::Count(count) => {
            record.push(b':');
            write_integer(record, count);
            record.extend_from_slice(b"|c");
        }
        Value::Gauge(value) => gauge(record, value),
        Value::GaugeDelta(delta) => {
            // The sign makes it relative. The daemon takes it for a value where a gauge is 0 or new, which comes to the same.
            record.extend_from_slice(if delta < 0.0 { b":" } else { b":+" });
            write_float(record, delta);
            record.extend_from_slice(b"|g");
        }
        Value::Timing(duration) => {
            record.push(b':');
            write_duration(record, duration);
            record.extend_from_slice(b"|ms");
        }
        Value::Sample { size, weight } => {
            record.push(b':');
            // A timer below 0 is a bad line to the daemon. Its count matters more than its size.
            write_single(record, size.max(0.0));
            record.extend_from_slice(b"|ms");
            if weight > 1 {
                record.extend_from_slice(b"|@");
                write_rate(record, weight);
            }
        }
        Value::Set(thing) => {
            record.push(b':');
            write_text(record, thing);
            record.extend_from_slice(b"|s");
        }
    }
}

/// A value with a sign would be added to the gauge. A gauge of 0 takes it for what it is, so one below 0 is set to 0 first: in
/// the same record, because between two packets the gauge would be 0.
fn gauge(record: &mut Vec<u8>, value: f64) {
    if value < 0.0 {
        let name = ..record.len();
        record.extend_from_slice(b":0|g\n");
        record.extend_from_within(name);
    }
    record.push(b':');
    write_float(record, value);
    record.extend_from_slice(b"|g");
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn record(value: Value<'_>) -> String {
        let mut record = b"x".to_vec();
        complete(&mut record, value);
        String::from_utf8(record).unwrap()
    }

    #[test]
    fn each_value_has_its_line() {
        assert_eq!(record(Value::Count(1)), "x:1|c");
        assert_eq!(record(Value::Count(-7)), "x:-7|c");
        assert_eq!(record(Value::Gauge(0.5)), "x:0.5|g");
        assert_eq!(record(Value::GaugeDelta(2.0)), "x:+2|g");
        assert_eq!(record(Value::GaugeDelta(-2.5)), "x:-2.5|g");
        assert_eq!(record(Value::Timing(Duration::from_millis(320))), "x:320|ms");
        assert_eq!(record(Value::Sample { size: 12.5, weight: 1 }), "x:12.5|ms");
        assert_eq!(record(Value::Sample { size: 12.5, weight: 4 }), "x:12.5|ms|@0.25");
        assert_eq!(record(Value::Set("ann|b:c")), "x:ann_b_c|s");
    }

    #[test]
    fn a_gauge_below_zero_is_set_to_zero_first() {
        assert_eq!(record(Value::Gauge(-5.0)), "x:0|g\nx:-5|g");
        assert_eq!(record(Value::Gauge(-0.0)), "x:0|g");
    }

    #[test]
    fn a_sample_below_zero_keeps_its_count() {
        assert_eq!(record(Value::Sample { size: -3.0, weight: 2 }), "x:0|ms|@0.5");
    }
}
