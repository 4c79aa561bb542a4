use instrument_core::{CatalogueEntry, MetricKind, Snapshot};

use super::{Scope, labels_of};

/// Something that is done again and again, with rate, errors and duration: functions under the attribute, a RED preset, the routes of a web service.
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

/// What a label tells of one series among those of an operation.
const OUTCOME: &str = "outcome";

/// The labels of OpenTelemetry's HTTP conventions, of which the route says what was done.
const ROUTE: &str = "http_route";
const ERROR_TYPE: &str = "error_type";

impl Operation {
    /// The operation whose durations a family has, if it is of that shape.
    pub(super) fn of<'c>(
        entry: &CatalogueEntry,
        found: impl Fn(&str) -> Option<&'c CatalogueEntry>,
        snapshot: &Snapshot,
    ) -> Option<Self> {
        let name = entry.name.strip_suffix("_duration_seconds")?;
        let has = |label: &str| entry.labels.iter().any(|own| own.name == label);
        let (labels, errors, in_flight) = match entry.kind {
            MetricKind::Histogram if has(OUTCOME) => (
                match labels_of(entry, &[OUTCOME]) {
                    // What its arguments say does not make it another function.
                    _ if has("function") && has("module") => common_labels(entry, &["function", "module"]),
                    labels => labels,
                },
                "outcome!=\"ok\"",
                format!("{name}_in_flight"),
            ),
            MetricKind::Histogram if has(ROUTE) && has(ERROR_TYPE) => {
                let server = name.strip_suffix("_request").unwrap_or(name);
                (common_labels(entry, &[ROUTE]), "error_type!=\"\"", format!("{server}_active_requests"))
            }
            _ => return None,
        };
        Some(Self {
            name: name.to_owned(),
            in_flight: found(&in_flight)
                .map(|gauge| InFlight { name: in_flight, labels: of_operation(&labels, gauge) }),
            labels,
            objectives: Objectives::of(format!("{name}_objective_ratio"), snapshot),
            durations: entry.name.clone(),
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
        let buckets = scope.rate(&format!("{}_bucket", self.durations), "");
        format!("histogram_quantile({share}, sum by ({}, le) ({buckets}))", by(&self.labels))
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

/// Some of a family's labels, and those that all series of the registry have.
fn common_labels(entry: &CatalogueEntry, own: &[&str]) -> Vec<String> {
    let others: Vec<&str> =
        entry.labels.iter().map(|label| label.name.as_str()).filter(|name| !own.contains(name)).collect();
    labels_of(entry, &others)
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
