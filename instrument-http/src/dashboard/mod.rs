//! A Grafana dashboard of what a registry has: see [`Dashboard`].

mod layout;
mod panel;
mod variables;

use std::fmt;

use instrument_core::Registry;
use serde_json::json;

use self::layout::Layout;
use self::panel::{Panel, Target};
use crate::signals::{Operation, Resource, Scope, Signals, of_job};

/// What the variable of the job chooses.
const CHOSEN_JOB: &str = "job=~\"$job\"";

/// A time that Grafana makes long enough for the interval between scrapes.
const RANGE: &str = "$__rate_interval";

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
/// A row for each [`Red`](instrument_core::Red) preset, for each family of functions under `#[instrument_red]`, for the routes of a web service, for the methods of gRPC and for the
/// servers that a client asks, with a line for each function, route or label set of a job; they are sums over the instances that are chosen. A row for each
/// [`Use`](instrument_core::Use), with lines for each instance. The variables `datasource`, `job` and `instance` choose what is shown.
///
/// As with [rules](crate::rules::Rules), a function is there once it was called, and what is asked for are the classic buckets and counts of histograms. The durations of a
/// histogram that has native buckets alone are asked of these.
///
/// # Source
///
/// "JSON model" in Grafana's documentation of dashboards, version 39 of the schema, which Grafana reads since its version 10.4.
#[derive(Debug, Clone)]
#[must_use = "it is text only once it is written"]
pub struct Dashboard {
    signals: Signals,
    title: String,
    /// A matcher of the job, if there is but one.
    of_job: Option<String>,
}

impl Dashboard {
    /// The dashboard of what a registry has now.
    pub fn of(registry: &Registry) -> Self {
        Self { signals: Signals::of(registry), title: "RED and USE".to_owned(), of_job: None }
    }

    /// Sets the title, `RED and USE` otherwise.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Shows one job, by the `job_name` of Prometheus' configuration, and so has no variable `job`. Without one all jobs that have such metrics can be chosen: families have
    /// the same names in every service.
    pub fn job(mut self, job: &str) -> Self {
        self.of_job = Some(of_job(job));
        self
    }

    /// The JSON to import, or to put where Grafana's provisioning looks.
    #[must_use]
    pub fn to_json(&self) -> String {
        let Signals { operations, resources } = &self.signals;
        let mut layout = Layout::default();
        let of_job = self.of_job.as_deref();
        let matchers = format!("{}, instance=~\"$instance\"", of_job.unwrap_or(CHOSEN_JOB));
        let scope = Scope { matchers: &matchers, range: RANGE };
        operations.iter().for_each(|operation| layout.row(&operation.name, of_operation(operation, &scope)));
        resources.iter().for_each(|resource| layout.row(&resource.name, of_resource(resource, &scope)));
        let dashboard = json!({
            "title": self.title,
            "schemaVersion": 39,
            "editable": true,
            "tags": ["instrument"],
            "time": { "from": "now-1h", "to": "now" },
            "refresh": "30s",
            "templating": { "list": variables::all(&self.signals, of_job) },
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

fn of_operation(operation: &Operation, scope: &Scope<'_>) -> Vec<Panel> {
    let line = |what: &str, expression| Target::new("job", &operation.labels, what, expression);
    let durations = [("median", 0.5), ("99 %", 0.99)]
        .map(|(what, share)| line(what, operation.duration_quantile(scope, share)));
    let mut panels = vec![
        Panel::new("Rate", "reqps", [line("", operation.calls(scope))]),
        Panel::new("Errors", "percentunit", [line("", operation.error_ratio(scope))]),
        Panel::new("Duration", "s", durations),
    ];
    panels.extend(operation.in_flight.as_ref().map(|gauge| {
        Panel::new("In flight", "short", [Target::new("job", &gauge.labels, "", gauge.now(scope))])
    }));
    panels
}

fn of_resource(resource: &Resource, scope: &Scope<'_>) -> Vec<Panel> {
    let panel = |title, unit, expression| {
        Panel::new(title, unit, [Target::new("instance", &resource.labels, "", expression)])
    };
    vec![
        panel("Utilization", "percentunit", resource.utilization(scope)),
        panel("Saturation", "short", resource.saturation(scope)),
        panel("Errors", "ops", resource.errors(scope)),
    ]
}
