use super::LintRule;
use crate::{CatalogueEntry, MetricKind};

/// The units of Prometheus' "Base units".
const BASE: [&str; 12] = [
    "amperes", "bytes", "celsius", "grams", "joules", "kelvin", "meters", "metres", "ratio", "seconds",
    "volts", "watts",
];

const PREFIXES: [&str; 20] = [
    "pico", "nano", "micro", "milli", "centi", "deci", "deca", "hecto", "kilo", "kibi", "mega", "mebi",
    "giga", "gibi", "tera", "tebi", "peta", "pebi", "exa", "exbi",
];

/// Other units, and the base unit to use for them.
const OTHERS: [(&str, &str); 16] = [
    ("minutes", "seconds"),
    ("hours", "seconds"),
    ("days", "seconds"),
    ("weeks", "seconds"),
    ("bits", "bytes"),
    ("percent", "ratio"),
    ("percentage", "ratio"),
    ("kelvins", "kelvin"),
    ("fahrenheit", "celsius"),
    ("inches", "meters"),
    ("feet", "meters"),
    ("yards", "meters"),
    ("miles", "meters"),
    ("calories", "joules"),
    ("pounds", "grams"),
    ("ounces", "grams"),
];

const ABBREVIATIONS: [(&str, &str); 19] = [
    ("s", "seconds"),
    ("sec", "seconds"),
    ("secs", "seconds"),
    ("ms", "seconds"),
    ("msec", "seconds"),
    ("us", "seconds"),
    ("usec", "seconds"),
    ("ns", "seconds"),
    ("nsec", "seconds"),
    ("m", "seconds"),
    ("h", "seconds"),
    ("d", "seconds"),
    ("b", "bytes"),
    ("kb", "bytes"),
    ("mb", "bytes"),
    ("gb", "bytes"),
    ("tb", "bytes"),
    ("pb", "bytes"),
    ("pct", "ratio"),
];

pub(super) fn check(entry: &CatalogueEntry, find: &mut dyn FnMut(LintRule, String)) {
    if matches!(entry.kind, MetricKind::Info | MetricKind::StateSet) {
        return;
    }
    let words: Vec<&str> = entry.family.split('_').collect();
    for (position, word) in words.iter().enumerate() {
        let other = OTHERS.iter().find(|(unit, _)| unit == word).map(|(_, base)| *base);
        if let Some(base) = prefixed(word).or(other) {
            find(LintRule::BaseUnit, format!("`{word}` is no base unit: record `{base}`"));
        }
        // A unit stands behind what it measures.
        let short = ABBREVIATIONS.iter().find(|(short, _)| position > 0 && short == word);
        if let Some((_, unit)) = short {
            let message = format!("`{word}` is an abbreviation: record `{unit}`, and spell the unit out");
            find(LintRule::AbbreviatedUnit, message);
        }
    }
    let [_, .., last] = words.as_slice() else { return };
    if BASE.contains(last) && entry.unit.is_none() {
        let message =
            format!("the name ends in a unit that is not declared: register it with `.unit(\"{last}\")`");
        find(LintRule::UnitNotDeclared, message);
    }
}

/// The base unit in a word such as `milliseconds`.
fn prefixed(word: &str) -> Option<&'static str> {
    let is_of = |base: &str| word.strip_suffix(base).is_some_and(|prefix| PREFIXES.contains(&prefix));
    BASE.into_iter().find(|base| is_of(base))
}
