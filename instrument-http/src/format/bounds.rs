/// The end of each bucket's labels, `le="0.005"} `, one behind the other.
#[derive(Debug)]
pub(super) struct BoundTexts {
    push_bound: fn(&mut Vec<u8>, f64),
    /// Those that the texts are of.
    bounds: Vec<f64>,
    text: Vec<u8>,
    /// Where each text ends.
    ends: Vec<usize>,
}

impl BoundTexts {
    /// No bounds yet.
    pub(super) fn new(push_bound: fn(&mut Vec<u8>, f64)) -> Self {
        Self { push_bound, bounds: Vec::new(), text: Vec::new(), ends: Vec::new() }
    }

    /// Makes the texts, unless they are those of the series before.
    pub(super) fn prepare(&mut self, bounds: &[f64]) {
        if self.bounds == bounds && !self.ends.is_empty() {
            return;
        }
        self.bounds = bounds.to_vec();
        self.text.clear();
        self.ends.clear();
        for &bound in bounds.iter().chain(&[f64::INFINITY]) {
            self.text.extend_from_slice(b"le=\"");
            (self.push_bound)(&mut self.text, bound);
            self.text.extend_from_slice(b"\"} ");
            self.ends.push(self.text.len());
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// How long all are together.
    pub(super) fn text_len(&self) -> usize {
        self.text.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let mut start = 0;
        self.ends.iter().map(move |&end| &self.text[std::mem::replace(&mut start, end)..end])
    }
}
