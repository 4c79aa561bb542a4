//! What an operation can record beside its rate, errors and duration, under the same labels but for the outcome.

use std::sync::Arc;
use std::time::Duration;

use super::core::RedRegistration;
use crate::family::FamilyCore;
use crate::label::Texts;
use crate::registry::Registration;
use crate::{Buckets, Counter, Error, Histogram, Metric, Registry};

/// Which of it is asked for.
#[derive(Clone, Copy, Default)]
pub(crate) struct AskedBeside {
    /// The time that futures are polled.
    pub(crate) poll_time: bool,
    /// How many items streams give.
    pub(crate) items: bool,
}

/// The metrics of one label set.
pub(super) struct Beside {
    pub(super) poll_time: Option<Histogram<Duration>>,
    #[cfg_attr(not(feature = "stream"), expect(dead_code, reason = "read where there are streams"))]
    pub(super) items: Option<Counter>,
}

impl RedRegistration {
    /// Registers the families, to know that they can be.
    pub(super) fn check_beside(&self, registry: &Registry) -> Result<(), Error> {
        if self.beside.poll_time {
            self.poll_time(registry, &self.labels)?;
        }
        if self.beside.items {
            self.items(registry, &self.labels)?;
        }
        Ok(())
    }

    /// The metrics of a label set; nothing if none are asked for.
    pub(super) fn beside(&self, registry: &Registry, names: &[&str], values: &[&str]) -> Option<Box<Beside>> {
        let values = Texts(values);
        let poll_time = self.beside.poll_time.then(|| self.poll_time(registry, names).ok()).flatten();
        let items = self.beside.items.then(|| self.items(registry, names).ok()).flatten();
        (poll_time.is_some() || items.is_some()).then(|| {
            Box::new(Beside {
                poll_time: poll_time.map(|family| family.with(&values)),
                items: items.map(|family| family.with(&values)),
            })
        })
    }

    fn poll_time(
        &self,
        registry: &Registry,
        labels: &[&str],
    ) -> Result<Arc<FamilyCore<Histogram<Duration>>>, Error> {
        let help = "Time spent in polls, without the waiting between them.";
        // Not the buckets of the duration: others may ask for the same labels with others.
        self.family(registry, "poll_time", help, Some(Buckets::function()), labels)
    }

    fn items(&self, registry: &Registry, labels: &[&str]) -> Result<Arc<FamilyCore<Counter>>, Error> {
        self.family(registry, "items", "Items of the streams.", None, labels)
    }

    fn family<M: Metric>(
        &self,
        registry: &Registry,
        suffix: &str,
        help: &str,
        buckets: Option<Buckets>,
        labels: &[&str],
    ) -> Result<Arc<FamilyCore<M>>, Error> {
        registry.register(Registration {
            buckets,
            labels,
            defined_at: self.defined_at,
            mixed: self.common_labels.is_some(),
            max_series: self.max_series,
            ..Registration::new(&format!("{}_{suffix}", self.name), &format!("{} {help}", self.help))
        })
    }
}
