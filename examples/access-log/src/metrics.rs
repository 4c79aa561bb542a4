//! What is counted of the requests in the log, and of the log itself.

use std::io;
use std::time::Duration;

use instrument_core::collector::Process;
use instrument_core::{Counter, Error, Family, Histogram, LabelValue, Labels, Metrics, Registry, build_info};

use crate::follow::Event;
use crate::format::Format;
use crate::request::Request;
use crate::routes::Routes;

#[derive(Labels)]
struct RequestLabels<'a> {
    method: &'static str,
    route: &'a str,
    status: u16,
}

#[derive(LabelValue)]
enum Outcome {
    Counted,
    /// It is not of the format.
    Malformed,
    TooLong,
    /// The file ended, or was truncated, before the line did.
    CutOff,
}

#[derive(Labels)]
struct LineLabels {
    outcome: Outcome,
}

#[derive(Labels)]
struct ReadErrorLabels {
    #[labels(display)]
    kind: io::ErrorKind,
}

#[derive(Debug, Metrics)]
#[metrics(prefix = "access_log")]
struct LogMetrics {
    /// Requests in the log, by method, pattern of the route, and status.
    requests: Family<RequestLabels<'static>, Counter>,
    /// Lines of the log, by what became of them: all but those that are counted are in no other metric.
    lines: Family<LineLabels, Counter>,
    /// How often another file was found under the name of the log.
    rotations: Counter,
    /// How often the file was found to have begun anew.
    truncations: Counter,
    /// How often the log could not be opened or read, by the kind of error; it is tried again.
    read_errors: Family<ReadErrorLabels, Counter>,
}

/// Counts what the log says.
#[derive(Debug)]
pub(crate) struct Recorder {
    format: Format,
    routes: Routes,
    metrics: LogMetrics,
    /// There is none where the log has no durations.
    duration: Option<Family<RequestLabels<'static>, Histogram<Duration>>>,
}

impl Recorder {
    pub(crate) fn register(registry: &Registry, format: Format, routes: Routes) -> Result<Self, Error> {
        let duration = format.has_duration().then(|| {
            let help = "Duration of the requests in the log, by method, pattern of the route, and status.";
            registry.histogram("access_log_request_duration", help).labels().register()
        });
        let metrics = LogMetrics::register(registry)?;
        Ok(Self { format, routes, metrics, duration: duration.transpose()? })
    }

    pub(crate) fn record(&self, event: Event<'_>) {
        let outcome = match event {
            Event::Line(line) => self.count(&String::from_utf8_lossy(line)),
            Event::LineTooLong => Outcome::TooLong,
            Event::LineCutOff => Outcome::CutOff,
            Event::Rotated => return self.metrics.rotations.inc(),
            Event::Truncated => return self.metrics.truncations.inc(),
            Event::Failed(error) => {
                return self.metrics.read_errors.inc(&ReadErrorLabels { kind: error.kind() });
            }
        };
        self.metrics.lines.inc(&LineLabels { outcome });
    }

    fn count(&self, line: &str) -> Outcome {
        let Some(Request { method, path, status, duration }) = self.format.read(line) else {
            return Outcome::Malformed;
        };
        let labels = RequestLabels { method, route: self.routes.of(path), status };
        self.metrics.requests.inc(&labels);
        if let (Some(family), Some(duration)) = (&self.duration, duration) {
            family.observe(&labels, duration);
        }
        Outcome::Counted
    }
}

/// Says what runs, and what it takes of the machine.
pub(crate) fn describe_program(registry: &Registry) -> Result<(), Error> {
    build_info!(registry)?;
    registry.register_collector(Process::new());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorder(registry: &Registry) -> Recorder {
        let mut routes = Routes::default();
        routes.add("/quotes/{id}").unwrap();
        let format = r#""$request" $status $request_time"#.parse().unwrap();
        Recorder::register(registry, format, routes).unwrap()
    }

    #[test]
    fn requests_are_told_apart_by_method_route_and_status() {
        let registry = Registry::new();
        let recorder = recorder(&registry);
        for line in [
            r#""GET /quotes/1 HTTP/1.1" 200 0.250"#,
            r#""GET /quotes/2?a=b HTTP/1.1" 200 0.500"#,
            r#""BREW /coffee HTTP/1.1" 405 -"#,
            "what is this",
        ] {
            recorder.record(Event::Line(line.as_bytes()));
        }

        let snapshot = registry.snapshot();
        let found = RequestLabels { method: "GET", route: "/quotes/{id}", status: 200 };
        assert_eq!(snapshot.expect_counter("access_log_requests", &found), 2);
        let durations = snapshot.expect_histogram("access_log_request_duration", &found);
        assert_eq!((durations.count(), durations.sum()), (2, 0.75));
        let other = [("method", "_OTHER"), ("route", "other"), ("status", "405")];
        assert_eq!(snapshot.expect_counter("access_log_requests", &other), 1);
        assert!(snapshot.histogram("access_log_request_duration", &other).is_none(), "it was not measured");
        assert_eq!(
            snapshot.expect_counter("access_log_lines", &LineLabels { outcome: Outcome::Malformed }),
            1
        );
        assert_eq!(snapshot.expect_counter("access_log_lines", &LineLabels { outcome: Outcome::Counted }), 3);
    }

    #[test]
    fn names_and_help_texts_keep_the_rules() {
        let registry = Registry::new();
        recorder(&registry);
        registry.catalogue().lint().assert_clean();
    }
}
