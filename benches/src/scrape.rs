//! The registry that every contender fills and writes out: names, labels, values, and a check that the text has them all.

use std::time::Duration;

use crate::inputs::durations;

/// The counter family's name, as it stands in the text.
pub const COUNTERS: &str = "bench_requests_total";
/// The histogram family's name, as it stands in the text.
pub const HISTOGRAMS: &str = "bench_request_duration_seconds";
/// The label names of both.
pub const LABEL_NAMES: [&str; 2] = ["route", "tenant"];
/// The help text of both.
pub const HELP: &str = "What the scrape benchmark reads out.";

const COUNTER_SERIES: usize = 10_000;
const HISTOGRAM_SERIES: usize = 1_000;
const OBSERVATIONS_PER_SERIES: usize = 20;
/// 14 bounds, `+Inf`, the sum and the count.
const LINES_PER_HISTOGRAM: usize = 17;

/// The label values of one series.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Series {
    /// One of a hundred routes.
    pub route: String,
    /// One of a hundred tenants (of ten, for histograms).
    pub tenant: String,
}

impl Series {
    fn number(i: usize) -> Self {
        Self { route: format!("/api/v1/resource/{:02}", i % 100), tenant: format!("tenant-{:02}", i / 100) }
    }
}

/// The 10,000 counter series and their values, of one to seven digits.
pub fn counters() -> impl Iterator<Item = (Series, u64)> {
    (0..COUNTER_SERIES).map(|i| (Series::number(i), counter_value(i)))
}

fn counter_value(i: usize) -> u64 {
    (i as u64 * 7_919) % 10_u64.pow(1 + i as u32 % 7)
}

/// The 1,000 histogram series and what each has observed.
pub fn histograms() -> impl Iterator<Item = (Series, [Duration; OBSERVATIONS_PER_SERIES])> {
    let durations = durations();
    (0..HISTOGRAM_SERIES).map(move |i| {
        let observed =
            std::array::from_fn(|k| durations[(i * OBSERVATIONS_PER_SERIES + k) % durations.len()]);
        (Series::number(i), observed)
    })
}

/// Says why a contender's text is not the whole registry, or nothing if it is.
///
/// # Errors
///
/// A sentence that names the first difference found: the number of sample lines, the total of all counters, or the
/// total of all histogram counts.
pub fn check(text: &str) -> Result<(), String> {
    let samples = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let expected = COUNTER_SERIES + HISTOGRAM_SERIES * LINES_PER_HISTOGRAM;
    let found = samples.clone().count();
    if found != expected {
        return Err(format!("{found} sample lines instead of {expected}"));
    }
    let total_of = |name: &str| -> u64 {
        samples.clone().filter(|line| line.starts_with(name)).filter_map(value_of).sum()
    };
    let expected_counts = (0..COUNTER_SERIES).map(counter_value).sum();
    let expected_observations = (HISTOGRAM_SERIES * OBSERVATIONS_PER_SERIES) as u64;
    for (name, expected) in
        [(COUNTERS.to_owned(), expected_counts), (format!("{HISTOGRAMS}_count"), expected_observations)]
    {
        let found = total_of(&name);
        if found != expected {
            return Err(format!("the values of {name} add up to {found} instead of {expected}"));
        }
    }
    Ok(())
}

/// What a contender writes text to, and keeps from scrape to scrape: each brings the kind that it needs.
pub trait Text: Default + AsRef<[u8]> {
    /// An empty one with room for `bytes`, all of it in memory already.
    fn with_room(bytes: usize) -> Self;

    /// Takes the text out and keeps the room.
    fn clear(&mut self);
}

impl Text for String {
    fn with_room(bytes: usize) -> Self {
        let mut text = " ".repeat(bytes);
        text.clear();
        text
    }

    fn clear(&mut self) {
        self.clear();
    }
}

impl Text for Vec<u8> {
    fn with_room(bytes: usize) -> Self {
        let mut text = vec![b' '; bytes];
        text.clear();
        text
    }

    fn clear(&mut self) {
        self.clear();
    }
}

fn value_of(line: &str) -> Option<u64> {
    line.rsplit_once(' ')?.1.parse().ok()
}

/// The floor: each line up to its value, kept from scrape to scrape, and the value.
#[derive(Debug)]
pub struct KeptLines {
    lines: Vec<(String, u64)>,
}

impl KeptLines {
    /// Takes a text apart. Comment lines stay with the line they precede; the sums of histograms lose their fraction,
    /// as writing a float is not the floor.
    pub fn of(text: &str) -> Self {
        let mut lines = Vec::new();
        let mut prefix = String::new();
        for line in text.lines() {
            if line.starts_with('#') || line.is_empty() {
                prefix.push_str(line);
                prefix.push('\n');
            } else if let Some((name, value)) = line.rsplit_once(' ') {
                prefix.push_str(name);
                prefix.push(' ');
                let value = value.parse::<f64>().unwrap_or(0.0) as u64;
                lines.push((std::mem::take(&mut prefix), value));
            }
        }
        Self { lines }
    }

    /// Writes the text again: a copy and an `itoa` for each line.
    pub fn write(&self, text: &mut Vec<u8>) {
        let mut number = itoa::Buffer::new();
        for (prefix, value) in &self.lines {
            text.extend_from_slice(prefix.as_bytes());
            text.extend_from_slice(number.format(*value).as_bytes());
            text.push(b'\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use std::fmt::Write;

    /// What any of the contenders would write, by the plainest means.
    fn whole_text() -> String {
        let mut text = format!("# TYPE {COUNTERS} counter\n");
        for (Series { route, tenant }, value) in counters() {
            writeln!(text, "{COUNTERS}{{route=\"{route}\",tenant=\"{tenant}\"}} {value}")
                .expect("a string takes all");
        }
        for (Series { route, tenant }, observed) in histograms() {
            for i in 0..LINES_PER_HISTOGRAM - 1 {
                writeln!(text, "{HISTOGRAMS}_other{{i=\"{i}\"}} 1").expect("a string takes all");
            }
            let count = observed.len();
            writeln!(text, "{HISTOGRAMS}_count{{route=\"{route}\",tenant=\"{tenant}\"}} {count}")
                .expect("a string takes all");
        }
        text
    }

    #[test]
    fn no_two_series_of_a_family_have_the_same_labels() {
        assert_eq!(counters().map(|(series, _)| series).collect::<HashSet<_>>().len(), COUNTER_SERIES);
        assert_eq!(histograms().map(|(series, _)| series).collect::<HashSet<_>>().len(), HISTOGRAM_SERIES);
    }

    #[test]
    fn a_whole_text_passes() {
        assert_eq!(check(&whole_text()), Ok(()));
    }

    #[test]
    fn a_missing_line_a_wrong_counter_and_a_lost_observation_are_each_named() {
        let text = whole_text();
        let without_last = text.trim_end().rsplit_once('\n').map(|(rest, _)| rest).expect("many lines");
        assert_eq!(check(without_last), Err("26999 sample lines instead of 27000".to_owned()));

        let wrong_counter = text.replacen("} 0\n", "} 5\n", 1);
        assert!(
            check(&wrong_counter)
                .is_err_and(|why| why.starts_with("the values of bench_requests_total add up"))
        );

        let lost = text.replacen("} 20\n", "} 19\n", 1);
        assert!(check(&lost).is_err());
    }

    #[test]
    fn kept_lines_write_the_text_that_they_were_taken_from() {
        let text = whole_text();
        let mut written = Vec::new();
        KeptLines::of(&text).write(&mut written);
        assert!(written == text.as_bytes(), "the text differs from its source");
    }
}
