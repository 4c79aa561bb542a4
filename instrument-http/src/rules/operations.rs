//! Rate and errors of an operation.

use super::duration::PrometheusDuration;
use super::{Rule, Rules, camel_case, level, subject};
use crate::signals::Operation;

impl Rules {
    pub(super) fn add_operation(&self, operation: &Operation, rules: &mut Vec<Rule>) {
        let range = PrometheusDuration(self.window).to_string();
        let scope = self.scope(&range);
        let level = level("job", &operation.labels);
        let calls = format!("{level}:{}:rate{range}", operation.calls_name());
        rules.push(Rule::record(calls, operation.calls(&scope)));
        let errors = error_ratio_name(operation, &range);
        rules.push(Rule::record(errors.clone(), operation.error_ratio(&scope)));
        let alert = Rule::alert(
            format!("{}ErrorRatioHigh", camel_case(&operation.name)),
            format!("{} > {}", scope.select(&errors, ""), self.max_error_ratio),
            "ticket",
            format!(
                "{}: {{{{ $value | humanizePercentage }}}} of the calls failed in the last {range}.",
                subject(&operation.name, &operation.labels, "job"),
            ),
        );
        rules.push(alert.pending(self.pending));
    }
}

/// What the share of errors is recorded as.
pub(super) fn error_ratio_name(operation: &Operation, range: &str) -> String {
    format!("{}:{}_errors:ratio_rate{range}", level("job", &operation.labels), operation.name)
}
