//! A Grafana dashboard of what a registry has: see [`Dashboard`].

mod layout;
mod panel;
mod variables;

use std::fmt;

use instrument_core::Registry;
use serde_json::json;

use self::layout::Layout;
use self::panel::{Panel, Target};
use crate::signals::{Operation, Resource, Scope, Signals};

/// What the variables of the dashboard choose, over a time that Grafana makes long enough for the interval between scrapes.
const SCOPE: Scope<'static> =
    Scope { matchers: "job=~\"$job\", instance=~\"$instance\"", range: "$__rate_interval" };

/// Writes a dashboard for Grafana: rows of rate, errors and duration for operations, and of utilization, saturation and errors for resources.
///
/// ```
/// use instrument_core::{Red, Registry};
/// use instrument_http::dashboard::Dashboard;
///
/// let registry = Registry::new();
/// Red::register(&registry, "quote_lookup")?;
///
/// let json = Dashboard::of(&registry).title("Quotes").to_json();
/// assert!(json.contains(r#""title": "Quotes""#));
/// assert!(json.contains("rate(quote_lookup_duration_seconds_count{"));
/// # Ok::<(), instrument_core::Error>(())
/// ```
///
/// # What is on it
///
/// A row for each [`Red`](instrument_core::Red) preset, for each family of functions under `#[instrument_red]` and for the routes of a web service, with a line for each function,
/// route or label set; they are sums over the instances that are chosen. A row for each [`Use`](instrument_core::Use), with lines for each instance. The
/// variables `datasource`, `job` and `instance` choose what is shown.
///
/// As with [rules](crate::rules::Rules), a function is there once it was called, and what is asked for are the classic buckets and counts of histograms.
///
/// # Source
///
/// "JSON model" in Grafana's documentation of dashboards, version 39 of the schema, which Grafana reads since its version 10.4.
#[derive(Debug, Clone)]
#[must_use = "it is text only once it is written"]
pub struct Dashboard {
    signals: Signals,
    title: String,
}

impl Dashboard {
    /// The dashboard of what a registry has now.
    pub fn of(registry: &Registry) -> Self {
        Self { signals: Signals::of(registry), title: "RED and USE".to_owned() }
    }

    /// Sets the title, `RED and USE` otherwise.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// The JSON to import, or to put where Grafana's provisioning looks.
    #[must_use]
    pub fn to_json(&self) -> String {
        let Signals { operations, resources } = &self.signals;
        let mut layout = Layout::default();
        operations.iter().for_each(|operation| layout.row(&operation.name, of_operation(operation)));
        resources.iter().for_each(|resource| layout.row(&resource.name, of_resource(resource)));
        let dashboard = json!({
            "title": self.title,
            "schemaVersion": 39,
            "editable": true,
            "tags": ["instrument"],
            "time": { "from": "now-1h", "to": "now" },
            "refresh": "30s",
            "templating": { "list": variables::all(&self.signals) },
            "panels": layout.into_panels(),
        });
        format!("{dashboard:#}\n")
    }
}

/// The same as [`to_json`](Dashboard::to_json).
impl fmt::Display for Dashboard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_json())
    }
}

fn of_operation(operation: &Operation) -> Vec<Panel> {
    let line = |what: &str, expression| Target::new(&operation.labels, what, expression);
    let durations = [("median", 0.5), ("99 %", 0.99)]
        .map(|(what, share)| line(what, operation.duration_quantile(&SCOPE, share)));
    let mut panels = vec![
        Panel::new("Rate", "reqps", [line("", operation.calls(&SCOPE))]),
        Panel::new("Errors", "percentunit", [line("", operation.error_ratio(&SCOPE))]),
        Panel::new("Duration", "s", durations),
    ];
    panels.extend(
        operation.in_flight.as_ref().map(|gauge| {
            Panel::new("In flight", "short", [Target::new(&gauge.labels, "", gauge.now(&SCOPE))])
        }),
    );
    panels
}

fn of_resource(resource: &Resource) -> Vec<Panel> {
    let mut labels = vec!["instance".to_owned()];
    labels.extend(resource.labels.iter().cloned());
    let panel = |title, unit, expression| Panel::new(title, unit, [Target::new(&labels, "", expression)]);
    vec![
        panel("Utilization", "percentunit", resource.utilization(&SCOPE)),
        panel("Saturation", "short", resource.saturation(&SCOPE)),
        panel("Errors", "ops", resource.errors(&SCOPE)),
    ]
}
