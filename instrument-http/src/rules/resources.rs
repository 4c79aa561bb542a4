//! Utilization and saturation of a resource.

use super::duration::PrometheusDuration;
use super::{Rule, Rules, camel_case, level, subject};
use crate::signals::Resource;

impl Rules {
    pub(super) fn add_resource(&self, resource: &Resource, rules: &mut Vec<Rule>) {
        let range = PrometheusDuration(self.window).to_string();
        let scope = self.scope(&range);
        // Each instance has a resource of its own, and one that is short of it is not helped by another's.
        let level = level("instance_job", &resource.labels);
        let subject = subject(&resource.name, &resource.labels, "instance");
        let name = camel_case(&resource.name);
        let mut add = |metric: String, expression, limit, alert: &str, summary: &str| {
            let recorded = format!("{level}:{metric}:avg{range}");
            rules.push(Rule::record(recorded.clone(), expression));
            let summary = format!("{subject}: {summary} in the last {range}.");
            let expression = format!("{} > {limit}", scope.select(&recorded, ""));
            let alert = Rule::alert(format!("{name}{alert}"), expression, "ticket", summary);
            rules.push(alert.pending(self.pending));
        };
        add(
            resource.utilization_name(),
            resource.utilization(&scope),
            self.max_utilization,
            "UtilizationHigh",
            "{{ $value | humanizePercentage }} in use",
        );
        add(
            resource.saturation_name(),
            resource.saturation(&scope),
            self.max_saturation,
            "Saturated",
            "{{ $value | humanize }} waited for it",
        );
    }
}
