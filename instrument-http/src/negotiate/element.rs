//! Lists in headers: `text/plain;version=0.0.4;q=0.5, */*;q=0.1`.

use std::borrow::Cow;

use http::{HeaderMap, HeaderName};

/// An element of a list: what is accepted, and how gladly.
#[derive(Debug)]
pub(super) struct Element<'h> {
    pub(super) value: &'h str,
    /// In thousandths. Zero is a refusal.
    pub(super) quality: u16,
    parameters: &'h str,
}

impl<'h> Element<'h> {
    /// All elements of the headers of a name, in their order. Those with a quality that is none are left out.
    pub(super) fn all(headers: &'h HeaderMap, name: &HeaderName) -> impl Iterator<Item = Self> {
        let texts = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
        texts.flat_map(|text| split(text, b',')).filter_map(Self::parse)
    }

    fn parse(text: &'h str) -> Option<Self> {
        let value = split(text, b';').next()?;
        let parameters = text.get(value.len()..)?.trim_start_matches(';');
        let mut element = Self { value: value.trim(), quality: 1000, parameters };
        if let Some(quality) = element.parameter("q") {
            element.quality = parse_quality(&quality)?;
        }
        (!element.value.is_empty()).then_some(element)
    }

    /// The value of a parameter, without its quotes.
    pub(super) fn parameter(&self, name: &str) -> Option<Cow<'h, str>> {
        let mut parameters = split(self.parameters, b';').filter_map(|parameter| parameter.split_once('='));
        let (_, value) = parameters.find(|(other, _)| other.trim().eq_ignore_ascii_case(name))?;
        Some(unquoted(value.trim()))
    }
}

/// The parts between a delimiter that stands in no quotes.
fn split(text: &str, delimiter: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let part = rest?;
        let (mut is_quoted, mut is_escaped) = (false, false);
        let end = part.bytes().position(|byte| {
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' if is_quoted => is_escaped = true,
                b'"' => is_quoted = !is_quoted,
                _ => {}
            }
            byte == delimiter && !is_quoted
        });
        rest = end.and_then(|end| part.get(end + 1..));
        part.get(..end.unwrap_or(part.len()))
    })
}

fn unquoted(value: &str) -> Cow<'_, str> {
    let inner = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    match inner {
        Some(inner) if inner.contains('\\') => {
            let mut escaped = false;
            let plain = inner.chars().filter(|&c| {
                escaped = c == '\\' && !escaped;
                !escaped
            });
            Cow::Owned(plain.collect())
        }
        _ => Cow::Borrowed(inner.unwrap_or(value)),
    }
}

/// From 0 to 1, with up to three digits behind the point.
fn parse_quality(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths: u16 = format!("{fraction:0<3}").parse().ok()?;
    match (whole, thousandths) {
        ("0", _) => Some(thousandths),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use http::header::ACCEPT;

    #[test]
    fn elements_have_values_qualities_and_parameters() {
        let mut headers = HeaderMap::new();
        headers.append(ACCEPT, HeaderValue::from_static(r#"a/b;X="1,;\"2";Q=0.25 , c/d;v = 1; q=0"#));
        headers.append(ACCEPT, HeaderValue::from_static(", ;q=1, e/f;q=2, g/h;q=0.1234, i/j;q=1.000"));
        let all: Vec<_> = Element::all(&headers, &ACCEPT).collect();
        let shown: Vec<_> = all.iter().map(|element| (element.value, element.quality)).collect();
        assert_eq!(shown, [("a/b", 250), ("c/d", 0), ("i/j", 1000)]);
        assert_eq!(all[0].parameter("x").as_deref(), Some(r#"1,;"2"#));
        assert_eq!(all[1].parameter("V").as_deref(), Some("1"));
        assert_eq!(all[1].parameter("x"), None);
    }

    #[test]
    fn qualities_are_from_0_to_1_in_thousandths() {
        for (text, quality) in [
            ("1", Some(1000)),
            ("1.", Some(1000)),
            ("0.", Some(0)),
            ("0.7", Some(700)),
            ("0.075", Some(75)),
            ("1.001", None),
            ("", None),
            ("-0.5", None),
            (".5", None),
            ("0.5e1", None),
            ("0.+5", None),
        ] {
            assert_eq!(parse_quality(text), quality, "{text:?}");
        }
    }
}
