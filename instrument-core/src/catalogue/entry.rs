use std::borrow::Cow;
use std::panic::Location;

use crate::NativeBuckets;
use crate::description::{Description, MetricKind, Shape};
use crate::registry::About;

/// A metric in a [`Catalogue`](crate::Catalogue).
///
/// ```
/// use instrument_core::{MetricKind, Registry};
///
/// let registry = Registry::new();
/// registry.counter("sent", "Bytes sent.").unit("bytes").register()?;
///
/// let catalogue = registry.catalogue();
/// let entry = &catalogue.entries()[0];
/// assert_eq!((entry.name.as_str(), entry.kind), ("sent_bytes_total", MetricKind::Counter));
/// assert_eq!((entry.unit.as_deref(), entry.help.as_str()), (Some("bytes"), "Bytes sent."));
/// assert!(entry.labels.is_empty() && !entry.computed);
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CatalogueEntry {
    /// The name as the Prometheus text format shows it: with prefix, unit, and `_total` or `_info`.
    pub name: String,
    /// The kind of metric.
    pub kind: MetricKind,
    /// The unit that the name ends in.
    pub unit: Option<String>,
    /// What it says.
    pub help: String,
    /// The type of a histogram's values, or of the states of a state set.
    pub value_type: Option<&'static str>,
    /// The upper bounds of a histogram's buckets, as exposed, without `+Inf`.
    pub bounds: Vec<f64>,
    /// The native buckets of a histogram that has some.
    pub native: Option<NativeBuckets>,
    /// The labels, in their order, and that of the states of a state set at the end.
    pub labels: Vec<CatalogueLabel>,
    /// The labels that the registry gives to every series: name and value.
    pub constant_labels: Vec<(String, String)>,
    /// Whether it is computed when it is read, by functions or a collector.
    pub computed: bool,
    /// How many series the family has room for; for what a collector emits, how many there are. There may be fewer sets of labels: see [`series_at_most`](Self::series_at_most).
    pub max_series: usize,
    /// The lines that ask for the metric, sorted; none for what a collector emits. A path is as the compiler was given it: within a workspace it starts at its root.
    pub defined_at: Vec<&'static Location<'static>>,
    /// The family's name.
    pub(super) family: String,
}

/// A label in a [`CatalogueEntry`].
///
/// ```
/// use instrument_core::{Labels, Registry};
///
/// #[derive(Labels)]
/// struct Lookup<'a> {
///     hit: bool,
///     tenant: &'a str,
/// }
///
/// let registry = Registry::new();
/// registry.counter("lookups", "Look-ups in the cache.").labels::<Lookup>().register()?;
///
/// let catalogue = registry.catalogue();
/// let [hit, tenant] = &catalogue.entries()[0].labels[..] else { panic!("there are two") };
/// assert_eq!((hit.name.as_str(), &hit.values[..]), ("hit", &["false".into(), "true".into()][..]));
/// assert!(tenant.values.is_empty()); // any text
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CatalogueLabel {
    /// The label's name.
    pub name: String,
    /// The texts that it can have; none if they are not known, or more than 1,000.
    pub values: Vec<Cow<'static, str>>,
}

impl CatalogueEntry {
    pub(super) fn new(description: &Description, shape: Shape, about: About) -> Self {
        let mut labels: Vec<CatalogueLabel> =
            shape.labels.into_iter().map(|name| CatalogueLabel { name, values: Vec::new() }).collect();
        if description.kind == MetricKind::StateSet {
            labels.push(CatalogueLabel { name: description.name.clone(), values: Vec::new() });
        }
        let known = about.known_values.map_or_else(Vec::new, |known_values| known_values());
        for (label, values) in labels.iter_mut().zip(known) {
            label.values = values;
        }
        if let Some(last) = labels.last_mut().filter(|_| !about.last_values.is_empty()) {
            last.values = about.last_values.into_iter().map(Cow::Owned).collect();
        }
        Self {
            name: description.exposed_name(),
            kind: description.kind,
            unit: description.unit.clone(),
            help: description.help.clone(),
            value_type: shape.value_type,
            bounds: shape.bounds,
            native: shape.native,
            labels,
            constant_labels: about.constant_labels.to_vec(),
            computed: shape.computed,
            max_series: about.max_series,
            defined_at: about.defined_at.into_iter().collect(),
            family: description.name.clone(),
        }
    }

    /// How many series there can be: as many as there are sets of labels where all values are known, and no more than there is room for.
    ///
    /// ```
    /// use instrument_core::{Labels, Registry};
    ///
    /// #[derive(Labels)]
    /// struct Lookup {
    ///     hit: bool,
    ///     warm: bool,
    /// }
    ///
    /// let registry = Registry::new();
    /// registry.counter("lookups", "Look-ups in the cache.").labels::<Lookup>().register()?;
    /// assert_eq!(registry.catalogue().entries()[0].series_at_most(), 4);
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[must_use]
    pub fn series_at_most(&self) -> usize {
        self.known_sets().map_or(self.max_series, |sets| sets.min(self.max_series))
    }

    /// The number of label sets, if all values are known.
    pub(super) fn known_sets(&self) -> Option<usize> {
        let series = self.labels.iter().filter(|label| !self.is_of_states(label));
        series.map(|label| label.values.len()).try_fold(1_usize, |sets, values| match values {
            0 => None,
            _ => Some(sets.saturating_mul(values)),
        })
    }

    /// Whether a label tells the states of a state set apart, which all are in one series of its family.
    pub(super) fn is_of_states(&self, label: &CatalogueLabel) -> bool {
        self.kind == MetricKind::StateSet && label.name == self.family
    }
}
