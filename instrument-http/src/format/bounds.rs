/// The end of each bucket's labels, `le="0.005"} `.
#[derive(Debug)]
pub(super) struct BoundTexts {
    push_bound: fn(&mut Vec<u8>, f64),
    /// Those that the texts are of.
    bounds: Vec<f64>,
    texts: Vec<BoundText>,
}

/// A text that is copied as a whole, as many bytes each time: faster than only as many as it has.
#[derive(Debug, Clone, Copy)]
pub(super) struct BoundText {
    bytes: [u8; Self::LONGEST],
    length: usize,
}

impl BoundText {
    /// No number has more than 24 characters.
    pub(super) const LONGEST: usize = 32;

    fn new(text: &[u8]) -> Self {
        let length = text.len().min(Self::LONGEST);
        let mut bytes = [0; Self::LONGEST];
        bytes[..length].copy_from_slice(&text[..length]);
        Self { bytes, length }
    }

    #[inline(always)]
    pub(super) fn push(&self, out: &mut Vec<u8>) {
        let end = out.len() + self.length;
        out.extend_from_slice(&self.bytes);
        out.truncate(end);
    }
}

impl BoundTexts {
    /// No bounds yet.
    pub(super) fn new(push_bound: fn(&mut Vec<u8>, f64)) -> Self {
        Self { push_bound, bounds: Vec::new(), texts: Vec::new() }
    }

    /// Makes the texts, unless they are those of the series before.
    pub(super) fn prepare(&mut self, bounds: &[f64]) {
        if self.bounds == bounds && !self.texts.is_empty() {
            return;
        }
        self.bounds = bounds.to_vec();
        self.texts.clear();
        let mut text = Vec::with_capacity(BoundText::LONGEST);
        for &bound in bounds.iter().chain(&[f64::INFINITY]) {
            text.clear();
            text.extend_from_slice(b"le=\"");
            (self.push_bound)(&mut text, bound);
            text.extend_from_slice(b"\"} ");
            self.texts.push(BoundText::new(&text));
        }
    }

    pub(super) fn as_slice(&self) -> &[BoundText] {
        &self.texts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::number::push_canonical_bound;

    #[test]
    fn the_longest_bounds_are_whole() {
        let bounds =
            [-1.234_567_890_123_456_7e-308, 0.000_123_456_789_012_345_67, 99_999.000_000_000_01, 1.0];
        let mut texts = BoundTexts::new(push_canonical_bound);
        texts.prepare(&bounds);
        let mut out = b"{".to_vec();
        texts.as_slice().iter().for_each(|text| text.push(&mut out));
        let expected = "{le=\"-1.2345678901234567e-308\"} le=\"0.00012345678901234567\"} le=\"99999.00000000001\"} \
                        le=\"1.0\"} le=\"+Inf\"} ";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
