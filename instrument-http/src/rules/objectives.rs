//! How fast the budgets of objectives burn, over long and short windows.

use super::duration::PrometheusDuration;
use super::operations::error_ratio_name;
use super::{Rule, Rules, camel_case, level, subject};
use crate::signals::{Objectives, Operation, Scope};

/// How many times too fast a budget burns, and over which windows: multiples of the shortest one.
struct BurnRate {
    factor: f64,
    long: u32,
    short: u32,
    severity: &'static str,
}

impl BurnRate {
    fn is_page(&self) -> bool {
        self.severity == "page"
    }

    /// The share of failures above which there is an alert.
    fn limit(&self, budget: &str) -> String {
        let limit = format!("{} * {budget}", self.factor);
        if self.is_page() { format!("clamp_max({limit}, {MAX_RATIO})") } else { limit }
    }

    /// The same in words.
    fn excess(&self) -> String {
        let limit = format!("{} × what the objective allows", self.factor);
        if self.is_page() { format!("{limit}, or than {:.0} %", MAX_RATIO * 100.0) } else { limit }
    }

    /// Tells who reads the file of [`MAX_RATIO`].
    fn comment(&self) -> String {
        let factor = self.factor;
        format!(
            "No share is above 1: where {factor} times what the objective allows is more than {MAX_RATIO}, the limit is {MAX_RATIO}."
        )
    }
}

/// The Site Reliability Workbook, table 5-8.
const BURN_RATES: [BurnRate; 3] = [
    BurnRate { factor: 14.4, long: 12, short: 1, severity: "page" },
    BurnRate { factor: 6.0, long: 72, short: 6, severity: "page" },
    BurnRate { factor: 1.0, long: 864, short: 72, severity: "ticket" },
];

/// The share of failures that is always worth a page. Without it there would be none where the objective is low: no share is above 1, and 14.4 times a budget of 0.1 is.
const MAX_RATIO: f64 = 0.9;

/// All windows of the above.
const WINDOWS: [u32; 5] = [1, 6, 12, 72, 864];

impl Rules {
    pub(super) fn add_objectives(
        &self,
        operation: &Operation,
        objectives: &Objectives,
        rules: &mut Vec<Rule>,
    ) {
        if objectives.success {
            let name = |range: &str| error_ratio_name(operation, range);
            // The shortest is there already, for every operation.
            self.record(&WINDOWS[1..], rules, |scope| {
                Rule::record(name(scope.range), operation.error_ratio(scope))
            });
            self.add_burn_rates(operation, objectives, "success", "failed", name, rules);
        }
        if !objectives.thresholds.is_empty() {
            let level = format!("{}_threshold", level("job", &operation.labels));
            let name = |range: &str| format!("{level}:{}_slow:ratio_rate{range}", operation.name);
            for threshold in &objectives.thresholds {
                self.record(&WINDOWS, rules, |scope| {
                    Rule::record(name(scope.range), operation.slow_ratio(scope, threshold))
                        .label("threshold", threshold)
                });
            }
            self.add_burn_rates(operation, objectives, "latency", "took too long", name, rules);
        }
    }

    /// A rule for each of some windows.
    fn record(&self, windows: &[u32], rules: &mut Vec<Rule>, record: impl Fn(&Scope<'_>) -> Rule) {
        rules.extend(windows.iter().map(|window| record(&self.scope(&self.multiple(*window)))));
    }

    /// The alerts on one kind of objective, over series that `recorded` names by their windows.
    fn add_burn_rates(
        &self,
        operation: &Operation,
        objectives: &Objectives,
        kind: &str,
        what: &str,
        recorded: impl Fn(&str) -> String,
        rules: &mut Vec<Rule>,
    ) {
        let mut labels = operation.labels.clone();
        // An objective of success has none, and neither has the series that it is compared with.
        labels.push("threshold".to_owned());
        let on = format!("job, {}", labels.join(", "));
        // All instances show the same target.
        let targets = self.scope("").select(&objectives.name, &format!("objective=\"{kind}\""));
        let budget = format!("(1 - max by ({on}) ({targets}))");
        for rate in BURN_RATES {
            let (long, short) = (self.multiple(rate.long), self.multiple(rate.short));
            let limit = rate.limit(&budget);
            let burns = |range: &str| {
                format!("({} > on ({on}) {limit})", self.scope(range).select(&recorded(range), ""))
            };
            let alert = Rule::alert(
                format!("{}{}BudgetBurn", camel_case(&operation.name), camel_case(kind)),
                format!("{}\nand on ({on})\n{}", burns(&long), burns(&short)),
                rate.severity,
                format!(
                    "{}: {{{{ $value | humanizePercentage }}}} of the calls {what} in the last {long}, more than {}.",
                    subject(&operation.name, &operation.labels, "job"),
                    rate.excess(),
                ),
            );
            let alert = alert.label("window", long);
            rules.push(if rate.is_page() { alert.comment(rate.comment()) } else { alert });
        }
    }

    /// So many windows, as a range.
    fn multiple(&self, windows: u32) -> String {
        PrometheusDuration(self.window.saturating_mul(windows)).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_window_of_an_alert_is_recorded() {
        for rate in BURN_RATES {
            assert!(WINDOWS.contains(&rate.long) && WINDOWS.contains(&rate.short));
        }
    }
}
