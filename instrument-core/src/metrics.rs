use crate::{Error, Registry};

/// A struct of metrics, registered together. Derive it.
///
/// ```
/// use instrument_core::{Counter, Family, Labels, Metrics, Registry};
///
/// #[derive(Labels)]
/// struct Language<'a> {
///     lang: &'a str,
/// }
///
/// #[derive(Metrics)]
/// #[metrics(prefix = "quotes")]
/// struct QuoteMetrics {
///     /// Quotations served, by language.
///     served: Family<Language<'static>, Counter>,
///     /// Quotations stored.
///     stored: Counter,
/// }
///
/// let registry = Registry::new();
/// let metrics = QuoteMetrics::register(&registry)?;
/// metrics.served.with(&Language { lang: "fr" }).inc();
/// metrics.stored.inc();
/// assert_eq!(registry.snapshot().counter("quotes_served_total", &[("lang", "fr")]), Some(1));
/// # Ok::<(), instrument_core::Error>(())
/// ```
pub trait Metrics: Sized {
    /// Registers all metrics of the struct.
    ///
    /// # Errors
    ///
    /// See [`Error`]. Metrics before the one that failed stay registered.
    fn register(registry: &Registry) -> Result<Self, Error>;
}
