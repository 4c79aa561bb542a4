use std::fmt::{self, Display, Write as _};

/// Text in double quotes, with escapes for what is not printable. It is a scalar of YAML (1.2.2, sections 7.3.1 and 5.1) and a string of PromQL, which has
/// these escapes too and can so stand in YAML as it is.
#[derive(Debug)]
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        self.0.chars().try_for_each(|c| match c {
            '"' | '\\' => write!(f, "\\{c}"),
            // Not printable, or the end of a line in an older version.
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => {
                write!(f, "\\u{:04x}", u32::from(c))
            }
            _ if c.is_control() => write!(f, "\\u{:04x}", u32::from(c)),
            _ => f.write_char(c),
        })?;
        f.write_char('"')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_scalar_is_escaped() {
        let quoted = Quoted("a \"b\" \\ c: #\n\u{7f}\u{85}\u{2028}é😱").to_string();
        assert_eq!(quoted, "\"a \\\"b\\\" \\\\ c: #\\u000a\\u007f\\u0085\\u2028é😱\"");
    }
}
