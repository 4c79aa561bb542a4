use super::{Red, RedFamily, RedRegistration};
use crate::label::Texts;
use crate::{Buckets, Error, Registry};

/// Sets up a [`Red`].
///
/// ```
/// use instrument_core::{Buckets, Red, Registry};
///
/// let registry = Registry::new();
/// let calls = Red::builder("backend_call")
///     .help("Calls of the backend.")
///     .buckets(Buckets::latency())
///     .register(&registry)?;
/// calls.start().ok();
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "the metrics count only once they are registered"]
pub struct RedBuilder<'a> {
    name: &'a str,
    help: Option<&'a str>,
    buckets: Buckets,
}

impl<'a> RedBuilder<'a> {
    pub(super) fn new(name: &'a str) -> Self {
        Self { name, help: None, buckets: Buckets::function() }
    }

    /// Says what the operation is. Without it the help text has the operation's name.
    pub fn help(mut self, help: &'a str) -> Self {
        self.help = Some(help);
        self
    }

    /// Sets the buckets, in seconds.
    pub fn buckets(mut self, buckets: Buckets) -> Self {
        self.buckets = buckets;
        self
    }

    /// Registers the two metrics, or gives those that have the same names and shapes.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub fn register(self, registry: &Registry) -> Result<Red, Error> {
        let help = self.help.map_or_else(|| format!("Calls of `{}`.", self.name), str::to_owned);
        let asked = RedRegistration {
            name: self.name.to_owned(),
            help,
            labels: Vec::new(),
            buckets: self.buckets,
            common_labels: None,
        };
        let red = RedFamily::register(registry, asked)?.with(&Texts(&[]));
        red.ok_or_else(|| Error::Full { name: self.name.to_owned() })
    }
}
