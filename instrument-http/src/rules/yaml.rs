//! Groups of rules in YAML 1.2.
//!
//! Source: "Recording rules" and "Alerting rules" in Prometheus' documentation, "Configuration".

use std::fmt::{self, Display, Write as _};
use std::time::Duration;

use super::duration::PrometheusDuration;
use crate::signals::Quoted;

/// A rule of either kind.
#[derive(Debug)]
pub(super) struct Rule {
    comment: Option<String>,
    kind: &'static str,
    name: String,
    expression: String,
    pending: Option<Duration>,
    labels: Vec<(&'static str, String)>,
    annotations: Vec<(&'static str, String)>,
}

impl Rule {
    pub(super) fn record(name: String, expression: String) -> Self {
        Self {
            comment: None,
            kind: "record",
            name,
            expression,
            pending: None,
            labels: Vec::new(),
            annotations: Vec::new(),
        }
    }

    pub(super) fn alert(name: String, expression: String, severity: &str, summary: String) -> Self {
        let (labels, annotations) = (vec![("severity", severity.to_owned())], vec![("summary", summary)]);
        Self { kind: "alert", labels, annotations, ..Self::record(name, expression) }
    }

    /// How long the expression must hold before the alert fires.
    pub(super) fn pending(self, pending: Duration) -> Self {
        Self { pending: Some(pending), ..self }
    }

    pub(super) fn label(mut self, name: &'static str, value: impl Display) -> Self {
        self.labels.push((name, value.to_string()));
        self
    }

    /// A line above it, for who reads the file.
    pub(super) fn comment(self, comment: String) -> Self {
        Self { comment: Some(comment), ..self }
    }

    fn write(&self, yaml: &mut String) -> fmt::Result {
        self.comment.iter().try_for_each(|comment| writeln!(yaml, "      # {comment}"))?;
        writeln!(yaml, "      - {}: {}", self.kind, self.name)?;
        // Literal: a line of PromQL is a line here.
        writeln!(yaml, "        expr: |-")?;
        self.expression.lines().try_for_each(|line| writeln!(yaml, "          {line}"))?;
        if let Some(pending) = self.pending {
            writeln!(yaml, "        for: {}", PrometheusDuration(pending))?;
        }
        for (key, pairs) in [("labels", &self.labels), ("annotations", &self.annotations)] {
            if !pairs.is_empty() {
                writeln!(yaml, "        {key}:")?;
            }
            pairs
                .iter()
                .try_for_each(|(name, value)| writeln!(yaml, "          {name}: {}", Quoted(value)))?;
        }
        Ok(())
    }
}

/// A file with one group.
pub(super) fn file(group: &str, rules: &[Rule]) -> String {
    let mut yaml = format!("groups:\n  - name: {}\n    rules:", Quoted(group));
    yaml.push_str(if rules.is_empty() { " []\n" } else { "\n" });
    // Writing to a string does not fail.
    let _ = rules.iter().try_for_each(|rule| rule.write(&mut yaml));
    yaml
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_rules_has_an_empty_list() {
        assert_eq!(file("none", &[]), "groups:\n  - name: \"none\"\n    rules: []\n");
    }
}
