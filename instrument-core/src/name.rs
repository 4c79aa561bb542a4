//! Names that expositions can carry.
//!
//! The rules are those of the Prometheus data model: `[a-zA-Z_:][a-zA-Z0-9_:]*` for metrics, `[a-zA-Z_][a-zA-Z0-9_]*` for labels,
//! where `__` at the start is reserved for the server's own use. A registry can be made to take any UTF-8 instead, as Prometheus does since its version 3.

use std::borrow::Cow;

use crate::description::{Description, MetricKind};
use crate::error::Error;

/// Which characters names can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Characters {
    /// Those that every parser reads.
    #[default]
    Plain,
    /// All.
    Utf8,
}

/// Checks a family's name and brings it into its one spelling: with the unit, without the suffix of its kind.
pub(crate) fn describe(
    characters: Characters,
    prefix: Option<&str>,
    given_name: &str,
    help: &str,
    unit: Option<&str>,
    kind: MetricKind,
) -> Result<Description, Error> {
    let full = match prefix {
        Some(prefix) => format!("{prefix}_{given_name}"),
        None => given_name.to_owned(),
    };
    if let Err(rule) = check_metric_name(characters, &full).and(check_metric_name(characters, given_name)) {
        return Err(Error::InvalidName { name: full, rule });
    }
    if kind == MetricKind::StateSet && full.contains(':') {
        let rule = "it is the name of a state set, where `:` can stand, and of its label, where it cannot: write `_`";
        return Err(Error::InvalidLabel { metric: Some(full.clone()), label: full, rule });
    }
    if let Some(unit) = unit {
        check_unit(unit, kind).map_err(|rule| Error::InvalidUnit {
            metric: full.clone(),
            unit: unit.to_owned(),
            rule,
        })?;
    }
    let mut name = kind.without_suffix(&full);
    if let Some(unit) = unit {
        name = without_unit(name, unit);
    }
    if name.is_empty() {
        return Err(Error::InvalidName { name: full, rule: "there must be more to it than its suffix" });
    }
    let name = match unit {
        Some(unit) => format!("{name}_{unit}"),
        None => name.to_owned(),
    };
    Ok(Description {
        given_name: given_name.to_owned(),
        name,
        help: help.to_owned(),
        unit: unit.map(str::to_owned),
        kind,
    })
}

fn without_unit<'n>(name: &'n str, unit: &str) -> &'n str {
    name.strip_suffix(unit).and_then(|rest| rest.strip_suffix('_')).unwrap_or(name)
}

/// The names that a family's samples have in one format or another, the family's own first: as they are for a scraper that reads plain names alone.
pub(crate) fn sample_names(family: &str, kind: MetricKind) -> Vec<String> {
    let family = plain_metric(family);
    let suffixes: &[&str] = match kind {
        MetricKind::Counter => &["", "_total", "_created"],
        MetricKind::Gauge | MetricKind::UpDownCounter | MetricKind::StateSet => &[""],
        MetricKind::Histogram => &["", "_bucket", "_sum", "_count", "_created"],
        MetricKind::Info => &["", "_info"],
    };
    suffixes.iter().map(|suffix| format!("{family}{suffix}")).collect()
}

/// The name of a metric with an underscore for each character that not every parser reads.
fn plain_metric(name: &str) -> Cow<'_, str> {
    plain(name, |c| is_word(c) || c == ':')
}

/// The same for the name of a label.
pub(crate) fn plain_label(name: &str) -> Cow<'_, str> {
    plain(name, is_word)
}

fn plain(name: &str, takes: impl Fn(char) -> bool) -> Cow<'_, str> {
    let is_plain = |(at, c): (usize, char)| takes(c) && !(at == 0 && c.is_ascii_digit());
    if name.char_indices().all(is_plain) {
        return Cow::Borrowed(name);
    }
    Cow::Owned(name.char_indices().map(|(at, c)| if is_plain((at, c)) { c } else { '_' }).collect())
}

/// Whether all names of labels are such that every parser reads them.
pub(crate) fn are_plain(constant: &[(String, String)], names: &[String]) -> bool {
    let mut all = constant.iter().map(|(name, _)| name).chain(names);
    all.all(|name| matches!(plain_label(name), Cow::Borrowed(_)))
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

pub(crate) fn check_metric_name(characters: Characters, name: &str) -> Result<(), &'static str> {
    let Some(first) = name.chars().next() else {
        return Err("it is empty: give it a name such as `requests`");
    };
    if characters == Characters::Utf8 {
        Ok(())
    } else if first.is_ascii_digit() {
        Err("it starts with a digit: start with a letter")
    } else if name.chars().all(|c| is_word(c) || c == ':') {
        Ok(())
    } else {
        Err(
            "only ASCII letters, digits, `_` and `:` can stand in it: write `_` for the others, or let the registry have `utf8_names`",
        )
    }
}

fn check_unit(unit: &str, kind: MetricKind) -> Result<(), &'static str> {
    if matches!(kind, MetricKind::Info | MetricKind::StateSet) {
        Err("neither an info nor a state set has one: leave it out")
    } else if unit.is_empty() {
        Err("it is empty: leave `unit` out for a number without unit")
    } else if unit.chars().all(is_word) && !unit.starts_with('_') {
        if unit == "total" || unit.ends_with("_total") {
            Err("`total` marks a counter and is no unit: leave it out")
        } else {
            Ok(())
        }
    } else {
        Err(
            "it ends the name, so only ASCII letters, digits and `_` can stand in it: write `seconds`, `bytes` or `ratio`",
        )
    }
}

/// Checks the names of a label set, against each other and against the registry's constant labels too.
pub(crate) fn check_labels(
    characters: Characters,
    metric: Option<&str>,
    names: &[&str],
    constant: &[(String, String)],
) -> Result<(), Error> {
    for (index, &label) in names.iter().enumerate() {
        let is_same = |other: &str| plain_label(other) == plain_label(label);
        let rule = if let Err(rule) = check_label_name(characters, label) {
            rule
        } else if names[..index].contains(&label) {
            "it is there twice: rename one of the two"
        } else if names[..index].iter().any(|other| is_same(other)) {
            "another has the same name with `_` for what not every scraper reads: rename one of the two"
        } else if constant.iter().any(|(name, _)| is_same(name)) {
            "the registry has a constant label of this name: rename one of the two"
        } else {
            continue;
        };
        return Err(Error::InvalidLabel { metric: metric.map(str::to_owned), label: label.to_owned(), rule });
    }
    Ok(())
}

/// The most states of a state set: one bit each.
pub(crate) const MAX_STATES: usize = 64;

/// Checks the names of a state set's states, each of which is the value of a label.
pub(crate) fn check_states(names: &[Box<str>]) -> Result<(), &'static str> {
    if names.is_empty() {
        Err("there are none: give it at least one")
    } else if names.len() > MAX_STATES {
        Err("there are more than 64: make it a gauge with a label")
    } else if names.iter().any(|name| name.is_empty()) {
        Err("one has an empty name, which no label can show: give it one, or leave out the `Option`")
    } else if (1..names.len()).any(|index| names[..index].contains(&names[index])) {
        Err("two have the same name: rename one of them")
    } else {
        Ok(())
    }
}

pub(crate) fn check_label_name(characters: Characters, label: &str) -> Result<(), &'static str> {
    match label {
        "" => Err("it is empty: give it a name such as `method`"),
        "le" => Err("`le` is reserved for the upper bound of a bucket: rename it"),
        "quantile" => Err("`quantile` is reserved for summaries: rename it"),
        _ if label.starts_with("__") => {
            Err("names that start with `__` are reserved for the server: drop an underscore")
        }
        _ if plain_label(label).starts_with("__") => Err(
            "with `_` for what not every scraper reads it starts with `__`, which is reserved for the server: start with a letter",
        ),
        _ if characters == Characters::Utf8 => Ok(()),
        _ if label.starts_with(|c: char| c.is_ascii_digit()) => {
            Err("it starts with a digit: start with a letter")
        }
        _ if label.chars().all(is_word) => Ok(()),
        _ => Err(
            "only ASCII letters, digits and `_` can stand in it: write `_` for the others, or let the registry have `utf8_names`",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(given: &str, unit: Option<&str>, kind: MetricKind) -> String {
        describe(Characters::Plain, None, given, "", unit, kind).unwrap().exposed_name()
    }

    #[test]
    fn suffixes_are_appended_once() {
        for given in ["sent", "sent_total", "sent_bytes", "sent_bytes_total"] {
            assert_eq!(name(given, Some("bytes"), MetricKind::Counter), "sent_bytes_total");
        }
        for given in ["fill", "fill_ratio"] {
            assert_eq!(name(given, Some("ratio"), MetricKind::Gauge), "fill_ratio");
        }
        for given in ["build", "build_info"] {
            assert_eq!(name(given, None, MetricKind::Info), "build_info");
        }
        assert_eq!(name("total", None, MetricKind::Counter), "total_total");
        assert_eq!(name("info", None, MetricKind::Info), "info_info");
        assert_eq!(name("kilobytes", Some("bytes"), MetricKind::Gauge), "kilobytes_bytes");
    }

    #[test]
    fn names_that_no_exposition_carries_are_refused() {
        for bad in ["", "1st", "with space", "dot.ted", "é", "new\nline", "_total"] {
            let error = describe(Characters::Plain, None, bad, "", None, MetricKind::Counter).unwrap_err();
            assert!(matches!(&error, Error::InvalidName { name, .. } if name == bad), "{error}");
        }
        assert!(describe(Characters::Plain, Some("app"), "", "", None, MetricKind::Gauge).is_err());
        assert!(describe(Characters::Plain, Some("app"), "1st", "", None, MetricKind::Gauge).is_err());
        assert!(describe(Characters::Plain, None, "a", "", Some("per second"), MetricKind::Gauge).is_err());
        assert!(describe(Characters::Plain, None, "a", "", Some("bytes"), MetricKind::Info).is_err());
        assert!(describe(Characters::Plain, None, "a", "", Some("bytes"), MetricKind::StateSet).is_err());
    }

    #[test]
    fn reserved_and_double_labels_are_refused() {
        for bad in ["", "le", "quantile", "__name__", "9lives", "a-b", "ü"] {
            assert!(check_labels(Characters::Plain, Some("m"), &[bad], &[]).is_err(), "{bad}");
        }
        assert!(check_labels(Characters::Plain, Some("m"), &["a", "a"], &[]).is_err());
        assert!(
            check_labels(Characters::Plain, Some("m"), &["a"], &[("a".to_owned(), String::new())]).is_err()
        );
        assert!(check_labels(Characters::Plain, Some("m"), &["a", "_b", "c_1"], &[]).is_ok());
    }

    #[test]
    fn a_name_of_any_characters_is_known_by_its_plain_form() {
        let utf8 = |given, kind| describe(Characters::Utf8, None, given, "", None, kind);
        assert_eq!(utf8("http.größe", MetricKind::Counter).unwrap().exposed_name(), "http.größe_total");
        assert!(utf8("", MetricKind::Counter).is_err());
        assert!(utf8("door:open", MetricKind::StateSet).is_err());
        assert_eq!(sample_names("1st.é:a", MetricKind::Gauge), ["_st__:a"]);
        assert!(!are_plain(&[], &["a:b".to_owned()]) && are_plain(&[], &["a_b".to_owned()]));
        let check = |labels: &[&str]| {
            check_labels(Characters::Utf8, None, labels, &[("a_b".to_owned(), String::new())])
        };
        assert!(check(&["http.method", "größe"]).is_ok());
        assert!(check(&["a:c"]).is_ok());
        for bad in [
            &["http.method", "http_method"][..],
            &["a:c", "a_c"],
            &["a.b"],
            &[""],
            &["__a"],
            &["--a"],
            &["é_a"],
            &["le"],
        ] {
            assert!(check(bad).is_err(), "{bad:?}");
        }
    }
}
