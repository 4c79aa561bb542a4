//! What can be chosen at the top of the dashboard.

use serde_json::{Value, json};

use super::CHOSEN_JOB;
use super::panel::DATASOURCE;
use crate::signals::{Operation, Resource, Signals};

/// The data source; the job, unless there is but one; the instances.
pub(super) fn all(signals: &Signals, of_job: Option<&str>) -> Vec<Value> {
    let operations = signals.operations.iter().map(Operation::calls_name);
    let resources = signals.resources.iter().map(Resource::utilization_name);
    let names: Vec<String> = operations.chain(resources).collect();
    let names = match &names[..] {
        // Every target has `up`, so that there is a choice even where nothing is shown.
        [] => "__name__=\"up\"".to_owned(),
        // What one instance has done, another may not have done yet.
        names => format!("__name__=~\"{}\"", names.join("|")),
    };
    let datasource =
        json!({ "name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus" });
    let jobs = || values_of("job", "Job", &format!("label_values({{{names}}}, job)"));
    let instances = format!("label_values({{{names}, {}}}, instance)", of_job.unwrap_or(CHOSEN_JOB));
    let mut variables = vec![datasource];
    variables.extend(of_job.is_none().then(jobs));
    variables.push(values_of("instance", "Instance", &instances));
    variables
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
