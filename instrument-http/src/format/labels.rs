//! Labels as all text formats write them.

use std::borrow::Cow;

use instrument_core::Series;

use super::escape::push_label_value;
use super::kept::kept;
use super::scheme::{EscapingScheme, NameKind};

/// All text formats write them in the same way.
struct LabelText;

/// The labels up to the closing brace, for a bucket has one more to add: `{method="GET",path="/"`. Nothing without labels.
#[inline]
pub(super) fn label_text<'s>(series: &Series<'s>, scheme: EscapingScheme) -> Cow<'s, [u8]> {
    kept::<LabelText>(series, scheme, |series| write(series.labels(), scheme))
}

fn write<'s>(labels: impl Iterator<Item = (&'s str, &'s str)>, scheme: EscapingScheme) -> Vec<u8> {
    let mut text = Vec::new();
    for (name, value) in labels {
        push_label(&mut text, name, value, scheme);
    }
    text
}

/// Appends a label to those that are there.
pub(super) fn push_label(text: &mut Vec<u8>, name: &str, value: &str, scheme: EscapingScheme) {
    text.push(if text.is_empty() { b'{' } else { b',' });
    let name = scheme.escape(name, NameKind::Label);
    if NameKind::Label.is_plain(&name) {
        text.extend_from_slice(name.as_bytes());
    } else {
        text.push(b'"');
        push_label_value(text, &name);
        text.push(b'"');
    }
    text.extend_from_slice(b"=\"");
    push_label_value(text, value);
    text.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_not_plain_is_escaped_or_stands_between_quotes() {
        let written = |scheme| {
            let labels = [("a", "1"), ("b.c", "2"), ("\"", "3")].into_iter();
            String::from_utf8(write(labels, scheme)).unwrap()
        };
        assert_eq!(written(EscapingScheme::Underscores), r#"{a="1",b_c="2",_="3""#);
        assert_eq!(written(EscapingScheme::Values), r#"{a="1",U__b_2e_c="2",U___22_="3""#);
        assert_eq!(written(EscapingScheme::AllowUtf8), r#"{a="1","b.c"="2","\""="3""#);
    }
}
