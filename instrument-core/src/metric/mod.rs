//! The metrics: one file each.

mod counter;
mod gauge;
mod histogram;
mod info;
mod state_set;
mod timer;
mod up_down_counter;

pub use counter::Counter;
pub use gauge::Gauge;
pub use histogram::{Histogram, HistogramValue};
pub use info::Info;
pub use state_set::StateSet;
pub use timer::Timer;
pub use up_down_counter::{InFlight, UpDownCounter};

use crate::Buckets;
use crate::buckets::NativeBuckets;
use crate::cells::{CellId, Handled, Here, Lent, Owner, Reading, Unsigned};
use crate::collect::Sample;
use crate::description::{MetricKind, Shape};
use crate::exemplar::{Drops, RecordedExemplar};

/// What can be registered, alone or as the members of a [`Family`](crate::Family).
///
/// The types of this crate implement it; others cannot.
///
/// ```
/// use instrument_core::{Counter, Family, Labels, Metric, Registry};
///
/// #[derive(Labels)]
/// struct Tenant<'a> {
///     tenant: &'a str,
/// }
///
/// /// The metric of whoever pays, and one for all others.
/// fn of<M: Metric>(family: &Family<Tenant<'static>, M>, tenant: &str) -> M {
///     let pays = ["acme", "globex"].contains(&tenant);
///     family.with(&Tenant { tenant: if pays { tenant } else { "other" } })
/// }
///
/// let registry = Registry::new();
/// let requests: Family<Tenant, Counter> =
///     registry.counter("requests", "Requests answered.").labels().register()?;
/// of(&requests, "acme").inc();
/// of(&requests, "initech").inc();
/// assert_eq!(registry.snapshot().counter("requests", &[("tenant", "other")]), Some(1));
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a metric",
    label = "not a metric",
    note = "a `Family<Labels, Metric>` has the labels first, and then a `Counter`, `Gauge`, `UpDownCounter`, `Histogram<_>`, `Info` or `StateSet<_>`"
)]
pub trait Metric: Clone + Send + Sync + Sized + storage::Storage {}

pub(crate) mod storage {
    use super::{
        Buckets, CellId, Drops, Handled, Here, Lent, MetricKind, NativeBuckets, Owner, Reading,
        RecordedExemplar, Sample, Shape, Unsigned,
    };

    /// How a metric is made and read. Out of reach for other crates, which seals [`Metric`](super::Metric).
    pub trait Storage: 'static {
        /// What all series of a family have in common.
        type Settings: Clone + Send + Sync + PartialEq + std::fmt::Debug + 'static;

        const KIND: MetricKind;

        /// The unit that values of this type are shown in, whatever else is asked for.
        const UNIT: Option<&'static str> = None;

        /// Whether a finite set of series is there, at zero, before anybody has recorded.
        const ZERO_FILL: bool = true;

        /// The settings for these buckets, or the rule that the buckets break.
        fn settings(buckets: Option<Buckets>) -> Result<Self::Settings, String>;

        /// The rule that the states of a state set break, if they do.
        fn check_states(_: &Self::Settings) -> Result<(), &'static str> {
            Ok(())
        }

        /// The names of the states of a state set.
        fn states(_: &Self::Settings) -> &[Box<str>] {
            &[]
        }

        /// A metric at zero and what keeps it, or nothing when there is no room for it. `drops` counts exemplars that it cannot keep.
        fn allocate(settings: &Self::Settings, drops: &Drops) -> Option<(Self, Owner)>
        where
            Self: Sized;

        /// Whether a metric is one cell, and can do with one that a family lends.
        const LENT: bool = false;

        /// The same in a cell that is lent.
        fn allocate_lent(_: Lent, settings: &Self::Settings, drops: &Drops) -> Option<(Self, Owner)>
        where
            Self: Sized,
        {
            Self::allocate(settings, drops)
        }

        /// Whether the metric is that cell.
        fn is_at(&self, _: CellId<Unsigned>) -> bool {
            false
        }

        /// Shows what the metric holds.
        fn read(&self, reading: &mut Reading, read: &mut dyn FnMut(Sample<'_>));

        /// A number that is another one whenever something was recorded since without a handle. Nothing for what must stay: it would come back as
        /// something else, or not tell that something was recorded.
        fn recorded(&self, _: &mut Reading) -> Option<u64> {
            Some(0)
        }

        /// The exemplars that the metric keeps.
        fn exemplars(&self) -> Vec<RecordedExemplar> {
            Vec::new()
        }

        /// A clone, for who has found the thread's cells already.
        fn handle(&self, here: Here) -> Self;

        /// What counts the handles on the metric.
        fn shared(&self) -> &dyn Handled;

        /// The type of a histogram's values, and their bounds.
        fn buckets(_: &Self::Settings) -> Option<(&'static str, Vec<f64>)> {
            None
        }

        /// The native buckets of a histogram.
        fn native_buckets(_: &Self::Settings) -> Option<NativeBuckets> {
            None
        }

        /// What two registrations must agree on.
        fn shape(settings: &Self::Settings, labels: Vec<String>) -> Shape {
            let (value_type, bounds) = Self::buckets(settings).unzip();
            Shape {
                kind: Self::KIND,
                value_type,
                labels,
                bounds: bounds.unwrap_or_default(),
                native: Self::native_buckets(settings),
                computed: false,
            }
        }
    }
}
