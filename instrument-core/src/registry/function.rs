use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError};

use super::entries::About;
use super::own::PANICS;
use super::registered::Registered;
use super::{MAX_SERIES, Registration, Registry};
use crate::description::Shape;
use crate::error::Error;
use crate::family::{Computed, Function, FunctionFamily};
use crate::name;

impl Registry {
    /// A gauge that a function computes each time it is read, to be registered: the length of a queue, the time since an event.
    ///
    /// The function is called on the thread that reads, and must not wait for long. It may use the registry, even read it, and then sees
    /// it without what is computed; a handle that it holds keeps the registry, until it is [unregistered](Registered::unregister). When it panics, the read goes on without its number, and the panic is counted in
    /// `instrument_collector_panics_total{collector="…"}`, by the name of the metric. (A program that is built to abort on panics aborts.)
    ///
    /// ```
    /// use std::time::Instant;
    ///
    /// use instrument_core::Registry;
    ///
    /// let registry = Registry::new();
    /// let start = Instant::now();
    /// registry.gauge_fn("uptime", "Time since the start.", move || start.elapsed().as_secs_f64()).unit("seconds").register()?;
    /// assert!(registry.snapshot().gauge("uptime_seconds", &[]) >= Some(0.0));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[track_caller]
    pub fn gauge_fn<'r>(
        &'r self,
        name: &'r str,
        help: &'r str,
        compute: impl Fn() -> f64 + Send + Sync + 'static,
    ) -> FunctionBuilder<'r> {
        FunctionBuilder::new(self, name, help, Function::Gauge(Box::new(compute)))
    }

    /// A counter that something else counts, and a function asks for each time it is read, to be registered.
    ///
    /// The number should only grow. It is shown as the function returns it, and one that is smaller than before is taken for started anew by all
    /// who compare two reads, as a counter of a process that was restarted is: they add the whole of it. So a number that can be
    /// off by a few, in either direction, is better a gauge. All else is as with [`gauge_fn`](Self::gauge_fn).
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicU64, Ordering};
    ///
    /// use instrument_core::Registry;
    ///
    /// let registry = Registry::new();
    /// let hits = Arc::new(AtomicU64::new(0));
    /// let read = Arc::clone(&hits);
    /// registry.counter_fn("hits", "Hits.", move || read.load(Ordering::Relaxed)).register()?;
    ///
    /// hits.fetch_add(3, Ordering::Relaxed);
    /// assert_eq!(registry.snapshot().counter("hits_total", &[]), Some(3));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[track_caller]
    pub fn counter_fn<'r>(
        &'r self,
        name: &'r str,
        help: &'r str,
        count: impl Fn() -> u64 + Send + Sync + 'static,
    ) -> FunctionBuilder<'r> {
        FunctionBuilder::new(self, name, help, Function::Counter(Box::new(count)))
    }
}

/// A metric that a function computes when it is read, and that is not registered yet.
///
/// Made by [`Registry::gauge_fn`] and [`Registry::counter_fn`].
///
/// ```
/// use std::sync::{Arc, Mutex};
///
/// use instrument_core::Registry;
///
/// let registry = Registry::new();
/// for shard in ["even", "odd"] {
///     let queue = Arc::new(Mutex::new(vec![1, 2, 3]));
///     registry
///         .gauge_fn("queue_length", "Items that wait.", move || queue.lock().map_or(f64::NAN, |queue| queue.len() as f64))
///         .unit("items")
///         .label("shard", shard)
///         .register()?;
/// }
/// assert_eq!(registry.snapshot().gauge("queue_length_items", &[("shard", "odd")]), Some(3.0));
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "a function is called only once it is registered"]
pub struct FunctionBuilder<'r> {
    registry: &'r Registry,
    asked: Registration<'r>,
    names: Vec<&'r str>,
    values: Vec<&'r str>,
    function: Function,
}

impl<'r> FunctionBuilder<'r> {
    #[track_caller]
    pub(super) fn new(registry: &'r Registry, name: &'r str, help: &'r str, function: Function) -> Self {
        let asked = Registration::new(name, help);
        Self { registry, asked, names: Vec::new(), values: Vec::new(), function }
    }

    /// Says what the number counts: `seconds`, `bytes`, `ratio`. It is appended to the name.
    pub fn unit(mut self, unit: &'r str) -> Self {
        self.asked.unit = Some(unit);
        self
    }

    /// Gives it a label, so that several functions can share the name, each with other values.
    pub fn label(mut self, name: &'r str, value: &'r str) -> Self {
        self.names.push(name);
        self.values.push(value);
        self
    }

    /// Registers the function, which is called at each read from now on.
    ///
    /// It is called until the registry is dropped or the function [unregistered](Registered::unregister).
    ///
    /// # Errors
    ///
    /// See [`Error`]: each says which rule is broken, and what to do. A second function of the same name and labels is
    /// [`Error::AlreadyComputed`], as it cannot be told from the first.
    pub fn register(self) -> Result<Registered, Error> {
        let Self { registry, asked, names, values, function } = self;
        let inner = registry.inner();
        let kind = function.kind();
        let description = name::describe(
            inner.characters,
            inner.prefix.as_deref(),
            asked.name,
            asked.help,
            asked.unit,
            kind,
        )?;
        name::check_labels(inner.characters, Some(&description.name), &names, &inner.constant_labels)?;
        let label_names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let shape = Shape {
            kind,
            value_type: None,
            labels: label_names.clone(),
            bounds: Vec::new(),
            native: None,
            computed: true,
        };
        let name = description.name.clone();
        let computed = Arc::new(Computed::new(values.iter().copied().collect(), function));

        let mut entries = inner.entries.write().unwrap_or_else(PoisonError::into_inner);
        let family = match entries.find::<FunctionFamily>(&name, &shape, false, false, asked.defined_at)? {
            Some(family) => family,
            None => {
                entries.check_samples(&name, kind)?;
                let (weak, panicked) = (Arc::downgrade(&inner), name.clone());
                let family = Arc::new(FunctionFamily::new(
                    Arc::new(description),
                    label_names,
                    Arc::clone(&inner.constant_labels),
                    Arc::as_ptr(&inner).addr(),
                    Box::new(move || {
                        if let Some(inner) = weak.upgrade() {
                            Registry::from(inner).count_own(&PANICS, &[&panicked], 1);
                        }
                    }),
                ));
                let about = About {
                    constant_labels: Arc::clone(&inner.constant_labels),
                    max_series: MAX_SERIES,
                    defined_at: BTreeSet::from([asked.defined_at]),
                    ..About::default()
                };
                entries.insert(family.description(), Arc::clone(&family), about);
                family
            }
        };
        if !family.add(&computed) {
            let labels = names.iter().zip(&values);
            return Err(Error::AlreadyComputed {
                name,
                labels: labels.map(|(&name, &value)| (name.to_owned(), value.to_owned())).collect(),
            });
        }
        drop(entries);
        Ok(Registered::function(&inner, name, &computed))
    }
}
