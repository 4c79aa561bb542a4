//! Packets: lines put together up to the greatest length of a datagram, never split.

use std::ops::RangeInclusive;

/// What the greatest payload can be set to. Below, not even short lines fit; above, no UDP datagram does.
pub(crate) const PACKET_BYTES: RangeInclusive<usize> = 64..=65_507;

/// A packet that is being filled: records, with newlines between them.
///
/// A record is one line, or lines that must arrive together. None is longer than a packet may be.
#[derive(Debug)]
pub(crate) struct Packet {
    bytes: Vec<u8>,
    max_bytes: usize,
}

impl Packet {
    pub(crate) fn new(max_bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(max_bytes), max_bytes }
    }

    /// The greatest length of a packet, and so of a record.
    pub(crate) fn max_bytes(&self) -> usize {
        self.max_bytes
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
    }

    /// Whether a record of this length can be pushed.
    pub(crate) fn has_room_for(&self, record_bytes: usize) -> bool {
        let newline = usize::from(!self.is_empty());
        self.bytes.len() + newline + record_bytes <= self.max_bytes
    }

    /// Adds a record that is written already, and has room.
    pub(crate) fn push(&mut self, record: &[u8]) {
        if !self.is_empty() {
            self.bytes.push(b'\n');
        }
        self.bytes.extend_from_slice(record);
    }

    /// Adds the record that `write` appends. If it has no room, the packet is full: `send` gets it, and the record is the first of the next.
    /// Where there is no record nothing changes.
    pub(crate) fn add<E>(
        &mut self,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
        send: impl FnOnce(&[u8]),
    ) -> Result<(), E> {
        let end = self.bytes.len();
        if end > 0 {
            self.bytes.push(b'\n');
        }
        let start = self.bytes.len();
        let written = write(&mut self.bytes);
        if written.is_err() {
            self.bytes.truncate(end);
        } else if self.bytes.len() > self.max_bytes && end > 0 {
            send(&self.bytes[..end]);
            self.bytes.drain(..start);
        }
        written
    }

    /// Sends what there is, if there is anything.
    pub(crate) fn send_rest(&mut self, send: impl FnOnce(&[u8])) {
        if !self.is_empty() {
            send(&self.bytes);
            self.clear();
        }
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

    fn packed(max_bytes: usize, records: &[&str]) -> Vec<String> {
        let (mut added, mut pushed) = (Vec::new(), Vec::new());
        let keep = |packets: &mut Vec<String>, packet: &[u8]| {
            packets.push(String::from_utf8(packet.to_vec()).unwrap());
        };
        let mut packet = Packet::new(max_bytes);
        for record in records {
            let write = |out: &mut Vec<u8>| -> Result<(), ()> {
                out.extend_from_slice(record.as_bytes());
                Ok(())
            };
            packet.add(write, |packet| keep(&mut added, packet)).unwrap();
        }
        packet.send_rest(|packet| keep(&mut added, packet));
        packet.send_rest(|packet| panic!("{packet:?} is sent twice"));
        for record in records {
            if !packet.has_room_for(record.len()) {
                packet.send_rest(|packet| keep(&mut pushed, packet));
            }
            packet.push(record.as_bytes());
        }
        packet.send_rest(|packet| keep(&mut pushed, packet));
        assert_eq!(added, pushed);
        added
    }

    #[test]
    fn a_packet_is_filled_to_the_last_byte_and_not_beyond() {
        assert_eq!(packed(7, &["abc", "def", "g"]), ["abc\ndef", "g"]);
        assert_eq!(packed(6, &["abc", "def", "g"]), ["abc", "def\ng"]);
        assert_eq!(packed(3, &["abc", "def", "g"]), ["abc", "def", "g"]);
    }

    #[test]
    fn lines_of_one_record_stay_together() {
        assert_eq!(packed(13, &["a:1|c", "b:0|g\nb:-1|g"]), ["a:1|c", "b:0|g\nb:-1|g"]);
        assert_eq!(packed(18, &["a:1|c", "b:0|g\nb:-1|g"]), ["a:1|c\nb:0|g\nb:-1|g"]);
    }

    #[test]
    fn what_is_not_written_leaves_nothing_behind() {
        let mut packet = Packet::new(10);
        packet.push(b"abc");
        let write = |out: &mut Vec<u8>| {
            out.extend_from_slice(b"half of");
            Err(())
        };
        assert_eq!(packet.add(write, |_| panic!("it is not full")), Err(()));
        assert_eq!(packet.as_bytes(), b"abc");
    }

    #[test]
    fn lines_are_counted_as_the_server_sees_them() {
        assert_eq!(lines(b"a:1|c"), 1);
        assert_eq!(lines(b"b:0|g\nb:-1|g"), 2);
        assert_eq!(lines(&[b'\n'; 1000]), 1001);
    }
}
