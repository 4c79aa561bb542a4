use std::fmt;
use std::sync::Arc;

use super::{CatalogueEntry, Lint, json, markdown};
use crate::description::{Description, Shape};
use crate::registry::About;

/// A list of all metrics of a [`Registry`](crate::Registry): what each is called, counts and has for labels, and which line asks for it.
///
/// It shows as a table in Markdown, and as JSON for tools. [`lint`](Self::lint) says what to make better.
///
/// ```
/// use instrument_core::{LabelValue, Labels, Registry};
///
/// #[derive(LabelValue)]
/// enum Kind {
///     Hit,
///     Miss,
/// }
///
/// #[derive(Labels)]
/// struct Lookup<'a> {
///     kind: Kind,
///     tenant: &'a str,
/// }
///
/// let registry = Registry::new();
/// registry.counter("cache_lookups", "Look-ups in the cache.").labels::<Lookup>().register()?;
///
/// let catalogue = registry.catalogue();
/// let entry = &catalogue.entries()[0];
/// assert_eq!(entry.name, "cache_lookups_total");
/// assert_eq!(entry.labels[0].values, ["hit", "miss"]);
/// assert_eq!(entry.defined_at[0].file(), file!());
///
/// catalogue.lint().assert_clean();
/// # Ok::<(), instrument_core::Error>(())
/// ```
///
/// # What is in it
///
/// What was registered before it was made, and what collectors emitted meanwhile, whether or not anything was recorded. A function under `#[instrument_red]` registers its metrics when it is
/// called for the first time.
///
/// The line that asks for a metric is that of the call with its name, such as [`Registry::counter`](crate::Registry::counter), or of the field or function that
/// a macro stands on. A function of yours that makes such calls for others has `#[track_caller]` to give their lines instead.
///
/// Metrics are in the order of their names. A family that functions with different labels or buckets share has an entry for each of
/// these.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Catalogue {
    entries: Vec<CatalogueEntry>,
}

impl Catalogue {
    pub(crate) fn of(described: Vec<(Arc<Description>, Shape, About)>) -> Self {
        let entries = described.into_iter();
        let entries =
            entries.map(|(description, shape, about)| CatalogueEntry::new(&description, shape, about));
        Self { entries: entries.collect() }
    }

    /// The metrics, in the order of their names.
    #[must_use]
    pub fn entries(&self) -> &[CatalogueEntry] {
        &self.entries
    }

    /// A table in GitHub's Markdown: a line for each metric. It is what [`Display`](fmt::Display) shows.
    ///
    /// ```
    /// use instrument_core::Registry;
    ///
    /// let registry = Registry::new();
    /// registry.gauge("load", "Load of the machine.").register()?;
    ///
    /// let page = registry.catalogue().to_markdown();
    /// assert!(page.contains("Load of the machine."));
    /// assert_eq!(page, format!("{}", registry.catalogue()));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[must_use]
    pub fn to_markdown(&self) -> String {
        self.to_string()
    }

    /// An object in JSON (RFC 8259), on one line, with a list `metrics` of objects.
    ///
    /// Each has `name`, as the Prometheus text format shows it, `kind` (`counter`, `gauge`, `up_down_counter`, `histogram`, `info`, `state_set`), `unit`,
    /// `help`, `value_type`, `buckets` (a list of upper bounds), `native_buckets` (an object with `schema`, `max_buckets` and `zero_threshold`),
    /// `labels` (a list of objects with `name` and `values`), `constant_labels` (an
    /// object), `computed`, `max_series` and `defined_at` (a list of objects with `file` and `line`). What is not there, or not known, is `null`.
    ///
    /// ```
    /// use instrument_core::Registry;
    ///
    /// let registry = Registry::new();
    /// registry.gauge("load", "Load of the machine.").register()?;
    /// assert!(registry.catalogue().to_json().starts_with(
    ///     r#"{"metrics":[{"name":"load","kind":"gauge","unit":null,"help":"Load of the machine.","#
    /// ));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = String::new();
        json::write(&mut json, self);
        json
    }

    /// What the naming rules of Prometheus and OpenMetrics have to say about the metrics.
    ///
    /// ```
    /// use instrument_core::Registry;
    ///
    /// let registry = Registry::new();
    /// registry.gauge("wait_ms", "How long a job waits.").register()?;
    ///
    /// let lint = registry.catalogue().lint();
    /// assert!(!lint.is_clean());
    /// println!("{lint}");
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn lint(&self) -> Lint {
        Lint::of(self)
    }
}

impl fmt::Display for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        markdown::write(f, self)
    }
}
