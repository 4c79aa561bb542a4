//! Names as the server will keep them.
//!
//! The daemon replaces or drops what it does not know in a name, and reads `:`, `|` and newlines as its own marks. What comes out of
//! here it takes as it is: letters, digits, `_`, `-`, `.` between the nodes of a path, and `;` and `=` where they are Graphite's
//! marks of a tag, as in `requests;route=home`.

/// What becomes of a byte. Each is a bit of its own, so that those of a whole name can be put together.
#[derive(Clone, Copy, PartialEq)]
#[repr(u8)]
enum Fate {
    Kept = 0,
    /// `.`, which separates nodes.
    Separator = SEPARATOR,
    /// `;` and `=`: they mark Graphite's tags behind a path, and are nothing special in it.
    TagMark = 1 << 1,
    /// `/` becomes `-`, as in the daemon.
    Slash = 1 << 2,
    /// White space becomes `_`, once for all that stands together, as in the daemon.
    Space = 1 << 3,
    /// Anything else becomes `_`. The daemon would drop it, and more names would become the same.
    Replaced = 1 << 4,
    /// The second and later bytes of a character that was replaced.
    Continuation = 1 << 5,
}

const SEPARATOR: u8 = 1 << 0;

const FATES: [Fate; 256] = {
    let mut fates = [Fate::Replaced; 256];
    let mut byte = 0;
    while byte < 256 {
        fates[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' => Fate::Kept,
            b'.' => Fate::Separator,
            b';' | b'=' => Fate::TagMark,
            b'/' => Fate::Slash,
            b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => Fate::Space,
            0x80..=0xbf => Fate::Continuation,
            _ => Fate::Replaced,
        };
        byte += 1;
    }
    fates
};

fn fate(byte: u8) -> Fate {
    FATES[usize::from(byte)]
}

/// Appends a name, a path of nodes; empty nodes are left out. Says whether anything was left of it.
pub(super) fn write_name(out: &mut Vec<u8>, name: &str) -> bool {
    if is_clean(name) {
        out.extend_from_slice(name.as_bytes());
        return true;
    }
    let start = out.len();
    let mut previous = Fate::Separator;
    for byte in name.bytes() {
        let fate = fate(byte);
        match fate {
            Fate::Kept => out.push(byte),
            Fate::Separator if previous == Fate::Separator => {}
            Fate::Separator => out.push(b'.'),
            _ => write_replacement(out, fate, previous),
        }
        previous = fate;
    }
    if out.len() > start && out.last() == Some(&b'.') {
        out.pop();
    }
    out.len() > start
}

/// The same for a name that can have Graphite's tags behind it: `;key=value`, none of them empty. Other `;` and `=` become `_`.
pub(super) fn write_tagged_name(out: &mut Vec<u8>, name: &str) -> bool {
    if is_clean(name) {
        out.extend_from_slice(name.as_bytes());
        return true;
    }
    let is_tag =
        |text: &str| text.split_once('=').is_some_and(|(key, value)| !key.is_empty() && !value.is_empty());
    match name.split_once(';') {
        Some((path, tags)) if tags.split(';').all(is_tag) => {
            let written = write_name(out, path);
            if written {
                write_tags(out, tags);
            }
            written
        }
        _ => write_name(out, name),
    }
}

fn write_tags(out: &mut Vec<u8>, tags: &str) {
    out.push(b';');
    let mut previous = Fate::TagMark;
    for byte in tags.bytes() {
        let fate = fate(byte);
        match fate {
            Fate::Kept | Fate::TagMark | Fate::Separator => out.push(byte),
            _ => write_replacement(out, fate, previous),
        }
        previous = fate;
    }
}

/// Whether a name can stay as it is. Most can, and looking costs less than writing byte by byte: what bytes are is put together first, without
/// a branch for each.
fn is_clean(name: &str) -> bool {
    let bytes = name.as_bytes();
    match bytes.iter().fold(0, |found, &byte| found | fate(byte) as u8) {
        0 => !bytes.is_empty(),
        SEPARATOR => has_nodes_alone(bytes),
        _ => false,
    }
}

/// Whether no node between the separators is empty.
fn has_nodes_alone(path: &[u8]) -> bool {
    let inner = path.windows(2).all(|pair| pair != b"..");
    inner && path.first() != Some(&b'.') && path.last() != Some(&b'.')
}

/// Appends a text as one node of a path: `.` becomes `_` too.
pub(crate) fn write_node(out: &mut Vec<u8>, text: &str) {
    let mut previous = Fate::Kept;
    for byte in text.bytes() {
        let fate = fate(byte);
        match fate {
            Fate::Kept => out.push(byte),
            Fate::Separator => out.push(b'_'),
            _ => write_replacement(out, fate, previous),
        }
        previous = fate;
    }
}

fn write_replacement(out: &mut Vec<u8>, fate: Fate, previous: Fate) {
    match fate {
        Fate::Slash => out.push(b'-'),
        Fate::Space if previous == Fate::Space => {}
        Fate::Continuation => {}
        _ => out.push(b'_'),
    }
}

/// Appends a text that is not a name: all of it but the marks of the protocol.
pub(super) fn write_text(out: &mut Vec<u8>, text: &str) {
    out.extend(text.bytes().map(|byte| if matches!(byte, b':' | b'|' | ..b' ') { b'_' } else { byte }));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(given: &str) -> String {
        let mut out = Vec::new();
        assert_eq!(write_tagged_name(&mut out, given), !out.is_empty());
        String::from_utf8(out).unwrap()
    }

    fn node(text: &str) -> String {
        let mut out = Vec::new();
        write_node(&mut out, text);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn good_names_stay_as_they_are() {
        for good in ["foo", "stats.timed", "a-b_c.9", "requests;route=home", "A"] {
            assert_eq!(name(good), good);
        }
    }

    #[test]
    fn marks_of_the_protocol_and_what_the_daemon_drops_are_replaced() {
        assert_eq!(name("a:b|c@d#e"), "a_b_c_d_e");
        assert_eq!(name("a\nb:1|c"), "a_b_1_c");
        assert_eq!(name("two  words\tmore"), "two_words_more");
        assert_eq!(name("/quotes/{id}"), "-quotes-_id_");
        assert_eq!(name("größe"), "gr__e");
        assert_eq!(name("\0"), "_");
    }

    #[test]
    fn empty_nodes_are_left_out() {
        assert_eq!(name(".a..b."), "a.b");
        assert_eq!(name("..."), "");
        assert_eq!(name(""), "");
    }

    #[test]
    fn the_marks_of_a_tag_are_kept_where_it_is_well_formed() {
        assert_eq!(name("requests;route=home;code=2.0"), "requests;route=home;code=2.0");
        assert_eq!(name(".requests.;route=/a b|=c"), "requests;route=-a_b_=c");
        for bad in ["a;", "a;b", "a;=c", "a;b=", "a;b=c;", "a;b=c;;d=e"] {
            assert_eq!(name(bad), bad.replace([';', '='], "_"));
        }
        assert_eq!(name("a=b"), "a_b");
        assert_eq!(name(";a=b"), "");
        assert_eq!(name("..;a=b"), "");
    }

    #[test]
    fn a_node_has_no_separator_and_no_tag() {
        assert_eq!(node("127.0.0.1:80"), "127_0_0_1_80");
        assert_eq!(node("a;b=c"), "a_b_c");
        assert_eq!(node("stale-hit"), "stale-hit");
        assert_eq!(node("日本"), "__");
    }
}
