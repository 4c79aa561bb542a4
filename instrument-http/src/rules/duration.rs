use std::fmt;
use std::time::Duration;

/// A duration as Prometheus writes it: the whole milliseconds of it, in the largest unit that keeps the number whole.
pub(super) struct PrometheusDuration(pub(super) Duration);

/// Units that are always as long, and the milliseconds in one.
const UNITS: [(&str, u128); 4] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)];

impl fmt::Display for PrometheusDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let milliseconds = self.0.as_millis();
        let unit = UNITS.into_iter().find(|(_, unit)| milliseconds > 0 && milliseconds.is_multiple_of(*unit));
        let (unit, length) = unit.unwrap_or(("ms", 1));
        write!(f, "{}{unit}", milliseconds / length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_is_the_largest_that_fits() {
        for (milliseconds, text) in [
            (0, "0ms"),
            (999, "999ms"),
            (1_000, "1s"),
            (90_000, "90s"),
            (300_000, "5m"),
            (7_200_000, "2h"),
            (259_200_000, "3d"),
            (259_201_000, "259201s"),
        ] {
            assert_eq!(PrometheusDuration(Duration::from_millis(milliseconds)).to_string(), text);
        }
    }
}
