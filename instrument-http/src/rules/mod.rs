//! Recording and alert rules for Prometheus, from what a registry has: see [`Rules`].

mod duration;
mod objectives;
mod operations;
mod resources;
mod yaml;

use std::fmt;
use std::time::Duration;

use instrument_core::Registry;

use self::yaml::Rule;
use crate::signals::{Scope, Signals, of_job};

/// The bounds of a window: many scrapes fit in, and the longest of its multiples is still a duration of Prometheus.
const WINDOW: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30 * 86_400));

/// Writes Prometheus' recording and alert rules for the operations and resources of a registry.
///
/// ```
/// use instrument_core::{Red, Registry, Use};
/// use instrument_http::rules::Rules;
///
/// let registry = Registry::new();
/// Red::register(&registry, "quote_lookup")?;
/// Use::register(&registry, "db_pool", 10)?;
///
/// let yaml = Rules::of(&registry).job("quotes").max_error_ratio(0.01).to_yaml();
/// assert!(yaml.starts_with(
///     r#"groups:
///   - name: "instrument-quotes"
///     rules:
///       - record: job:quote_lookup_duration_seconds_count:rate5m
///         expr: |-
///           sum by (job) (rate(quote_lookup_duration_seconds_count{job="quotes"}[5m]))
/// "#
/// ));
/// assert!(yaml.contains("- alert: QuoteLookupErrorRatioHigh\n        expr: |-\n          job:quote_lookup_errors:ratio_rate5m{job=\"quotes\"} > 0.01\n"));
/// assert!(yaml.contains("- alert: DbPoolUtilizationHigh\n"));
/// # Ok::<(), instrument_core::Error>(())
/// ```
///
/// # What is written
///
/// For each [`Red`](instrument_core::Red) preset, for functions under `#[instrument_red]`, for the routes of a web service, for the methods of gRPC and for the servers that a client asks,
/// sums over all instances of a job: the rate of calls, the share of errors, and the alert `..ErrorRatioHigh`. Functions are told apart by `function` and `module`, requests by
/// `http_route`, calls by `rpc_method`, what a client asks by `server_address`, presets by their labels.
///
/// For families with objectives, of `#[instrument_red(slo(..))]`, the shares of failed and of slow calls over five windows, and the alerts
/// `..SuccessBudgetBurn` and `..LatencyBudgetBurn`. They compare with the targets that the functions themselves show, so a target that changes needs no new
/// rules; a latency that changes does. Each alert has three rules, which fire when the budget of 30 days burns too fast over a long
/// and over a short window: 14.4 times too fast over 1 h and 5 min, 6 times over 6 h and 30 min, or as fast as it may over 3 days and 6 h. The first two
/// have the label `severity="page"`, the last one and all other alerts `severity="ticket"`.
///
/// Where an objective is low, all that could fail burns its budget less than 14.4 times too fast: of 0.9, 10 times. A page then waits for no more than a share of
/// 0.9, which is so for 14.4 times below 0.9375 and for 6 times below 0.85. That of 0.9 spends 1.25 % of the budget before it pages, instead of 2 %. An objective
/// below 0.1 allows more than that share, and its pages are of no use.
///
/// For each [`Use`](instrument_core::Use), the means of utilization and saturation in each instance, and the alerts `..UtilizationHigh` and `..Saturated`.
///
/// # What to know
///
/// Families have the same names in every service, `function_duration_seconds` above all. So a file without a [`job`](Self::job) is about all services of a
/// Prometheus that have such families, by its own limits; with a file of another such service it records the same series twice, and each alert of both fires. Give each
/// service's file its job where there are several.
///
/// Rules are made of what the registry has by then. A function is there once it was called, so write rules when the program has done each kind of its work. A metric whose name
/// only UTF-8 has is left out.
///
/// They ask for the classic buckets and counts of histograms. A Prometheus that stores native histograms has to keep these too: by
/// `always_scrape_classic_histograms` from version 3.0 on, by `scrape_classic_histograms` from 2.45 on.
///
/// A label `job` or `instance` of the registry is called `exported_job` or `exported_instance`, as Prometheus renames it unless `honor_labels` says otherwise.
///
/// # Source
///
/// Names are as "Recording rules" in Prometheus' best practices has them. Burn rates and windows are those of The Site Reliability Workbook, chapter 5, "Alerting on SLOs",
/// <https://sre.google/workbook/alerting-on-slos/>; its section "Extreme Availability Goals" tells of objectives that are too low for them.
#[derive(Debug, Clone)]
#[must_use = "it is text only once it is written"]
pub struct Rules {
    signals: Signals,
    job: Option<String>,
    /// What selectors have of the job, or nothing.
    matchers: String,
    group_name: Option<String>,
    window: Duration,
    pending: Duration,
    max_error_ratio: f64,
    max_utilization: f64,
    max_saturation: f64,
}

impl Rules {
    /// The rules for what a registry has now.
    pub fn of(registry: &Registry) -> Self {
        Self {
            signals: Signals::of(registry),
            job: None,
            matchers: String::new(),
            group_name: None,
            window: Duration::from_secs(300),
            pending: Duration::from_secs(60),
            max_error_ratio: 0.05,
            max_utilization: 0.9,
            max_saturation: 1.0,
        }
    }

    /// Sets the job that the rules are about, by the `job_name` of Prometheus' configuration. Without one they are about every job that has such metrics.
    pub fn job(mut self, job: impl Into<String>) -> Self {
        let job = job.into();
        self.matchers = of_job(&job);
        self.job = Some(job);
        self
    }

    /// Sets the name of the group, otherwise `instrument` or, with a [job](Self::job), `instrument-` and the job. Prometheus wants each name once in a file, and none empty.
    pub fn group_name(mut self, name: impl Into<String>) -> Self {
        self.group_name = Some(name.into());
        self
    }

    /// Sets the time over which rates are taken, 5 minutes otherwise. It should hold four scrapes.
    ///
    /// The windows of objectives keep their proportions to it, and so does the time that their budget is for: 8,640 windows, which are 30 days. It is kept between a second and 30 days.
    pub fn window(mut self, window: Duration) -> Self {
        self.window = window.clamp(WINDOW.0, WINDOW.1);
        self
    }

    /// Sets how long it must be too much before an alert fires, a minute otherwise. Alerts on objectives wait no longer than their windows.
    pub fn pending(mut self, pending: Duration) -> Self {
        self.pending = pending.min(WINDOW.1);
        self
    }

    /// Sets the share of errors, from 0 to 1, above which there is an alert: 0.05 otherwise.
    pub fn max_error_ratio(mut self, ratio: f64) -> Self {
        self.max_error_ratio = ratio;
        self
    }

    /// Sets the mean utilization, from 0 to 1, above which there is an alert: 0.9 otherwise.
    pub fn max_utilization(mut self, ratio: f64) -> Self {
        self.max_utilization = ratio;
        self
    }

    /// Sets how many may wait for a resource on average before there is an alert: 1 otherwise.
    pub fn max_saturation(mut self, waiting: f64) -> Self {
        self.max_saturation = waiting;
        self
    }

    /// The text of a file for `rule_files` of Prometheus' configuration, in YAML.
    #[must_use]
    pub fn to_yaml(&self) -> String {
        let mut rules = Vec::new();
        for operation in &self.signals.operations {
            self.add_operation(operation, &mut rules);
            if let Some(objectives) = &operation.objectives {
                self.add_objectives(operation, objectives, &mut rules);
            }
        }
        for resource in &self.signals.resources {
            self.add_resource(resource, &mut rules);
        }
        let of_job = || self.job.as_ref().map(|job| format!("instrument-{job}"));
        let group_name = self.group_name.clone().or_else(of_job);
        yaml::file(group_name.as_deref().unwrap_or("instrument"), &rules)
    }

    /// The series that the rules are about, over a time.
    fn scope<'a>(&'a self, range: &'a str) -> Scope<'a> {
        Scope { matchers: &self.matchers, range }
    }
}

/// The same as [`to_yaml`](Rules::to_yaml).
impl fmt::Display for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_yaml())
    }
}

/// The labels of a recorded series, as the first part of its name.
fn level<'l>(first: &str, labels: impl IntoIterator<Item = &'l String>) -> String {
    labels.into_iter().fold(first.to_owned(), |level, label| format!("{level}_{label}"))
}

/// A name in the form that alerts have: `db_pool` is `DbPool`.
fn camel_case(name: &str) -> String {
    let words = name.split(['_', ':']).filter_map(|word| {
        let first = word.chars().next()?;
        Some(format!("{}{}", first.to_ascii_uppercase(), &word[first.len_utf8()..]))
    });
    words.collect()
}

/// What an alert is about: the name, the values of its labels, and where.
fn subject<'l>(name: &str, labels: impl IntoIterator<Item = &'l String>, place: &str) -> String {
    let labels = labels.into_iter().map(|label| format!(" {{{{ $labels.{label} }}}}"));
    format!("{}{} in {{{{ $labels.{place} }}}}", name.replace('_', " "), labels.collect::<String>())
}
