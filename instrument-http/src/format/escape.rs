//! What the text formats put a backslash before.

/// Appends a label's value, to stand between double quotes.
pub(super) fn push_label_value(out: &mut Vec<u8>, value: &str) {
    push_escaped(out, value, |byte| matches!(byte, b'\\' | b'"' | b'\n'));
}

/// Appends a help text, to stand at the end of a line. Quotes stay as they are: Prometheus' own format has it so.
pub(super) fn push_help(out: &mut Vec<u8>, help: &str) {
    push_escaped(out, help, |byte| matches!(byte, b'\\' | b'\n'));
}

/// No byte of a longer UTF-8 sequence is one that is escaped, so the text can be taken byte by byte.
fn push_escaped(out: &mut Vec<u8>, text: &str, is_escaped: impl Fn(u8) -> bool) {
    let mut rest = text.as_bytes();
    while let Some(place) = rest.iter().position(|&byte| is_escaped(byte)) {
        let (plain, escaped) = rest.split_at(place);
        out.extend_from_slice(plain);
        out.extend_from_slice(match escaped[0] {
            b'\n' => b"\\n",
            b'"' => b"\\\"",
            _ => b"\\\\",
        });
        rest = &escaped[1..];
    }
    out.extend_from_slice(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(push: fn(&mut Vec<u8>, &str), text: &str) -> String {
        let mut out = Vec::new();
        push(&mut out, text);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn label_values_escape_backslash_quote_and_line_feed() {
        assert_eq!(written(push_label_value, "plain é ✓"), "plain é ✓");
        assert_eq!(written(push_label_value, "\"a\\b\"\n"), r#"\"a\\b\"\n"#);
        assert_eq!(written(push_label_value, r"\n"), r"\\n");
        assert_eq!(written(push_label_value, "\r\t\0"), "\r\t\0");
    }

    #[test]
    fn help_escapes_backslash_and_line_feed_but_no_quote() {
        assert_eq!(written(push_help, "one\ntwo \"three\" \\ four"), r#"one\ntwo "three" \\ four"#);
    }
}
