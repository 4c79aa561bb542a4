use std::fmt;

use crate::description::Shape;

/// Why a metric could not be registered.
///
/// Registration is where all mistakes show: what is registered can be recorded and exposed without further errors. Every
/// variant names the metric, the rule it breaks and the way out.
///
/// ```
/// use instrument_core::{Error, Registry};
///
/// let registry = Registry::new();
/// registry.counter("jobs", "Jobs run.").register()?;
/// let error = registry.gauge("jobs", "Jobs waiting.").register().unwrap_err();
/// assert!(matches!(error, Error::Conflict { .. }));
/// assert_eq!(
///     error.to_string(),
///     "metric `jobs` is registered already as a counter without labels and cannot be a gauge without labels too: \
///      give one of them another name",
/// );
/// assert_eq!(format!("{error:?}"), error.to_string()); // what a `main` that returns it shows
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// A name that no exposition can carry.
    InvalidName {
        /// The name as given, with the registry's prefix.
        name: String,
        /// The rule that it breaks.
        rule: &'static str,
    },
    /// A label that no exposition can carry, or that means something else there.
    InvalidLabel {
        /// The metric, or nothing for the constant labels of a registry.
        metric: Option<String>,
        /// The label's name.
        label: String,
        /// The rule that it breaks.
        rule: &'static str,
    },
    /// A unit that cannot end a name.
    InvalidUnit {
        /// The metric.
        metric: String,
        /// The unit as given.
        unit: String,
        /// The rule that it breaks.
        rule: &'static str,
    },
    /// Buckets that are not finite numbers in ascending order, or too many.
    InvalidBuckets {
        /// The metric.
        metric: String,
        /// The rule that they break, with the bound that breaks it.
        rule: String,
    },
    /// States of a [`StateSet`](crate::StateSet) that cannot be shown.
    InvalidStates {
        /// The metric.
        metric: String,
        /// The rule that they break.
        rule: &'static str,
    },
    /// The name is taken by a metric of another shape.
    Conflict {
        /// The family's name.
        name: String,
        /// What is registered.
        existing: Box<Shape>,
        /// What was asked for.
        requested: Box<Shape>,
    },
    /// A function computes a series of this name and these labels already.
    AlreadyComputed {
        /// The family's name.
        name: String,
        /// Names and values of the labels, constant ones left out.
        labels: Vec<(String, String)>,
    },
    /// Two metrics would expose a sample under the same name, as a gauge `x_count` and a histogram `x` do.
    Collision {
        /// The metric that was asked for.
        name: String,
        /// The name of the sample.
        sample: String,
        /// The metric that has it.
        existing: String,
    },
    /// An exemplar that no exposition can carry.
    InvalidExemplar {
        /// The label's name.
        label: String,
        /// The rule that it breaks.
        rule: &'static str,
    },
    /// All cells of the process are in use: some 33 million counts.
    Full {
        /// The metric that found no place.
        name: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidName { name, rule } => write!(f, "metric name `{name}`: {rule}"),
            Self::InvalidLabel { metric: Some(metric), label, rule } => {
                write!(f, "label `{label}` of metric `{metric}`: {rule}")
            }
            Self::InvalidLabel { metric: None, label, rule } => write!(f, "constant label `{label}`: {rule}"),
            Self::InvalidUnit { metric, unit, rule } => {
                write!(f, "unit `{unit}` of metric `{metric}`: {rule}")
            }
            Self::InvalidBuckets { metric, rule } => write!(f, "buckets of metric `{metric}`: {rule}"),
            Self::InvalidStates { metric, rule } => write!(f, "states of metric `{metric}`: {rule}"),
            Self::Conflict { name, existing, requested } => write!(
                f,
                "metric `{name}` is registered already as {existing} and cannot be {requested} too: {}",
                if existing.kind == requested.kind {
                    "give both the same, or one of them another name"
                } else {
                    "give one of them another name"
                }
            ),
            Self::AlreadyComputed { name, labels } => {
                let labels: Vec<String> =
                    labels.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
                write!(
                    f,
                    "a function computes metric `{name}{{{}}}` already: unregister that one, or give one of them another label",
                    labels.join(",")
                )
            }
            Self::Collision { name, sample, existing } => write!(
                f,
                "metric `{name}` would expose the sample `{sample}`, which metric `{existing}` exposes already: \
                 give one of them another name"
            ),
            Self::InvalidExemplar { label, rule } => write!(f, "exemplar label `{label}`: {rule}"),
            Self::Full { name } => write!(
                f,
                "no cells are left for metric `{name}`: drop registries that are no longer read, or lower `max_series`"
            ),
        }
    }
}

/// Writes what `Display` writes: it is what a `main` that returns the error shows.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}
