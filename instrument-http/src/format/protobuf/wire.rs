//! Fields as protobuf writes them.
//!
//! Source: [Encoding](https://protobuf.dev/programming-guides/encoding/), of which metrics need four kinds of fields.

const VARINT: u32 = 0;
const EIGHT_BYTES: u32 = 1;
const LENGTH_DELIMITED: u32 = 2;

#[inline]
fn push_key(out: &mut Vec<u8>, field: u32, wire_type: u32) {
    push_varint(out, u64::from(field << 3 | wire_type));
}

/// Appends seven bits a byte, the lowest first.
#[inline]
pub(super) fn push_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a number of the types `sint32` and `sint64`, without a key.
pub(super) fn push_signed(out: &mut Vec<u8>, value: i64) {
    // Numbers near zero of either sign are short.
    push_varint(out, (value << 1 ^ value >> 63) as u64);
}

/// Appends a field of an unsigned type, or an enumeration.
#[inline]
pub(super) fn push_unsigned_field(out: &mut Vec<u8>, field: u32, value: u64) {
    push_key(out, field, VARINT);
    push_varint(out, value);
}

/// Appends a field of the types `sint32` and `sint64`.
pub(super) fn push_signed_field(out: &mut Vec<u8>, field: u32, value: i64) {
    push_key(out, field, VARINT);
    push_signed(out, value);
}

/// Appends a field of the type `double`.
#[inline]
pub(super) fn push_double(out: &mut Vec<u8>, field: u32, value: f64) {
    push_key(out, field, EIGHT_BYTES);
    out.extend_from_slice(&value.to_le_bytes());
}

/// Appends a field of the type `string`.
pub(super) fn push_text(out: &mut Vec<u8>, field: u32, text: &str) {
    push_key(out, field, LENGTH_DELIMITED);
    push_varint(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// Appends a field that is a message, or numbers one behind the other.
#[inline]
pub(super) fn push_message(out: &mut Vec<u8>, field: u32, push_fields: impl FnOnce(&mut Vec<u8>)) {
    push_key(out, field, LENGTH_DELIMITED);
    let start = begin_delimited(out);
    push_fields(out);
    end_delimited(out, start);
}

/// Leaves room for the length of what follows, and says where.
#[inline]
pub(super) fn begin_delimited(out: &mut Vec<u8>) -> usize {
    out.push(0);
    out.len()
}

/// Writes the length of what was appended since `start`. Most messages are of less than 128 bytes: those have room for it. What is longer is moved.
#[inline]
pub(super) fn end_delimited(out: &mut Vec<u8>, start: usize) {
    let len = out.len() - start;
    if len < 0x80 {
        out[start - 1] = len as u8;
    } else {
        make_room(out, start, len);
    }
}

#[cold]
fn make_room(out: &mut Vec<u8>, start: usize, len: usize) {
    let mut written = Vec::with_capacity(10);
    push_varint(&mut written, len as u64);
    out.splice(start - 1..start, written);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(push: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
        let mut out = vec![0xff];
        push(&mut out);
        out.split_off(1)
    }

    /// The first and the last are the specification's own examples.
    #[test]
    fn varints_have_seven_bits_a_byte() {
        assert_eq!(written(|out| push_varint(out, 150)), [0x96, 0x01]);
        assert_eq!(written(|out| push_varint(out, 0)), [0]);
        assert_eq!(written(|out| push_varint(out, 127)), [127]);
        assert_eq!(
            written(|out| push_varint(out, u64::MAX)),
            [255, 255, 255, 255, 255, 255, 255, 255, 255, 1]
        );
        assert_eq!(written(|out| push_unsigned_field(out, 1, 150)), [0x08, 0x96, 0x01]);
    }

    #[test]
    fn signed_numbers_alternate() {
        for (value, unsigned) in [
            (0, 0),
            (-1, 1),
            (1, 2),
            (-2, 3),
            (0x7fff_ffff, 0xffff_fffe),
            (-0x8000_0000, 0xffff_ffff),
            (i64::MIN, u64::MAX),
        ] {
            assert_eq!(written(|out| push_signed(out, value)), written(|out| push_varint(out, unsigned)));
        }
    }

    #[test]
    fn lengths_of_all_sizes_precede_what_they_measure() {
        for len in [0, 1, 127, 128, 16_383, 16_384, 3_000_000] {
            let message = written(|out| push_message(out, 2, |out| out.extend(std::iter::repeat_n(7, len))));
            let head = written(|out| {
                out.push(0x12);
                push_varint(out, len as u64);
            });
            assert_eq!(message[..head.len()], head);
            assert_eq!(message.len(), head.len() + len);
            assert!(message[head.len()..].iter().all(|&byte| byte == 7));
        }
        assert_eq!(written(|out| push_text(out, 2, "testing")), *b"\x12\x07testing");
    }
}
