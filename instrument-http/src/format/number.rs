//! Numbers as every parser of the text formats takes them.

use super::time::SinceEpoch;

/// Appends a whole number.
#[inline]
pub(super) fn push_integer(out: &mut Vec<u8>, value: impl itoa::Integer + TryInto<u32> + Copy) {
    match value.try_into() {
        Ok(small) if small < 1000 => SMALL[small as usize].push(out),
        Ok(short) if short < 100_000_000 => push_short(out, short),
        _ => out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes()),
    }
}

/// A number below 1000. Copied whole, with as many bytes each time, which is faster than as many as it has.
#[derive(Clone, Copy)]
struct Small {
    digits: [u8; 3],
    length: u8,
}

static SMALL: [Small; 1000] = {
    let mut all = [Small { digits: [0; 3], length: 0 }; 1000];
    let mut number = 0;
    while number < 1000 {
        let digits = [number / 100, number / 10 % 10, number % 10];
        let first = if number >= 100 {
            0
        } else if number >= 10 {
            1
        } else {
            2
        };
        let mut digit = first;
        while digit < 3 {
            all[number].digits[digit - first] = b'0' + digits[digit] as u8;
            digit += 1;
        }
        all[number].length = (3 - first) as u8;
        number += 1;
    }
    all
};

impl Small {
    #[inline(always)]
    fn push(self, out: &mut Vec<u8>) {
        let end = out.len() + usize::from(self.length);
        out.extend_from_slice(&self.digits);
        out.truncate(end);
    }
}

/// Appends a number below 10^8: most are. All eight digits are made at once, in the lanes of one word, and copied at once.
#[inline]
fn push_short(out: &mut Vec<u8>, number: u32) {
    // The number by fours of digits, then by twos, then digit by digit: each lane is divided by a multiplication that is exact for what it can hold.
    // The more significant half goes to the lower bytes, which come first in memory.
    let (high, low) = (u64::from(number / 10_000), u64::from(number % 10_000));
    let fours = high | low << 32;
    let hundreds = (fours * 10_486) >> 20 & 0x0000_007f_0000_007f;
    let twos = hundreds | (fours - 100 * hundreds) << 16;
    let tens = (twos * 103) >> 10 & 0x000f_000f_000f_000f;
    let digits = tens | (twos - 10 * tens) << 8;
    // A zero that begins a number is no digit of it, but for the last.
    let zeros = (digits | 1 << 56).trailing_zeros() / 8;
    let text = (digits | 0x3030_3030_3030_3030) >> (8 * zeros);
    let end = out.len() + 8 - zeros as usize;
    out.extend_from_slice(&text.to_le_bytes());
    out.truncate(end);
}

/// Appends the value of a sample: the shortest text that reads back as the same number.
pub(super) fn push_value(out: &mut Vec<u8>, value: f64) {
    if value.is_finite() {
        let mut buffer = ryu::Buffer::new();
        let text = buffer.format_finite(value);
        out.extend_from_slice(text.strip_suffix(".0").unwrap_or(text).as_bytes());
    } else {
        push_not_finite(out, value);
    }
}

/// Appends a bucket's bound in its one spelling, that of Go's `%g`: `0.005`, `1`, `100000`, `1e+06`, `1e-05`. The bound is
/// part of a series' identity, so it must not depend on who writes it.
pub(super) fn push_bound(out: &mut Vec<u8>, bound: f64) {
    if !bound.is_finite() {
        return push_not_finite(out, bound);
    }
    let scientific = format!("{bound:e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..6).contains(&exponent) {
        out.extend_from_slice(bound.to_string().as_bytes());
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        out.extend_from_slice(format!("{mantissa}e{sign}{:02}", exponent.abs()).as_bytes());
    }
}

/// The same in OpenMetrics' canonical spelling, where a number shows that it need not be a whole one: `1.0`, `100000.0`, `1e+06`.
///
/// Source: OpenMetrics 1.0, section "Considerations: Canonical Numbers".
pub(super) fn push_canonical_bound(out: &mut Vec<u8>, bound: f64) {
    let start = out.len();
    push_bound(out, bound);
    if bound.is_finite() && !out[start..].iter().any(|byte| matches!(byte, b'.' | b'e')) {
        out.extend_from_slice(b".0");
    }
}

/// Appends a moment in seconds since 1970, to the millisecond.
pub(super) fn push_time(out: &mut Vec<u8>, time: SinceEpoch) {
    push_integer(out, time.seconds);
    let milliseconds = time.nanoseconds / 1_000_000;
    out.extend([b'.', digit(milliseconds / 100), digit(milliseconds / 10), digit(milliseconds)]);
}

/// The last digit of a number.
fn digit(number: u32) -> u8 {
    b'0' + (number % 10) as u8
}

fn push_not_finite(out: &mut Vec<u8>, value: f64) {
    out.extend_from_slice(if value.is_nan() {
        b"NaN"
    } else if value > 0.0 {
        b"+Inf"
    } else {
        b"-Inf"
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(push: fn(&mut Vec<u8>, f64), value: f64) -> String {
        let mut out = Vec::new();
        push(&mut out, value);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn whole_numbers_have_all_their_digits() {
        let near_powers = (0..20).flat_map(|power| {
            let power = 10_u64.pow(power);
            [power - 1, power, power + 1, power / 8 * 9]
        });
        for number in
            near_powers.chain((0..200_000).map(|step| step * 503)).chain(0..20_000).chain([u64::MAX])
        {
            let mut out = b"x ".to_vec();
            push_integer(&mut out, number);
            assert_eq!(String::from_utf8(out).unwrap(), format!("x {number}"));
        }
        for number in [i64::MIN, -1, 0, 7, i64::MAX] {
            let mut out = Vec::new();
            push_integer(&mut out, number);
            assert_eq!(String::from_utf8(out).unwrap(), number.to_string());
        }
    }

    #[test]
    fn values_are_short_and_read_back_as_the_same_number() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.0, "1"),
            (-2.5, "-2.5"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e6, "1000000"),
            (1e300, "1e300"),
            (f64::INFINITY, "+Inf"),
            (f64::NEG_INFINITY, "-Inf"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(written(push_value, value), text);
        }
        for value in [f64::MAX, f64::MIN_POSITIVE, 5e-324, 1.0 / 3.0, 123_456_789.0, 9_007_199_254_740_993.0]
        {
            assert_eq!(written(push_value, value).parse::<f64>().unwrap().to_bits(), value.to_bits());
        }
    }

    #[test]
    fn canonical_bounds_are_those_of_the_specification() {
        for (bound, text) in [
            (0.0, "0.0"),
            (0.001, "0.001"),
            (1.0, "1.0"),
            (10.0, "10.0"),
            (100_000.0, "100000.0"),
            (1e6, "1e+06"),
            (1e-5, "1e-05"),
            (1e-10, "1e-10"),
            (1e23, "1e+23"),
            (1.1e23, "1.1e+23"),
            (-2.0, "-2.0"),
            (f64::INFINITY, "+Inf"),
        ] {
            assert_eq!(written(push_canonical_bound, bound), text);
        }
    }

    #[test]
    fn times_are_in_seconds_with_three_digits_behind_the_point() {
        for (seconds, nanoseconds, text) in
            [(0, 0, "0.000"), (1_700_000_000, 7_999_999, "1700000000.007"), (1, 999_999_999, "1.999")]
        {
            let mut out = Vec::new();
            push_time(&mut out, SinceEpoch { seconds, nanoseconds });
            assert_eq!(String::from_utf8(out).unwrap(), text);
        }
    }

    /// The texts are what Go 1.19 prints with `%g`.
    #[test]
    fn bounds_are_spelled_as_go_does() {
        for (bound, text) in [
            (0.0, "0"),
            (0.005, "0.005"),
            (0.0001, "0.0001"),
            (0.000_012_5, "1.25e-05"),
            (1e-6, "1e-06"),
            (1e-10, "1e-10"),
            (1.0, "1"),
            (2.5, "2.5"),
            (-10.0, "-10"),
            (100_000.0, "100000"),
            (123_456.5, "123456.5"),
            (1e6, "1e+06"),
            (1_048_576.0, "1.048576e+06"),
            (-1e6, "-1e+06"),
            (1e23, "1e+23"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::INFINITY, "+Inf"),
        ] {
            assert_eq!(written(push_bound, bound), text);
            assert_eq!(text.trim_start_matches('+').parse::<f64>().unwrap(), bound);
        }
    }
}
