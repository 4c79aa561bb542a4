use super::{MetricBuilder, Registration};
use crate::error::Error;
use crate::label::Texts;
use crate::{Info, Registry};

/// An [`Info`] with labels that are known where it is registered.
///
/// ```
/// use instrument_core::Registry;
///
/// let registry = Registry::new();
/// registry.info("host", "Where it runs.").label("region", "eu").label("zone", "b").register()?;
/// assert!(registry.snapshot().info("host_info", &[("region", "eu"), ("zone", "b")]));
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "an info is shown only once it is registered"]
pub struct InfoBuilder<'r> {
    registry: &'r Registry,
    asked: Registration<'r>,
    names: Vec<&'r str>,
    values: Vec<&'r str>,
}

impl<'r> MetricBuilder<'r, Info> {
    /// Gives it a label, of which there can be more. One with an empty value is left out of the output.
    ///
    /// ```
    /// use instrument_core::Registry;
    ///
    /// let registry = Registry::new();
    /// registry.info("host", "Where it runs.").label("region", "eu").register()?;
    /// assert!(registry.snapshot().info("host", &[("region", "eu")]));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn label(self, name: &'r str, value: &'r str) -> InfoBuilder<'r> {
        let (registry, asked) = self.into_parts();
        InfoBuilder { registry, asked, names: Vec::new(), values: Vec::new() }.label(name, value)
    }
}

impl<'r> InfoBuilder<'r> {
    /// Gives it one more label.
    pub fn label(mut self, name: &'r str, value: &'r str) -> Self {
        self.names.push(name);
        self.values.push(value);
        self
    }

    /// Registers the info. With the name and the label names of another one, and other values, it is shown beside that.
    ///
    /// # Errors
    ///
    /// See [`Error`]: each says which rule is broken, and what to do.
    pub fn register(self) -> Result<Info, Error> {
        let asked = Registration { labels: &self.names, ..self.asked };
        Ok(self.registry.register::<Info>(asked)?.with(&Texts(&self.values)))
    }
}
