use super::LintRule;
use crate::{CatalogueEntry, MetricKind};

/// What a name ends in is read as a sample of this kind.
const SUFFIXES: [(&str, Option<MetricKind>); 6] = [
    ("total", Some(MetricKind::Counter)),
    ("info", Some(MetricKind::Info)),
    ("bucket", None),
    ("count", None),
    ("sum", None),
    ("created", None),
];

const KINDS: [&str; 5] = ["counter", "gauge", "histogram", "summary", "untyped"];

pub(super) fn check(entry: &CatalogueEntry, find: &mut dyn FnMut(LintRule, String)) {
    let name = entry.family.as_str();
    if name.contains(|c: char| c.is_ascii_uppercase()) {
        let message = format!("names are in snake case: write `{}`", snake_case(name));
        find(LintRule::SnakeCase, message);
    }
    if name.starts_with('_') || name.ends_with('_') || name.contains("__") {
        find(
            LintRule::Underscores,
            "an underscore stands alone, between two words: drop the others".to_owned(),
        );
    }
    if name.contains(':') {
        let message = "colons are for the recording rules of a server: write `_` for them".to_owned();
        find(LintRule::Colon, message);
    }
    if let Some(kind) = name.split('_').find(|word| KINDS.contains(word)) {
        let message =
            format!("`{kind}` is a kind of metric, which every exposition tells: drop it from the name");
        find(LintRule::KindInName, message);
    }
    let last = name.rsplit('_').next().unwrap_or(name);
    // A counter `total` is not one of another kind: its suffix has been taken for the whole name.
    if let Some((suffix, _)) =
        SUFFIXES.iter().find(|(suffix, kind)| *suffix == last && *kind != Some(entry.kind) && last != name)
    {
        let kind = match *suffix {
            "total" => "a counter",
            "info" => "an info",
            _ => "a histogram",
        };
        let message = format!("`_{suffix}` ends the samples of {kind}: end the name in another word");
        find(LintRule::ReservedSuffix, message);
    }
}

/// The name with its capitals made small, each at the start of a word.
pub(super) fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    let mut before = '_';
    for c in name.chars() {
        if c.is_ascii_uppercase() && before.is_ascii_lowercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
        before = c;
    }
    snake
}
