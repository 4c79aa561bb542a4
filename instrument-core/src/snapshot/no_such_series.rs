use std::fmt;

use super::{FamilySnapshot, Snapshot, display};
use crate::MetricKind;

/// Why a [`Snapshot`] has no answer: what was asked for, and the nearest that is there.
///
/// ```
/// use instrument_core::Registry;
///
/// let registry = Registry::new();
/// registry.counter("quotes_served", "Quotations served.").register()?;
///
/// let error = registry.snapshot().try_counter("quote_served", &[]).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "there is no counter `quote_served`, but one other family:\n  quotes_served_total  counter",
/// );
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum NoSuchSeries {
    /// There is no family of this name, of whatever kind.
    Family {
        /// The kind that was asked for.
        kind: MetricKind,
        /// The name that was asked for.
        name: String,
        /// How many families there are.
        families: usize,
        /// Those with the nearest names, a line each: name as exposed and kind.
        nearest: Vec<String>,
    },
    /// The family of this name is of another kind.
    Kind {
        /// The kind that was asked for.
        kind: MetricKind,
        /// The name that was asked for.
        name: String,
        /// The kind that the family is of.
        existing: MetricKind,
    },
    /// The family has no series with these labels.
    Series {
        /// The kind that was asked for.
        kind: MetricKind,
        /// The family's name, as exposed.
        name: String,
        /// The labels that were asked for.
        labels: Vec<(String, String)>,
        /// How many series the family has.
        series: usize,
        /// Those with the nearest labels, a line each: labels and value.
        nearest: Vec<String>,
    },
}

impl NoSuchSeries {
    /// Says why a look-up found nothing.
    pub(super) fn explain(
        snapshot: &Snapshot,
        kind: MetricKind,
        name: &str,
        labels: &[(&str, &str)],
    ) -> Self {
        let of_any_kind = || snapshot.family(name).map(|family| family.description().kind);
        match (snapshot.family_of(kind, name), of_any_kind()) {
            (Some(family), _) => Self::in_family(family, kind, labels),
            (None, Some(existing)) => Self::Kind { kind, name: name.to_owned(), existing },
            (None, None) => Self::among_families(snapshot, kind, name),
        }
    }

    fn among_families(snapshot: &Snapshot, kind: MetricKind, name: &str) -> Self {
        let described = snapshot.nearest_families(name).into_iter().map(FamilySnapshot::description);
        let lines = described.map(|family| vec![family.exposed_name(), family.kind.to_string()]);
        Self::Family {
            kind,
            name: name.to_owned(),
            families: snapshot.families().len(),
            nearest: display::aligned(lines.collect()),
        }
    }

    fn in_family(family: &FamilySnapshot, kind: MetricKind, labels: &[(&str, &str)]) -> Self {
        let lines = family.nearest_series(labels).into_iter().map(|series| {
            vec![format!("{{{}}}", display::labels(series.labels())), series.value().to_string()]
        });
        Self::Series {
            kind,
            name: family.description().exposed_name(),
            labels: labels.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect(),
            series: family.series().len(),
            nearest: display::aligned(lines.collect()),
        }
    }
}

impl fmt::Display for NoSuchSeries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Family { kind, name, families, nearest } => match families {
                0 => write!(
                    f,
                    "there is no {kind} `{name}`, nor any other metric: is this the registry that is recorded into?"
                ),
                1 => write!(f, "there is no {kind} `{name}`, but one other family:{}", Lines(nearest)),
                _ => write!(
                    f,
                    "there is no {kind} `{name}`; the nearest of {families} families:{}",
                    Lines(nearest)
                ),
            },
            Self::Kind { kind, name, existing } => {
                write!(f, "`{name}` is no {kind} but {} {existing}: ask for that", existing.article())
            }
            Self::Series { kind, name, labels, series, nearest } => {
                let labels = labels.iter().map(|(name, value)| (name.as_str(), value.as_str()));
                let labels = display::labels(labels);
                match series {
                    0 => write!(f, "the {kind} `{name}` has no series {{{labels}}}, nor any other yet"),
                    1 => write!(
                        f,
                        "the {kind} `{name}` has no series {{{labels}}}, but one other:{}",
                        Lines(nearest)
                    ),
                    _ => write!(
                        f,
                        "the {kind} `{name}` has no series {{{labels}}}; the nearest of {series}:{}",
                        Lines(nearest)
                    ),
                }
            }
        }
    }
}

/// Each on a line of its own, set in.
struct Lines<'a>(&'a [String]);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|line| write!(f, "\n  {line}"))
    }
}

impl std::error::Error for NoSuchSeries {}
