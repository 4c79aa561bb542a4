//! What can be chosen at the top of the dashboard.

use serde_json::{Value, json};

use super::panel::DATASOURCE;
use crate::signals::{Operation, Resource, Signals};

pub(super) fn all(signals: &Signals) -> [Value; 3] {
    let operation = signals.operations.first().map(Operation::calls_name);
    let resource = signals.resources.first().map(Resource::utilization_name);
    // Every target has `up`, so that there is a choice even where nothing is shown.
    let metric = operation.or(resource).unwrap_or_else(|| "up".to_owned());
    let datasource =
        json!({ "name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus" });
    let job = values_of("job", "Job", &format!("label_values({metric}, job)"));
    let instances = format!("label_values({metric}{{job=~\"$job\"}}, instance)");
    [datasource, job, values_of("instance", "Instance", &instances)]
}

/// A choice of any number of a label's values, all at first.
fn values_of(name: &str, label: &str, query: &str) -> Value {
    json!({
        "name": name,
        "label": label,
        "type": "query",
        "datasource": { "type": "prometheus", "uid": DATASOURCE },
        "query": { "query": query, "refId": name },
        "definition": query,
        "refresh": 2, // whenever the time range changes
        "multi": true,
        "includeAll": true,
        "allValue": ".*",
        "current": { "selected": true, "text": ["All"], "value": ["$__all"] },
    })
}
