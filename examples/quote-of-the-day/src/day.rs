//! The day that a quotation belongs to.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

/// A day of the UTC calendar; shown as `2026-11-23`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Day(Date);

impl Day {
    pub(crate) fn today() -> Self {
        Self(Offset::UTC.to_datetime(Timestamp::now()).date())
    }

    /// Days since 0001-01-01: one more each day, never negative for a clock that is set.
    pub(crate) fn number(self) -> i64 {
        self.0.duration_since(Date::constant(1, 1, 1)).as_hours() / 24
    }

    pub(crate) fn year(self) -> i32 {
        self.0.year().into()
    }

    /// The date for people, such as `23 November 2026`.
    pub(crate) fn long(self) -> impl fmt::Display {
        self.0.strftime("%-d %B %Y")
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn successive_days_have_successive_numbers_across_months_and_leap_years() {
        let days = [(2027, 12, 31), (2028, 1, 1), (2028, 2, 28), (2028, 2, 29), (2028, 3, 1)];
        let numbers = days.map(|(year, month, day)| Day(Date::constant(year, month, day)).number());
        assert_eq!(numbers.map(|number| number - numbers[0]), [0, 1, 59, 60, 61]);
    }

    #[test]
    fn a_day_is_shown_for_machines_and_for_people() {
        let day = Day(Date::constant(2026, 1, 2));
        assert_eq!(day.to_string(), "2026-01-02");
        assert_eq!(day.long().to_string(), "2 January 2026");
    }
}
