//! Numbers as text that every server reads.

use std::io::Write as _;
use std::time::Duration;

const NANOSECONDS_PER_MILLISECOND: u32 = 1_000_000;

pub(super) fn write_integer(out: &mut Vec<u8>, number: i64) {
    match number {
        // What most calls say: one byte, and nothing to copy.
        0..=9 => out.push(b'0' + number as u8),
        _ => out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes()),
    }
}

/// The shortest text that reads back as the number. Whole numbers have no point, and zero has no sign.
pub(super) fn write_float(out: &mut Vec<u8>, number: f64) {
    // All whole numbers below are floats, and floats there are these whole numbers.
    if number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0 {
        write_integer(out, number as i64);
    } else {
        out.extend_from_slice(ryu::Buffer::new().format_finite(number).as_bytes());
    }
}

/// The same for a number of single precision.
pub(super) fn write_single(out: &mut Vec<u8>, number: f32) {
    if number.fract() == 0.0 && number.abs() < 1e9 {
        write_integer(out, number as i64);
    } else {
        out.extend_from_slice(ryu::Buffer::new().format_finite(number).as_bytes());
    }
}

/// Milliseconds, to the nanosecond.
pub(super) fn write_duration(out: &mut Vec<u8>, duration: Duration) {
    let milliseconds = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    write_integer(out, milliseconds);
    let mut rest = duration.subsec_nanos() % NANOSECONDS_PER_MILLISECOND;
    if rest > 0 {
        out.push(b'.');
        let mut unit = NANOSECONDS_PER_MILLISECOND / 10;
        while rest > 0 {
            out.push(b'0' + (rest / unit) as u8);
            rest %= unit;
            unit /= 10;
        }
    }
}

/// A sample rate.
///
/// Without an exponent: Etsy's daemon reads a rate up to the first character that is no digit and no point, and would take `1e-5`
/// for 1.
pub(super) fn write_rate(out: &mut Vec<u8>, rate: f64) {
    // Writing to memory does not fail. `Display` has no exponent; ryu has.
    let _ = write!(out, "{rate}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn floats_are_short_and_read_back_as_they_were() {
        let float = |number| text(|out| write_float(out, number));
        assert_eq!(float(3.0), "3");
        assert_eq!(float(-0.0), "0");
        assert_eq!(float(0.1), "0.1");
        assert_eq!(float(1e15), "1000000000000000");
        for number in [f64::MIN, f64::MAX, f64::MIN_POSITIVE, 1.0 / 3.0, 2_f64.powi(53), -1e-7] {
            assert_eq!(float(number).parse::<f64>().unwrap(), number);
        }
        let single = |number| text(|out| write_single(out, number));
        assert_eq!(single(320.0), "320");
        assert_eq!(single(2.416_666_7), "2.4166667");
        for number in [f32::MAX, f32::MIN_POSITIVE, 16_777_216.0, 999_999_936.0] {
            assert_eq!(single(number).parse::<f32>().unwrap(), number);
        }
    }

    #[test]
    fn durations_are_milliseconds_to_the_nanosecond() {
        let duration = |duration| text(|out| write_duration(out, duration));
        assert_eq!(duration(Duration::from_millis(320)), "320");
        assert_eq!(duration(Duration::from_micros(250)), "0.25");
        assert_eq!(duration(Duration::from_nanos(1)), "0.000001");
        assert_eq!(duration(Duration::new(2, 10_000_001)), "2010.000001");
        assert_eq!(duration(Duration::ZERO), "0");
        assert_eq!(duration(Duration::MAX), "9223372036854775807.999999");
    }

    #[test]
    fn rates_have_no_exponent() {
        assert_eq!(text(|out| write_rate(out, 1e-9)), "0.000000001");
        assert!(!text(|out| write_rate(out, 1.0 / u64::MAX as f64)).contains('e'));
    }
}
