use super::LintRule;
use crate::CatalogueEntry;

/// The most series of one metric that a server should be asked to read at each scrape: a hundred times what a family has room for unless it is set.
const MAX_SERIES: usize = 1_000_000;

pub(super) fn check(entry: &CatalogueEntry, find: &mut dyn FnMut(LintRule, String)) {
    if entry.help.trim().is_empty() {
        find(LintRule::MissingHelp, "there is no help text: say in a sentence what it counts".to_owned());
    }
    let room = entry.max_series;
    if let Some(sets) = entry.known_sets().filter(|sets| *sets > room) {
        let message = format!(
            "there are {sets} sets of its labels and room for {room}, so some go to the overflow: raise `max_series`, or drop a label"
        );
        find(LintRule::Cardinality, message);
    }
    let series = entry.series_at_most();
    if series > MAX_SERIES {
        let message = format!(
            "it may have {series} series, more than {MAX_SERIES}: lower `max_series`, or drop a label"
        );
        find(LintRule::Cardinality, message);
    }
}
