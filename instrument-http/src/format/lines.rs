//! The lines of samples, which both text formats have.

use instrument_core::{HistogramSample, StateSetSample};

use super::bounds::{BoundText, BoundTexts};
use super::escape::push_label_value;
use super::labels::push_label;
use super::number::push_integer;
use super::scheme::{EscapingScheme, NameKind};

/// Writes the samples of a family.
#[derive(Debug)]
pub(super) struct SampleLines {
    scheme: EscapingScheme,
    /// The family's name as it is written, without quotes and suffixes.
    name: String,
    /// Whether it stands between quotes, and then within the braces.
    is_quoted: bool,
    bounds: BoundTexts,
}

/// Room for a number and what stands around it. A float takes at most 24 bytes.
const LONGEST_NUMBER: usize = 32;

impl SampleLines {
    /// No family yet. The bounds of buckets are written by `push_bound`.
    pub(super) fn new(scheme: EscapingScheme, push_bound: fn(&mut Vec<u8>, f64)) -> Self {
        Self { scheme, name: String::new(), is_quoted: false, bounds: BoundTexts::new(push_bound) }
    }

    pub(super) fn scheme(&self) -> EscapingScheme {
        self.scheme
    }

    /// A family begins, with this name but for the suffix, which each of its samples will have.
    pub(super) fn begin(&mut self, exposed_name: &str, suffix: &str) {
        let mut name = self.scheme.escape(exposed_name, NameKind::Metric).into_owned();
        self.is_quoted = !NameKind::Metric.is_plain(&name);
        if name.ends_with(suffix) {
            name.truncate(name.len() - suffix.len());
        }
        self.name = name;
    }

    /// Appends the name, as the comments of the family have it.
    pub(super) fn push_name(&self, text: &mut Vec<u8>) {
        if self.is_quoted {
            text.push(b'"');
            push_label_value(text, &self.name);
            text.push(b'"');
        } else {
            text.extend_from_slice(self.name.as_bytes());
        }
    }

    /// Appends a sample's name and labels without the closing brace, and says whether one is open.
    #[inline(always)]
    fn push_series(&self, text: &mut Vec<u8>, suffix: &str, labels: &[u8]) -> bool {
        if self.is_quoted {
            self.push_quoted_series(text, suffix, labels);
            return true;
        }
        text.extend_from_slice(self.name.as_bytes());
        text.extend_from_slice(suffix.as_bytes());
        text.extend_from_slice(labels);
        !labels.is_empty()
    }

    #[cold]
    fn push_quoted_series(&self, text: &mut Vec<u8>, suffix: &str, labels: &[u8]) {
        text.extend_from_slice(b"{\"");
        push_label_value(text, &self.name);
        text.extend_from_slice(suffix.as_bytes());
        text.push(b'"');
        if let [_brace, labels @ ..] = labels {
            text.push(b',');
            text.extend_from_slice(labels);
        }
    }

    /// Appends a sample without a bound, up to the end of its number.
    #[inline(always)]
    pub(super) fn push_sample(
        &self,
        text: &mut Vec<u8>,
        suffix: &str,
        labels: &[u8],
        push_number: impl FnOnce(&mut Vec<u8>),
    ) {
        // Once for all the pieces.
        text.reserve(self.name.len() + suffix.len() + labels.len() + LONGEST_NUMBER);
        let is_open = self.push_series(text, suffix, labels);
        text.extend_from_slice(if is_open { b"} " } else { b" " });
        push_number(text);
    }

    /// Appends a whole line.
    #[inline]
    pub(super) fn sample(
        &self,
        text: &mut Vec<u8>,
        suffix: &str,
        labels: &[u8],
        push_number: impl FnOnce(&mut Vec<u8>),
    ) {
        self.push_sample(text, suffix, labels, push_number);
        text.push(b'\n');
    }

    /// Appends a line for each state: the label that tells them apart has the name of the family.
    pub(super) fn states(
        &self,
        text: &mut Vec<u8>,
        labels: &[u8],
        family: &str,
        states: &StateSetSample<'_>,
    ) {
        let mut with_state = labels.to_vec();
        for (state, active) in states.states() {
            with_state.truncate(labels.len());
            push_label(&mut with_state, family, state, self.scheme);
            self.sample(text, "", &with_state, |text| text.push(if active { b'1' } else { b'0' }));
        }
    }

    /// Appends a line for each bucket, with what `push_more` appends for the bucket of an index.
    pub(super) fn buckets(
        &mut self,
        text: &mut Vec<u8>,
        labels: &[u8],
        histogram: &HistogramSample<'_>,
        mut push_more: impl FnMut(&mut Vec<u8>, usize),
    ) {
        self.bounds.prepare(histogram.bounds());
        let start = text.len();
        let is_open = self.push_series(text, "_bucket", labels);
        text.push(if is_open { b',' } else { b'{' });
        let prefix = start..text.len();
        let bounds = self.bounds.as_slice();
        text.reserve(bounds.len() * (prefix.len() + BoundText::LONGEST + LONGEST_NUMBER));

        for (bucket, (bound, (_, count))) in bounds.iter().zip(histogram.cumulated()).enumerate() {
            if bucket > 0 {
                text.extend_from_within(prefix.clone());
            }
            bound.push(text);
            push_integer(text, count);
            push_more(text, bucket);
            text.push(b'\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::number::push_bound;

    fn written(name: &str, scheme: EscapingScheme) -> String {
        let mut lines = SampleLines::new(scheme, push_bound);
        lines.begin(name, "_total");
        let mut text = Vec::new();
        lines.push_name(&mut text);
        text.push(b'\n');
        for labels in ["", "{a=\"1\""] {
            lines.sample(&mut text, "_total", labels.as_bytes(), |text| text.push(b'7'));
        }
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn a_name_that_needs_quotes_stands_within_the_braces() {
        assert_eq!(
            written("my.hits_total", EscapingScheme::AllowUtf8),
            "\"my.hits\"\n{\"my.hits_total\"} 7\n{\"my.hits_total\",a=\"1\"} 7\n",
        );
        assert_eq!(
            written("my.hits_total", EscapingScheme::Underscores),
            "my_hits\nmy_hits_total 7\nmy_hits_total{a=\"1\"} 7\n"
        );
    }

    #[test]
    fn the_suffix_is_that_of_the_escaped_name() {
        assert_eq!(
            written("my.hits_total", EscapingScheme::Dots),
            "my_dot_hits_\nmy_dot_hits__total 7\nmy_dot_hits__total{a=\"1\"} 7\n"
        );
    }
}
