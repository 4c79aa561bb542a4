use std::any::type_name;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::storage::Storage;
use crate::cells::{Handled, Here, Owner, Reading, Shared};
use crate::collect::{Sample, StateSetSample};
use crate::description::{MetricKind, Shape};
use crate::exemplar::Drops;
use crate::{Buckets, LabelValue, Metric, name};

/// Which of some states are active: one of them, as of a connection, or several at once, as of a machine's alarms.
///
/// Each state is a sample of its own, 1 where it is active and 0 where not, told apart by a label that is named as the metric
/// (OpenMetrics 1.0, section "StateSet"). The states are the values of a finite [`LabelValue`], of which there are at most 64. None is active before the first is
/// set. A clone is another handle on the same states, and all of them are one atomic, so no reader sees a change half made.
///
/// ```
/// use instrument_core::{LabelValue, Registry};
///
/// #[derive(LabelValue)]
/// enum Door {
///     Open,
///     Closed,
/// }
///
/// let registry = Registry::new();
/// let door = registry.state_set::<Door>("door", "What the door is.").register()?;
/// door.set(&Door::Closed);
/// door.set(&Door::Open);
///
/// let snapshot = registry.snapshot();
/// let active: Vec<&str> = snapshot.state_set("door", &[]).unwrap().active().collect();
/// assert_eq!(active, ["open"]);
///
/// // Where several can be active at once.
/// door.activate(&Door::Closed);
/// door.deactivate(&Door::Open);
/// assert!(door.is_active(&Door::Closed) && !door.is_active(&Door::Open));
/// # Ok::<(), instrument_core::Error>(())
/// ```
pub struct StateSet<S> {
    states: Shared<States>,
    set: PhantomData<fn(&S)>,
}

#[derive(Debug)]
struct States {
    names: Arc<[Box<str>]>,
    /// Bit `i` is set when the state of index `i` is active.
    active: AtomicU64,
}

impl<S: LabelValue> StateSet<S> {
    /// Makes a state the only active one.
    #[inline]
    pub fn set(&self, state: &S) {
        // Relaxed, here and below: the states say nothing about other memory.
        self.states.active.store(bit(state), Ordering::Relaxed);
    }

    /// Makes a state active, whatever others are.
    #[inline]
    pub fn activate(&self, state: &S) {
        self.states.active.fetch_or(bit(state), Ordering::Relaxed);
    }

    /// Makes a state inactive, whatever others are.
    #[inline]
    pub fn deactivate(&self, state: &S) {
        self.states.active.fetch_and(!bit(state), Ordering::Relaxed);
    }

    /// Whether a state is active.
    #[must_use]
    pub fn is_active(&self, state: &S) -> bool {
        self.states.active.load(Ordering::Relaxed) & bit(state) != 0
    }
}

/// The bit of a state, or none for an index that its type does not admit.
#[inline]
fn bit(state: &impl LabelValue) -> u64 {
    u32::try_from(state.index()).ok().and_then(|index| 1_u64.checked_shl(index)).unwrap_or(0)
}

impl<S: LabelValue + 'static> Metric for StateSet<S> {}

impl<S: LabelValue + 'static> Storage for StateSet<S> {
    /// The names of the states.
    type Settings = Arc<[Box<str>]>;
    const KIND: MetricKind = MetricKind::StateSet;

    fn settings(_: Option<Buckets>) -> Result<Self::Settings, String> {
        // One more than there may be is enough to see that there are too many.
        let states = S::CARDINALITY.unwrap_or(0).min(name::MAX_STATES + 1);
        Ok((0..states).map(|index| S::text_at(index).into()).collect())
    }

    fn check_states(names: &Self::Settings) -> Result<(), &'static str> {
        match S::CARDINALITY {
            None => Err("their number is not known: derive `LabelValue` for an enum without fields"),
            Some(_) => name::check_states(names),
        }
    }

    fn states(names: &Self::Settings) -> &[Box<str>] {
        names
    }

    fn allocate(names: &Self::Settings, _: &Drops) -> Option<(Self, Owner)> {
        let states = States { names: Arc::clone(names), active: AtomicU64::new(0) };
        let (states, owner) = Shared::new(states)?;
        Some((Self { states, set: PhantomData }, owner))
    }

    #[inline(always)]
    fn handle(&self, here: Here) -> Self {
        Self { states: self.states.handle(here), set: PhantomData }
    }

    fn shared(&self) -> &dyn Handled {
        &self.states
    }

    fn read(&self, _: &mut Reading, read: &mut dyn FnMut(Sample<'_>)) {
        let active = self.states.active.load(Ordering::Relaxed);
        read(Sample::StateSet(StateSetSample { names: &self.states.names, active }));
    }

    fn shape(_: &Self::Settings, labels: Vec<String>) -> Shape {
        let value_type = Some(type_name::<S>());
        Shape { kind: Self::KIND, value_type, labels, bounds: Vec::new(), native: None, computed: false }
    }
}

impl<S> Clone for StateSet<S> {
    fn clone(&self) -> Self {
        Self { states: self.states.clone(), set: PhantomData }
    }
}

impl<S> std::fmt::Debug for StateSet<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.states.fmt(f)
    }
}
