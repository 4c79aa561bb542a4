use super::storage::Storage;
use crate::cells::{Handled, Here, Owner, Reading, Shared};
use crate::collect::Sample;
use crate::description::MetricKind;
use crate::exemplar::Drops;
use crate::{Buckets, Metric};

/// A series that is always 1, and describes something by its labels: a version, a region, the name of a database.
///
/// Its name is exposed with `_info` (OpenMetrics 1.0, section "Info"), and it has no unit. It is exposed for as long as its series is
/// registered, whether or not the handle is kept.
///
/// ```
/// use instrument_core::Registry;
///
/// let registry = Registry::new();
/// registry.info("database", "The database in use.").label("engine", "sqlite").label("version", "3.50").register()?;
///
/// let labels = [("engine", "sqlite"), ("version", "3.50")];
/// assert!(registry.snapshot().info("database_info", &labels));
/// # Ok::<(), instrument_core::Error>(())
/// ```
///
/// What changes while the service runs is a [`Family`](crate::Family) with labels: take the old series out and look the new one up.
///
/// ```
/// use instrument_core::{Labels, Registry};
///
/// #[derive(Labels)]
/// struct Settings<'a> {
///     revision: &'a str,
/// }
///
/// let registry = Registry::new();
/// let settings = registry.info("settings", "The settings in force.").labels::<Settings>().register()?;
/// settings.with(&Settings { revision: "7" });
///
/// settings.remove(&Settings { revision: "7" });
/// settings.with(&Settings { revision: "8" });
/// assert!(!registry.snapshot().info("settings", &[("revision", "7")]));
/// assert!(registry.snapshot().info("settings", &[("revision", "8")]));
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Info {
    /// It holds nothing: the labels say it all.
    shown: Shared<()>,
}

impl Metric for Info {}

impl Storage for Info {
    type Settings = ();
    const KIND: MetricKind = MetricKind::Info;
    /// One that is there says that it is so.
    const ZERO_FILL: bool = false;

    fn settings(_: Option<Buckets>) -> Result<(), String> {
        Ok(())
    }

    fn allocate(_: &(), _: &Drops) -> Option<(Self, Owner)> {
        let (shown, owner) = Shared::new(())?;
        Some((Self { shown }, owner))
    }

    #[inline(always)]
    fn handle(&self, here: Here) -> Self {
        Self { shown: self.shown.handle(here) }
    }

    fn shared(&self) -> &dyn Handled {
        &self.shown
    }

    fn read(&self, _: &mut Reading, read: &mut dyn FnMut(Sample<'_>)) {
        read(Sample::Info);
    }
}
