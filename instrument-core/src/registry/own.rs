//! What a registry counts of its own reads.

use super::{Registration, Registry};
use crate::Counter;
use crate::label::Texts;

/// A counter of the library's own, registered when there is something to count.
pub(super) struct Own {
    name: &'static str,
    help: &'static str,
    labels: &'static [&'static str],
}

pub(super) const PANICS: Own = Own {
    name: "instrument_collector_panics",
    help: "Collectors, and functions of metrics, that panicked when they were asked: by type, or by metric.",
    labels: &["collector"],
};

pub(super) const SKIPPED: Own = Own {
    name: "instrument_collector_skipped",
    help: "What collectors emitted and no read can show, by the rule that it breaks.",
    labels: &["family", "reason"],
};

impl Registry {
    pub(super) fn count_own(&self, own: &Own, values: &[&str], count: u64) {
        let asked = Registration { labels: own.labels, own: true, ..Registration::new(own.name, own.help) };
        if let Ok(counters) = self.register::<Counter>(asked) {
            counters.with(&Texts(values)).inc_by(count);
        }
    }
}
