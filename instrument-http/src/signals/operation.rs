use instrument_core::{CatalogueEntry, Snapshot};

use super::shape::Shape;
use super::{Scope, labels_of};

/// Something that is done again and again, with rate, errors and duration: functions under the attribute, a RED preset, the routes of a web service, the methods of
/// gRPC, what a client asks others for.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    /// The part that the names of its families begin with, such as `function`.
    pub(crate) name: String,
    /// What tells one from another, such as `function` and `module`.
    pub(crate) labels: Vec<String>,
    /// Counts those that are under way.
    pub(crate) in_flight: Option<InFlight>,
    pub(crate) objectives: Option<Objectives>,
    /// The histogram's name.
    durations: String,
    /// Whether the histogram has native buckets alone.
    is_native: bool,
    /// A matcher of what went wrong.
    errors: &'static str,
}

/// A gauge of its own, with labels of its own.
#[derive(Debug, Clone)]
pub(crate) struct InFlight {
    name: String,
    pub(crate) labels: Vec<String>,
}

/// What `slo(..)` shows of a family of functions.
#[derive(Debug, Clone)]
pub(crate) struct Objectives {
    /// The gauge with the targets.
    pub(crate) name: String,
    /// Whether a function has one of success.
    pub(crate) success: bool,
    /// The thresholds of latency, in seconds as a bucket's `le` spells them.
    pub(crate) thresholds: Vec<String>,
}

impl Operation {
    /// The operation whose durations a family has, if it is of that shape.
    pub(super) fn of<'c>(
        entry: &CatalogueEntry,
        found: impl Fn(&str) -> Option<&'c CatalogueEntry>,
        snapshot: &Snapshot,
    ) -> Option<Self> {
        let name = entry.name.strip_suffix("_duration_seconds")?;
        let Shape { labels, errors, in_flight } = Shape::of(entry, name, &found, snapshot)?;
        Some(Self {
            name: name.to_owned(),
            in_flight: found(&in_flight)
                .map(|gauge| InFlight { name: in_flight, labels: of_operation(&labels, gauge) }),
            labels,
            objectives: Objectives::of(format!("{name}_objective_ratio"), snapshot),
            durations: entry.name.clone(),
            is_native: entry.native.is_some() && entry.bounds.is_empty(),
            errors,
        })
    }

    /// How many there are in a second.
    pub(crate) fn calls(&self, scope: &Scope<'_>) -> String {
        self.sum(&scope.rate(&self.calls_name(), ""))
    }

    /// The counter of calls.
    pub(crate) fn calls_name(&self) -> String {
        format!("{}_count", self.durations)
    }

    /// The share of them that went wrong, where there are any. It is 0 before there is a series of what goes wrong.
    pub(crate) fn error_ratio(&self, scope: &Scope<'_>) -> String {
        let calls = self.calls(scope);
        let errors = self.sum(&scope.rate(&self.calls_name(), self.errors));
        format!("({errors}\n  or 0 * {calls})\n/ ({calls} > 0)")
    }

    /// The share of them that took longer than a threshold, where there are any and a bucket ends there.
    pub(crate) fn slow_ratio(&self, scope: &Scope<'_>, threshold: &str) -> String {
        // Of a whole number there are two spellings: scraped as text it is `1`, as OpenMetrics or by Prometheus 3 `1.0`.
        let le = if threshold.bytes().all(|byte| byte.is_ascii_digit()) {
            format!("le=~\"{threshold}|{threshold}[.]0\"")
        } else {
            format!("le=\"{threshold}\"")
        };
        let in_time = self.sum(&scope.rate(&format!("{}_bucket", self.durations), &le));
        format!("1 - {in_time}\n/ ({} > 0)", self.calls(scope))
    }

    /// The duration, in seconds, that a share of them stays below.
    pub(crate) fn duration_quantile(&self, scope: &Scope<'_>, share: f64) -> String {
        let buckets = if self.is_native {
            self.sum(&scope.rate(&self.durations, ""))
        } else {
            let buckets = scope.rate(&format!("{}_bucket", self.durations), "");
            format!("sum by ({}, le) ({buckets})", by(&self.labels))
        };
        format!("histogram_quantile({share}, {buckets})")
    }

    fn sum(&self, expression: &str) -> String {
        format!("sum by ({}) ({expression})", by(&self.labels))
    }
}

impl InFlight {
    /// How many are under way.
    pub(crate) fn now(&self, scope: &Scope<'_>) -> String {
        format!("sum by ({}) ({})", by(&self.labels), scope.select(&self.name, ""))
    }
}

impl Objectives {
    fn of(name: String, snapshot: &Snapshot) -> Option<Self> {
        let family = snapshot.family(&name)?;
        let mut objectives = Self { name, success: false, thresholds: Vec::new() };
        for series in family.series() {
            let label = |name| series.labels().find(|(own, _)| *own == name).map(|(_, value)| value);
            match (label("objective"), label("threshold")) {
                (Some("success"), _) => objectives.success = true,
                (Some("latency"), Some(threshold)) => objectives.thresholds.push(threshold.to_owned()),
                _ => {}
            }
        }
        objectives.thresholds.sort();
        objectives.thresholds.dedup();
        Some(objectives)
    }
}

/// Those of a gauge's labels that an operation has; all of them, if it has none of these.
fn of_operation(labels: &[String], gauge: &CatalogueEntry) -> Vec<String> {
    let own = labels_of(gauge, &[]);
    let shared: Vec<String> = own.iter().filter(|name| labels.contains(name)).cloned().collect();
    if shared.is_empty() { own } else { shared }
}

/// What sums are told apart by: the job, and labels.
fn by(labels: &[String]) -> String {
    ["job"].into_iter().chain(labels.iter().map(String::as_str)).collect::<Vec<_>>().join(", ")
}
