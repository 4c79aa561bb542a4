use std::marker::PhantomData;
use std::panic::Location;

use super::family::UseFamilies;
use super::{Use, UseFamily};
use crate::label::KnownValues;
use crate::registry::Registration;
use crate::{Error, Labels, Registry};

/// Sets up a [`Use`], or a family of them.
///
/// ```
/// use instrument_core::{Registry, Use};
///
/// let registry = Registry::new();
/// let pool = Use::builder("db_pool").help("Connections to the database.").register(&registry, 10)?;
/// assert_eq!(pool.capacity(), 10);
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "the metrics count only once they are registered"]
pub struct UseBuilder<'a> {
    name: &'a str,
    help: Option<&'a str>,
    defined_at: &'static Location<'static>,
}

impl<'a> UseBuilder<'a> {
    #[track_caller]
    pub(super) fn new(name: &'a str) -> Self {
        Self { name, help: None, defined_at: Location::caller() }
    }

    /// Says what the resource is. Without it the help text has the resource's name.
    pub fn help(mut self, help: &'a str) -> Self {
        self.help = Some(help);
        self
    }

    /// Makes it a [`UseFamily`]: several resources, told apart by labels.
    ///
    /// ```
    /// use instrument_core::{Labels, Registry, Use};
    ///
    /// #[derive(Labels)]
    /// struct Pool<'a> {
    ///     pool: &'a str,
    /// }
    ///
    /// let pools = Use::builder("db_pool").labels::<Pool>().register(&Registry::new())?;
    /// assert_eq!(pools.with(&Pool { pool: "primary" }, 20).capacity(), 20);
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn labels<L: Labels>(self) -> UseFamilyBuilder<'a, L> {
        UseFamilyBuilder { builder: self, max_series: None, labels: PhantomData }
    }

    /// Registers the three metrics, or gives those that have the same names and shapes, and says how much of the resource there is.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub fn register(self, registry: &Registry, capacity: usize) -> Result<Use, Error> {
        let families = UseFamilies::register(registry, &self.registration(&self.help_text()))?;
        Ok(families.with(&(), capacity))
    }

    fn help_text(&self) -> String {
        self.help.map_or_else(|| format!("Use of `{}`.", self.name), str::to_owned)
    }

    /// What the three metrics have in common.
    fn registration<'b>(&'b self, help: &'b str) -> Registration<'b> {
        Registration { defined_at: self.defined_at, ..Registration::new(self.name, help) }
    }
}

/// Sets up a [`UseFamily`].
///
/// ```
/// use instrument_core::{Labels, Registry, Use};
///
/// #[derive(Labels)]
/// struct Pool<'a> {
///     pool: &'a str,
/// }
///
/// let registry = Registry::new();
/// let pools = Use::builder("db_pool")
///     .labels::<Pool>()
///     .help("Connections to the database.")
///     .max_series(10)
///     .register(&registry)?;
/// let _busy = pools.with(&Pool { pool: "primary" }, 20).busy();
/// assert_eq!(registry.snapshot().gauge("db_pool_utilization_ratio", &[("pool", "primary")]), Some(0.05));
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "the metrics count only once they are registered"]
pub struct UseFamilyBuilder<'a, L> {
    builder: UseBuilder<'a>,
    max_series: Option<usize>,
    labels: PhantomData<fn() -> L>,
}

impl<'a, L: Labels> UseFamilyBuilder<'a, L> {
    /// Says what the resources are: see [`UseBuilder::help`].
    pub fn help(mut self, help: &'a str) -> Self {
        self.builder = self.builder.help(help);
        self
    }

    /// Sets how many resources the family may have: 10,000 without it.
    pub fn max_series(mut self, max_series: usize) -> Self {
        self.max_series = Some(max_series);
        self
    }

    /// Registers the three metrics, or gives those that have the same names and shapes.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub fn register(self, registry: &Registry) -> Result<UseFamily<L>, Error> {
        let help = self.builder.help_text();
        let registration = Registration {
            labels: &L::names(),
            known_values: Some(L::known_values as KnownValues),
            max_series: self.max_series,
            ..self.builder.registration(&help)
        };
        Ok(UseFamily::new(UseFamilies::register(registry, &registration)?))
    }
}
