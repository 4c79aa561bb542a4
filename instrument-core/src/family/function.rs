//! Families whose numbers are computed when they are read.

use std::fmt;
use std::ops::ControlFlow;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

use super::AnyFamily;
use crate::cells::Reading;
use crate::collect::{Kept, Sample, Series, Visitor};
use crate::description::{Description, MetricKind, Shape};
use crate::guarded::{self, Ran};
use crate::name;
use crate::series::JoinedTexts;

/// Computes a number.
pub(crate) enum Function {
    Counter(Box<dyn Fn() -> u64 + Send + Sync>),
    Gauge(Box<dyn Fn() -> f64 + Send + Sync>),
}

impl Function {
    pub(crate) fn kind(&self) -> MetricKind {
        match self {
            Self::Counter(_) => MetricKind::Counter,
            Self::Gauge(_) => MetricKind::Gauge,
        }
    }

    fn sample(&self) -> Sample<'static> {
        match self {
            Self::Counter(count) => Sample::Counter(count()),
            Self::Gauge(value) => Sample::Gauge(value()),
        }
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Function").field("kind", &self.kind()).finish_non_exhaustive()
    }
}

/// The functions of one name, each with label values of its own.
pub(crate) struct FunctionFamily {
    description: Arc<Description>,
    label_names: Vec<String>,
    constant_labels: Arc<[(String, String)]>,
    series: RwLock<Vec<Arc<Computed>>>,
    /// The address of the registry, see [`guarded::run`].
    registry: usize,
    count_panic: Box<dyn Fn() + Send + Sync>,
}

/// A function and the values of its labels.
pub(crate) struct Computed {
    texts: JoinedTexts,
    kept: Kept,
    function: Function,
}

impl Computed {
    pub(crate) fn new(texts: JoinedTexts, function: Function) -> Self {
        Self { texts, kept: Kept::new(), function }
    }
}

impl FunctionFamily {
    pub(crate) fn new(
        description: Arc<Description>,
        label_names: Vec<String>,
        constant_labels: Arc<[(String, String)]>,
        registry: usize,
        count_panic: Box<dyn Fn() + Send + Sync>,
    ) -> Self {
        let series = RwLock::default();
        Self { description, label_names, constant_labels, series, registry, count_panic }
    }

    pub(crate) fn description(&self) -> Arc<Description> {
        Arc::clone(&self.description)
    }

    /// Takes in a function, unless there is one with the same label values.
    pub(crate) fn add(&self, computed: &Arc<Computed>) -> bool {
        let mut series = self.series.write().unwrap_or_else(PoisonError::into_inner);
        let is_new = !series.iter().any(|other| other.texts == computed.texts);
        if is_new {
            series.push(Arc::clone(computed));
        }
        is_new
    }

    /// Takes out a function, and says whether there are none any more.
    pub(crate) fn remove(&self, computed: &Arc<Computed>) -> bool {
        let mut series = self.series.write().unwrap_or_else(PoisonError::into_inner);
        series.retain(|other| !Arc::ptr_eq(other, computed));
        series.is_empty()
    }
}

impl AnyFamily for FunctionFamily {
    fn shape(&self) -> Shape {
        Shape {
            kind: self.description.kind,
            value_type: None,
            labels: self.label_names.clone(),
            bounds: Vec::new(),
            native: None,
            computed: true,
        }
    }

    fn expire(&self, _: Instant, _: &mut Reading) {}

    fn visit(&self, place: &mut usize, _: &mut Reading, visitor: &mut dyn Visitor) -> ControlFlow<()> {
        // The functions may register others, so they are not called under the lock.
        let series = self.series.read().unwrap_or_else(PoisonError::into_inner).clone();
        let has_plain_names = name::are_plain(&self.constant_labels, &self.label_names);
        series.iter().skip(*place).try_for_each(|series| {
            *place += 1;
            let sample = match guarded::run(self.registry, || series.function.sample()) {
                Ran::Returned(sample) => sample,
                Ran::Panicked => {
                    (self.count_panic)();
                    return ControlFlow::Continue(());
                }
                Ran::Nested => return ControlFlow::Continue(()),
            };
            let shown = Series {
                constant: &self.constant_labels,
                names: &self.label_names,
                has_plain_names,
                texts: &series.texts,
                created: None,
                kept: &series.kept,
                exemplars: &Vec::new,
            };
            visitor.series(&self.description, &shown, &sample)
        })
    }
}
