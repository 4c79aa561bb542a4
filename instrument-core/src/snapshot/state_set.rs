use crate::collect::StateSetSample;

/// The states of a [`StateSet`](crate::StateSet) in a [`Snapshot`](crate::Snapshot), and which of them are active.
///
/// ```
/// use instrument_core::Registry;
///
/// let registry = Registry::new();
/// registry.state_set::<bool>("frozen", "Whether nothing moves.").register()?.set(&true);
///
/// let snapshot = registry.snapshot();
/// let frozen = snapshot.state_set("frozen", &[]).unwrap();
/// assert_eq!(frozen.states().collect::<Vec<_>>(), [("false", false), ("true", true)]);
/// assert_eq!(frozen.active().collect::<Vec<_>>(), ["true"]);
/// assert_eq!(frozen.is_active("true"), Some(true));
/// assert_eq!(frozen.is_active("maybe"), None);
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct StateSetSnapshot {
    states: Vec<(String, bool)>,
}

impl From<&StateSetSample<'_>> for StateSetSnapshot {
    fn from(sample: &StateSetSample<'_>) -> Self {
        Self { states: sample.states().map(|(name, active)| (name.to_owned(), active)).collect() }
    }
}

impl StateSetSnapshot {
    /// The names of all states in their order, and whether each is active.
    pub fn states(&self) -> impl Iterator<Item = (&str, bool)> {
        self.states.iter().map(|(name, active)| (name.as_str(), *active))
    }

    /// The names of the active states.
    pub fn active(&self) -> impl Iterator<Item = &str> {
        self.states().filter(|(_, active)| *active).map(|(name, _)| name)
    }

    /// Whether the state of this name is active, if there is one.
    #[must_use]
    pub fn is_active(&self, state: &str) -> Option<bool> {
        self.states().find(|(name, _)| *name == state).map(|(_, active)| active)
    }
}
