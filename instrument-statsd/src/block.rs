//! Records on their way from the threads that make calls to the one that sends, in a row of words.
//!
//! What was said before is a record of two words: the number of its template, which has all of the line but the value, and the bits of the
//! value. The thread that sends makes a line of it. Anything else is lines that are written already: a word with their length, and their
//! bytes, eight to a word.

/// In the first word of a record: its lines are written already.
const TEXT: u64 = 1 << 63;

/// Where the first word of a text has the number of its lines, above their bytes.
const LINES_SHIFT: u32 = 32;

const BYTES_PER_WORD: usize = size_of::<u64>();

/// One record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Record<'a> {
    /// A line of a template, with the value of these bits.
    Value { template: u32, bits: u64 },
    /// Lines that stay together.
    Text(Text<'a>),
}

/// Lines, eight bytes to a word.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Text<'a> {
    words: &'a [u64],
    bytes: usize,
}

impl Text<'_> {
    pub(crate) fn append_to(self, out: &mut Vec<u8>) {
        let end = out.len() + self.bytes;
        self.words.iter().for_each(|word| out.extend_from_slice(&word.to_le_bytes()));
        out.truncate(end);
    }
}

/// The record of a value.
#[inline(always)]
pub(crate) fn value(template: u32, bits: u64) -> [u64; 2] {
    [template.into(), bits]
}

/// Appends the record of some lines.
pub(crate) fn push_text(block: &mut Vec<u64>, text: &[u8]) {
    block.push(TEXT | crate::packet::lines(text) << LINES_SHIFT | text.len() as u64);
    block.extend(text.chunks(BYTES_PER_WORD).map(|chunk| {
        let mut word = [0; BYTES_PER_WORD];
        word.iter_mut().zip(chunk).for_each(|(byte, &given)| *byte = given);
        u64::from_le_bytes(word)
    }));
}

/// How many words the longest record can have if no line is longer than a packet.
pub(crate) fn longest_record(packet_bytes: usize) -> usize {
    1 + packet_bytes.div_ceil(BYTES_PER_WORD)
}

/// The records of a block, with the number of lines of each.
pub(crate) fn records(mut block: &[u64]) -> impl Iterator<Item = (Record<'_>, u64)> {
    std::iter::from_fn(move || {
        let (&first, rest) = block.split_first()?;
        if first & TEXT == 0 {
            let (&bits, rest) = rest.split_first()?;
            block = rest;
            return Some((Record::Value { template: first as u32, bits }, 1));
        }
        let bytes = first as u32 as usize;
        let (words, rest) = rest.split_at_checked(bytes.div_ceil(BYTES_PER_WORD))?;
        block = rest;
        Some((Record::Text(Text { words, bytes }), (first & !TEXT) >> LINES_SHIFT))
    })
}

/// How many lines a block comes to.
pub(crate) fn lines(block: &[u64]) -> u64 {
    records(block).map(|(_, lines)| lines).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_out_as_they_went_in() {
        let texts = ["a:1|c", "a.much.longer.name:1|c", "b:0|g\nb:-1|g", "12345678", ""];
        let mut block = Vec::new();
        for (number, text) in (0..).zip(texts) {
            block.extend(value(number, u64::MAX));
            push_text(&mut block, text.as_bytes());
        }
        let mut found = records(&block);
        for (number, text) in (0..).zip(texts) {
            assert_eq!(found.next(), Some((Record::Value { template: number, bits: u64::MAX }, 1)));
            let Some((Record::Text(record), lines)) = found.next() else { panic!("no text") };
            let mut out = b"before ".to_vec();
            record.append_to(&mut out);
            assert_eq!(out, [b"before ", text.as_bytes()].concat());
            assert_eq!(lines, crate::packet::lines(text.as_bytes()));
        }
        assert_eq!(found.next(), None);
        assert_eq!(lines(&block), 11);
    }

    #[test]
    fn no_record_is_longer_than_the_longest() {
        for bytes in [64, 65, 71, 72, 65_507] {
            let mut block = Vec::new();
            push_text(&mut block, &vec![b'x'; bytes]);
            assert_eq!(block.len(), longest_record(bytes));
        }
    }
}
