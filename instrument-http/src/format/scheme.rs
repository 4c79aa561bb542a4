use std::borrow::Cow;

/// What becomes of a name with characters outside ASCII's letters, digits and `_`, for scrapers that do not read such names.
///
/// A scraper asks for one by the parameter `escaping` of its `Accept` header. Names without such characters are the same under all schemes but
/// [`Dots`](Self::Dots). Others are taken by a registry with [`utf8_names`](instrument_core::RegistryBuilder::utf8_names).
///
/// ```
/// use instrument_core::Registry;
/// use instrument_http::{EscapingScheme, TextEncoder};
///
/// let registry = Registry::builder().utf8_names().build()?;
/// registry.gauge("jobs.open", "").register()?;
/// let text = |scheme| TextEncoder::new().escaping(scheme).encode(&registry);
/// assert_eq!(text(EscapingScheme::Underscores), "# TYPE jobs_open gauge\njobs_open 0\n");
/// assert_eq!(text(EscapingScheme::Dots), "# TYPE jobs_dot_open gauge\njobs_dot_open 0\n");
/// assert_eq!(text(EscapingScheme::Values), "# TYPE U__jobs_2e_open gauge\nU__jobs_2e_open 0\n");
/// assert_eq!(text(EscapingScheme::AllowUtf8), "# TYPE \"jobs.open\" gauge\n{\"jobs.open\"} 0\n");
/// # Ok::<(), instrument_core::Error>(())
/// ```
///
/// Source: the page "UTF-8 in Prometheus" of Prometheus' documentation, and where that differs `model/metric.go` of prometheus/common, which scrapers and
/// servers run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum EscapingScheme {
    /// Each such character is `_`. What a scraper gets that asks for nothing.
    #[default]
    Underscores,
    /// `.` is `_dot_`, `_` is `__`, and so is each other such character. The dots come back, whatever else there was does not.
    Dots,
    /// A name with such characters begins with `U__`; each of them is its code point in hexadecimal digits between underscores, and `_` is `__`. The
    /// whole name comes back.
    Values,
    /// Names stay as they are, between quotes where they need them.
    AllowUtf8,
}

/// What kind of name it is: in a metric's `:` is nothing special.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameKind {
    Metric,
    Label,
}

impl EscapingScheme {
    /// The scheme of this name in an `Accept` header.
    #[cfg(any(test, feature = "server"))]
    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Underscores, Self::Dots, Self::Values, Self::AllowUtf8]
            .into_iter()
            .find(|one| one.name() == name)
    }

    /// Its name in headers.
    #[cfg(any(test, feature = "server"))]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Underscores => "underscores",
            Self::Dots => "dots",
            Self::Values => "values",
            Self::AllowUtf8 => "allow-utf-8",
        }
    }

    /// The name as it is written, but for the quotes around what is not [plain](NameKind::is_plain).
    pub(super) fn escape(self, name: &str, kind: NameKind) -> Cow<'_, str> {
        match self {
            Self::AllowUtf8 => Cow::Borrowed(name),
            Self::Dots => Cow::Owned(replace(name, kind, |c, escaped| {
                escaped.push_str(if c == '.' { "_dot_" } else { "__" });
            })),
            _ if kind.is_plain(name) => Cow::Borrowed(name),
            Self::Underscores => Cow::Owned(
                name.char_indices().map(|(at, c)| if kind.takes(at, c) { c } else { '_' }).collect(),
            ),
            Self::Values => Cow::Owned(format!(
                "U__{}",
                replace(name, kind, |c, escaped| {
                    escaped.push_str(&if c == '_' {
                        "__".to_owned()
                    } else {
                        format!("_{:x}_", u32::from(c))
                    });
                })
            )),
        }
    }
}

/// Hands each character that is not plain, and each underscore, to `replaced`.
fn replace(name: &str, kind: NameKind, replaced: impl Fn(char, &mut String)) -> String {
    let mut escaped = String::with_capacity(name.len() + 8);
    for (at, c) in name.char_indices() {
        if c != '_' && kind.takes(at, c) { escaped.push(c) } else { replaced(c, &mut escaped) }
    }
    escaped
}

impl NameKind {
    /// Whether every parser reads the name without quotes.
    pub(crate) fn is_plain(self, name: &str) -> bool {
        !name.is_empty() && name.char_indices().all(|(at, c)| self.takes(at, c))
    }

    /// Whether a plain name can have the character at a byte.
    fn takes(self, at: usize, c: char) -> bool {
        c.is_ascii_alphabetic()
            || c == '_'
            || (c.is_ascii_digit() && at > 0)
            || (c == ':' && self == Self::Metric)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use EscapingScheme::{AllowUtf8, Dots, Underscores, Values};

    /// The results are those of `EscapeName` in prometheus/common.
    #[test]
    fn names_are_escaped_as_prometheus_does() {
        for (name, underscores, dots, values) in [
            ("plain_name", "plain_name", "plain__name", "plain_name"),
            ("no:escaping", "no:escaping", "no:escaping", "no:escaping"),
            ("http.status:sum", "http_status:sum", "http_dot_status:sum", "U__http_2e_status:sum"),
            ("label with 😱", "label_with__", "label__with____", "U__label_20_with_20__1f631_"),
            ("1st", "_st", "__st", "U___31_st"),
            ("a_b.c", "a_b_c", "a__b_dot_c", "U__a__b_2e_c"),
            ("é", "_", "__", "U___e9_"),
        ] {
            let escaped = |scheme: EscapingScheme| scheme.escape(name, NameKind::Metric).into_owned();
            assert_eq!(escaped(Underscores), underscores);
            assert_eq!(escaped(Dots), dots);
            assert_eq!(escaped(Values), values);
            assert_eq!(escaped(AllowUtf8), name);
        }
    }

    /// Only such names can be registered, so that no page has two families of one name. Others collide: `a.b` and `a_b`, by underscores.
    #[test]
    fn no_two_plain_names_are_escaped_to_the_same() {
        let mut names = vec![String::new()];
        for length in 0..5 {
            let longer = |name: &String| ["_", "a", "U", ":", "1"].map(|next| format!("{name}{next}"));
            let longer: Vec<_> = names.iter().filter(|name| name.len() == length).flat_map(longer).collect();
            names.extend(longer);
        }
        names.retain(|name| NameKind::Metric.is_plain(name));
        for scheme in [AllowUtf8, Dots, Underscores, Values] {
            let escaped: std::collections::HashSet<_> =
                names.iter().map(|name| scheme.escape(name, NameKind::Metric)).collect();
            assert_eq!(escaped.len(), names.len(), "{scheme:?}");
        }
    }

    #[test]
    fn what_is_escaped_needs_no_quotes() {
        for name in ["", "é", "a.b", "0", "a b", "\"", "\n", "{}"] {
            for kind in [NameKind::Metric, NameKind::Label] {
                assert!(!kind.is_plain(name), "{name:?}");
                for scheme in [Underscores, Dots, Values] {
                    let escaped = scheme.escape(name, kind);
                    assert!(name.is_empty() || kind.is_plain(&escaped), "{name:?}: {escaped:?}");
                }
            }
        }
    }

    #[test]
    fn a_colon_is_plain_in_the_name_of_a_metric_alone() {
        assert!(NameKind::Metric.is_plain("job:rate"));
        assert_eq!(Underscores.escape("job:rate", NameKind::Label), "job_rate");
    }

    #[test]
    fn each_scheme_is_found_by_its_name() {
        for scheme in [Underscores, Dots, Values, AllowUtf8] {
            assert_eq!(EscapingScheme::named(scheme.name()), Some(scheme));
        }
        assert_eq!(EscapingScheme::named("Dots"), None);
    }
}
