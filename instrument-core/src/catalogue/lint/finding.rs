use std::fmt;
use std::panic::Location;

/// Something to make better, found by a [`Lint`](crate::Lint).
///
/// It shows the metric, the first line that asks for it, what there is to say and the way out, and the rule.
///
/// ```
/// use instrument_core::{LintRule, Registry};
///
/// let registry = Registry::new();
/// registry.gauge("load", "").register()?;
///
/// let lint = registry.catalogue().lint();
/// let finding = &lint.findings()[0];
/// assert_eq!((finding.metric.as_str(), finding.rule), ("load", LintRule::MissingHelp));
/// assert!(finding.to_string().starts_with("load ("));
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LintFinding {
    /// The metric's name, as the Prometheus text format shows it.
    pub metric: String,
    /// The rule that it breaks.
    pub rule: LintRule,
    /// What there is to say, and the way out.
    pub message: String,
    /// The lines that ask for the metric, sorted.
    pub defined_at: Vec<&'static Location<'static>>,
}

/// A rule that a [`Lint`](crate::Lint) knows.
///
/// ```
/// use instrument_core::{LintRule, Registry};
///
/// let registry = Registry::new();
/// registry.gauge("queueLength", "Items that wait.").register()?;
///
/// // A team that has other names everywhere leaves a rule out.
/// let lint = registry.catalogue().lint();
/// lint.allow(|finding| finding.rule == LintRule::SnakeCase).assert_clean();
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LintRule {
    /// A metric has a help text.
    MissingHelp,
    /// Names of metrics and labels have small letters only.
    SnakeCase,
    /// A name has single underscores, between words.
    Underscores,
    /// A colon is kept for the recording rules of a server.
    Colon,
    /// The name does not tell the kind of the metric.
    KindInName,
    /// The name does not end in what samples of another kind end in, such as `_count` or `_bucket`.
    ReservedSuffix,
    /// A unit is spelled out: `seconds`, not `s`.
    AbbreviatedUnit,
    /// A unit is a base unit: `seconds`, not `milliseconds`, and a `ratio`, not a `percent`.
    BaseUnit,
    /// A unit that the name ends in is registered as the unit.
    UnitNotDeclared,
    /// A label's name does not begin with that of the metric.
    LabelRepeatsMetric,
    /// The metric's name does not say `_by_` what it has a label for.
    MetricRepeatsLabel,
    /// A family has room for all sets of its labels where their values are known, and for no more than 1,000,000.
    Cardinality,
}

impl fmt::Display for LintFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.metric)?;
        if let Some(line) = self.defined_at.first() {
            write!(f, " ({}:{})", line.file(), line.line())?;
        }
        write!(f, ": {} [{:?}]", self.message, self.rule)
    }
}
