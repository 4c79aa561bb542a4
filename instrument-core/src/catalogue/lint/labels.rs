use super::LintRule;
use super::names::snake_case;
use crate::CatalogueEntry;

pub(super) fn check(entry: &CatalogueEntry, find: &mut dyn FnMut(LintRule, String)) {
    let own = entry.labels.iter().filter(|label| !entry.is_of_states(label)).map(|label| label.name.as_str());
    let constant = entry.constant_labels.iter().map(|(name, _)| name.as_str());
    for label in own.chain(constant) {
        if label.contains(|c: char| c.is_ascii_uppercase()) {
            let message = format!("label `{label}`: names are in snake case: write `{}`", snake_case(label));
            find(LintRule::SnakeCase, message);
        }
        let rest = label.strip_prefix(entry.family.as_str());
        if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('_')) {
            let message = format!(
                "label `{label}` begins with the name of the metric: rename it to what it tells apart"
            );
            find(LintRule::LabelRepeatsMetric, message);
        }
        let by = format!("_by_{label}_");
        if format!("{}_", entry.family).contains(&by) {
            let by = by.trim_end_matches('_');
            let message = format!("the label `{label}` says what `{by}` does: drop that from the name");
            find(LintRule::MetricRepeatsLabel, message);
        }
    }
}
