use std::marker::PhantomData;

use super::family::UseFamilies;
use super::{Use, UseFamily};
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
}

impl<'a> UseBuilder<'a> {
    pub(super) fn new(name: &'a str) -> Self {
        Self { name, help: None }
    }

    /// Says what the resource is. Without it the help text has the resource's name.
    pub fn help(mut self, help: &'a str) -> Self {
        self.help = Some(help);
        self
    }

    /// Makes it a [`UseFamily`]: several resources, told apart by labels.
    pub fn labels<L: Labels>(self) -> UseFamilyBuilder<'a, L> {
        UseFamilyBuilder { builder: self, max_series: None, labels: PhantomData }
    }

    /// Registers the three metrics, or gives those that have the same names and shapes, and says how much of the resource there is.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub fn register(self, registry: &Registry, capacity: usize) -> Result<Use, Error> {
        Ok(self.families(registry, &[], None)?.with(&(), capacity))
    }

    fn families(
        &self,
        registry: &Registry,
        labels: &[&str],
        max_series: Option<usize>,
    ) -> Result<UseFamilies, Error> {
        let help = self.help.map_or_else(|| format!("Use of `{}`.", self.name), str::to_owned);
        UseFamilies::register(registry, self.name, &help, labels, max_series)
    }
}

/// Sets up a [`UseFamily`].
#[derive(Debug)]
#[must_use = "the metrics count only once they are registered"]
pub struct UseFamilyBuilder<'a, L> {
    builder: UseBuilder<'a>,
    max_series: Option<usize>,
    labels: PhantomData<fn() -> L>,
}

impl<'a, L: Labels> UseFamilyBuilder<'a, L> {
    /// As [`UseBuilder::help`].
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
        let families = self.builder.families(registry, &L::names(), self.max_series)?;
        Ok(UseFamily::new(families))
    }
}
