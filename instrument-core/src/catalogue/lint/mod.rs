//! What the naming rules of Prometheus and OpenMetrics have to say about a catalogue.
//!
//! Sources: Prometheus' "Metric and label naming" and "Writing client libraries", OpenMetrics 1.0, and what `promtool check metrics` looks
//! at.

mod finding;
mod help_and_size;
mod labels;
mod names;
mod report;
mod units;

pub use self::finding::{LintFinding, LintRule};
pub use self::report::Lint;
