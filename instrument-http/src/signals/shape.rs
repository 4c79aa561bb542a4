use instrument_core::{CatalogueEntry, CatalogueLabel, MetricKind, Snapshot};

use super::labels_of;

/// What the labels of a family of durations say.
pub(super) struct Shape {
    /// What tells one operation from another.
    pub(super) labels: Vec<String>,
    /// A matcher of what went wrong.
    pub(super) errors: &'static str,
    /// The gauge of those that are under way, if there is one.
    pub(super) in_flight: String,
}

/// What a label of RED tells of one series among those of an operation.
const OUTCOME: &str = "outcome";

/// The labels of OpenTelemetry's conventions that say what was done, or by whom: the route of a server's request, the method of a call, the server that a client asks.
const SUBJECTS: [&str; 3] = ["http_route", "rpc_method", "server_address"];
const ERROR_TYPE: &str = "error_type";

impl Shape {
    /// The shape of the family `{name}_duration_seconds`, if it is that of an operation.
    pub(super) fn of<'c>(
        entry: &CatalogueEntry,
        name: &str,
        found: impl Fn(&str) -> Option<&'c CatalogueEntry>,
        snapshot: &Snapshot,
    ) -> Option<Self> {
        let label = |name: &str| entry.labels.iter().find(|own| own.name == name);
        if entry.kind != MetricKind::Histogram {
            return None;
        }
        let in_flight = format!("{name}_in_flight");
        // RED always has both. Others can have outcomes that are no errors, such as `miss`.
        if label(OUTCOME).is_some_and(can_be_ok) && found(&in_flight).is_some() {
            let labels = match labels_of(entry, &[OUTCOME]) {
                // What its arguments say does not make it another function.
                _ if label("function").is_some() && label("module").is_some() => {
                    common_labels(entry, &["function", "module"])
                }
                labels => labels,
            };
            return Some(Self { labels, errors: "outcome!=\"ok\"", in_flight });
        }
        label(ERROR_TYPE)?;
        let subject = SUBJECTS.into_iter().find(|subject| label(subject).is_some())?;
        // Middleware has the family of calls whether or not there will be any.
        let is_seen = snapshot.family(&entry.name).is_some_and(|family| !family.series().is_empty());
        let server = name.strip_suffix("_request").unwrap_or(name);
        (subject != "rpc_method" || is_seen).then(|| Self {
            labels: common_labels(entry, &[subject]),
            errors: "error_type!=\"\"",
            in_flight: format!("{server}_active_requests"),
        })
    }
}

/// Whether `ok` is among the values of a label, as far as they are known.
fn can_be_ok(label: &CatalogueLabel) -> bool {
    label.values.is_empty() || label.values.iter().any(|value| value == "ok")
}

/// Some of a family's labels, and those that all series of the registry have.
fn common_labels(entry: &CatalogueEntry, own: &[&str]) -> Vec<String> {
    let others: Vec<&str> =
        entry.labels.iter().map(|label| label.name.as_str()).filter(|name| !own.contains(name)).collect();
    labels_of(entry, &others)
}
