use std::fmt;

use super::{LintFinding, LintRule, help_and_size, labels, names, units};
use crate::{Catalogue, CatalogueEntry};

/// What the naming rules of Prometheus and OpenMetrics have to say about the metrics of a [`Catalogue`].
///
/// A test of yours can hold all metrics to the rules:
///
/// ```
/// use instrument_core::{Registry, LintRule};
///
/// let registry = Registry::new();
/// registry.counter("sent", "Bytes sent.").unit("bytes").register()?;
/// registry.gauge("cache:fill", "Share of the cache in use.").unit("ratio").register()?;
///
/// let lint = registry.catalogue().lint();
/// assert!(!lint.is_clean());
/// assert_eq!(lint.findings().len(), 1);
/// assert_eq!(lint.findings()[0].rule, LintRule::Colon);
///
/// // What cannot be changed any more can be allowed.
/// lint.allow(|finding| finding.metric == "cache:fill_ratio").assert_clean();
/// # Ok::<(), instrument_core::Error>(())
/// ```
///
/// What a registry refuses needs no rule here, and a counter always has its `_total`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[must_use = "a lint only finds: look at it, or call `assert_clean`"]
pub struct Lint {
    findings: Vec<LintFinding>,
}

impl Lint {
    pub(in crate::catalogue) fn of(catalogue: &Catalogue) -> Self {
        let mut lint = Self::default();
        for entry in catalogue.entries() {
            names::check(entry, &mut |rule, message| lint.add(entry, rule, message));
            units::check(entry, &mut |rule, message| lint.add(entry, rule, message));
            labels::check(entry, &mut |rule, message| lint.add(entry, rule, message));
            help_and_size::check(entry, &mut |rule, message| lint.add(entry, rule, message));
        }
        lint
    }

    fn add(&mut self, entry: &CatalogueEntry, rule: LintRule, message: String) {
        // A family can have several entries, with the same to be said of each.
        let is_new = !self.findings.iter().any(|finding| {
            finding.metric == entry.name && finding.rule == rule && finding.message == message
        });
        if is_new {
            let (metric, defined_at) = (entry.name.clone(), entry.defined_at.clone());
            self.findings.push(LintFinding { metric, rule, message, defined_at });
        }
    }

    /// What was found, in the order of the metrics.
    #[must_use]
    pub fn findings(&self) -> &[LintFinding] {
        &self.findings
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    /// Leaves out the findings of which `is_allowed` says so.
    pub fn allow(mut self, is_allowed: impl Fn(&LintFinding) -> bool) -> Self {
        self.findings.retain(|finding| !is_allowed(finding));
        self
    }

    /// Makes a test fail, with all that was found in the message.
    ///
    /// # Panics
    ///
    /// When something was found.
    #[track_caller]
    pub fn assert_clean(&self) {
        assert!(self.is_clean(), "there is something to make better about the metrics:\n{self}");
    }
}

impl fmt::Display for Lint {
    /// One finding a line; nothing for none.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.findings.iter().try_for_each(|finding| writeln!(f, "{finding}"))
    }
}
