//! What has happened between two pictures.

use super::{Snapshot, Value};

impl Snapshot {
    /// What has happened since an earlier picture of the same registry.
    ///
    /// Counters and histograms are less what they held then, gauges and up-down counters are as they are. A series that was not there then, or was made anew since, counts from zero.
    ///
    /// ```
    /// use instrument_core::Registry;
    ///
    /// let registry = Registry::new();
    /// let jobs = registry.counter("jobs", "Jobs run.").register()?;
    /// jobs.inc();
    ///
    /// let before = registry.snapshot();
    /// jobs.inc_by(2);
    /// assert_eq!(registry.snapshot().delta(&before).counter("jobs", &[]), Some(2));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[must_use]
    pub fn delta(&self, earlier: &Self) -> Self {
        let mut delta = self.clone();
        for family in &mut delta.families {
            let name = &family.description.name;
            let then = earlier.families.binary_search_by(|other| other.description.name.cmp(name));
            let Some(then) = then.ok().and_then(|index| earlier.families.get(index)) else { continue };
            for series in &mut family.series {
                let then_index = then.series.binary_search_by(|other| other.labels.cmp(&series.labels));
                if let Some(then) = then_index.ok().and_then(|index| then.series.get(index))
                    && then.created == series.created
                {
                    series.value.subtract(&then.value);
                }
            }
        }
        delta
    }
}

impl Value {
    /// Makes it what was added since an earlier value. A kind that has changed, or a number that has shrunk, was made anew.
    fn subtract(&mut self, earlier: &Self) {
        match (self, earlier) {
            (Self::Counter(now), Self::Counter(then)) => *now = now.checked_sub(*then).unwrap_or(*now),
            (Self::FloatCounter(now), Self::FloatCounter(then)) if *now >= *then => *now -= then,
            (Self::Histogram(now), Self::Histogram(then)) => now.subtract(then),
            _ => {}
        }
    }
}
