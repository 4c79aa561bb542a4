//! Packets: lines put together up to the greatest length of a datagram, never split.

use std::ops::RangeInclusive;

/// What the greatest payload can be set to. Below, not even short lines fit; above, no UDP datagram does.
pub(crate) const PACKET_BYTES: RangeInclusive<usize> = 64..=65_507;

/// Why a record was not added.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Refused {
    /// It is longer than a packet may be.
    TooLong,
    /// There is no room for it now.
    Full,
}

/// Records, in packets.
///
/// A record is one line, or lines that must arrive together. The records of a packet are joined by newlines; so are, in memory,
/// the packets, which makes a packet a slice.
#[derive(Debug)]
pub(crate) struct Packets {
    bytes: Vec<u8>,
    /// Where each packet but the last ends. The next one starts after the newline there.
    ends: Vec<usize>,
    packet_bytes: usize,
    max_bytes: usize,
}

impl Packets {
    /// Room for packets of at most `packet_bytes`, together at most `max_bytes` with the newlines between them.
    pub(crate) fn new(packet_bytes: usize, max_bytes: usize) -> Self {
        let bytes = Vec::with_capacity(max_bytes);
        // Any two packets in a row are longer than one, or they would be one.
        Self { bytes, ends: Vec::with_capacity(2 * max_bytes / packet_bytes), packet_bytes, max_bytes }
    }

    pub(crate) fn packet_bytes(&self) -> usize {
        self.packet_bytes
    }

    /// Adds a record: to the last packet, or as the first one of the next.
    pub(crate) fn push(&mut self, record: &[u8]) -> Result<(), Refused> {
        if record.len() > self.packet_bytes {
            return Err(Refused::TooLong);
        }
        let newline = usize::from(!self.is_empty());
        if self.bytes.len() + newline + record.len() > self.max_bytes {
            return Err(Refused::Full);
        }
        if !self.is_empty() {
            if self.bytes.len() - self.last_start() + newline + record.len() > self.packet_bytes {
                self.ends.push(self.bytes.len());
            }
            self.bytes.push(b'\n');
        }
        self.bytes.extend_from_slice(record);
        Ok(())
    }

    fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let starts = [0].into_iter().chain(self.ends.iter().map(|end| end + 1));
        let ends = self.ends.iter().copied().chain([self.bytes.len()]);
        starts.zip(ends).map(|(start, end)| &self.bytes[start..end]).filter(|packet| !packet.is_empty())
    }

    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    fn last_start(&self) -> usize {
        self.ends.last().map_or(0, |end| end + 1)
    }
}

/// How many lines a packet or a record has.
pub(crate) fn lines(packet: &[u8]) -> u64 {
    // In this form, with sums that fit into a byte, the compiler compares many bytes at once.
    let newlines = |bytes: &[u8]| bytes.iter().fold(0_u8, |sum, &byte| sum + u8::from(byte == b'\n'));
    1 + packet.chunks(u8::MAX.into()).map(|bytes| u64::from(newlines(bytes))).sum::<u64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(packet_bytes: usize, records: &[&str]) -> Vec<String> {
        let mut packets = Packets::new(packet_bytes, 100);
        for record in records {
            packets.push(record.as_bytes()).unwrap();
        }
        packets.iter().map(|packet| String::from_utf8(packet.to_vec()).unwrap()).collect()
    }

    #[test]
    fn a_packet_is_filled_to_the_last_byte_and_not_beyond() {
        assert_eq!(packed(7, &["abc", "def", "g"]), ["abc\ndef", "g"]);
        assert_eq!(packed(6, &["abc", "def", "g"]), ["abc", "def\ng"]);
        assert_eq!(packed(3, &["abc", "def", "g"]), ["abc", "def", "g"]);
    }

    #[test]
    fn lines_of_one_record_stay_together() {
        assert_eq!(packed(10, &["a:1|c", "b:0|g\nb:-1|g"][..1]), ["a:1|c"]);
        assert_eq!(packed(13, &["a:1|c", "b:0|g\nb:-1|g"]), ["a:1|c", "b:0|g\nb:-1|g"]);
        assert_eq!(packed(18, &["a:1|c", "b:0|g\nb:-1|g"]), ["a:1|c\nb:0|g\nb:-1|g".to_owned()]);
    }

    #[test]
    fn a_record_that_fits_no_packet_is_refused_and_leaves_nothing_behind() {
        let mut packets = Packets::new(4, 100);
        packets.push(b"abcd").unwrap();
        assert_eq!(packets.push(b"abcde"), Err(Refused::TooLong));
        packets.push(b"efgh").unwrap();
        assert!(packets.iter().eq([b"abcd", b"efgh"]));
        packets.clear();
        assert!(packets.is_empty() && packets.iter().next().is_none());
    }

    #[test]
    fn no_more_is_taken_than_there_is_room_for() {
        let mut packets = Packets::new(4, 9);
        packets.push(b"abcd").unwrap();
        assert_eq!(packets.push(b"efgh"), Ok(()));
        assert_eq!(packets.push(b""), Err(Refused::Full));
        let capacity = packets.bytes.capacity();
        packets.clear();
        assert_eq!(packets.push(b"ijkl"), Ok(()));
        assert_eq!(packets.bytes.capacity(), capacity);
    }

    #[test]
    fn lines_are_counted_as_the_server_sees_them() {
        assert_eq!(lines(b"a:1|c"), 1);
        assert_eq!(lines(b"b:0|g\nb:-1|g"), 2);
        assert_eq!(lines(&[b'\n'; 1000]), 1001);
    }
}
