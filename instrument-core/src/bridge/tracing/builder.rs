use std::panic::Location;

use tracing_core::{Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;

use super::filter::Asked;
use super::layer::MetricsLayer;
use crate::red::{AskedBeside, Outcomes, RedCore, RedRegistration};
use crate::registry::Registration;
use crate::{Buckets, Error, Registry};

/// A layer that records spans and counts events, of level `INFO` and above, in a registry. See the [module](super), and [`LayerBuilder`] for
/// others.
///
/// ```
/// use instrument_core::Registry;
/// use instrument_core::bridge::tracing::layer;
/// use tracing_subscriber::layer::SubscriberExt;
/// use tracing_subscriber::util::SubscriberInitExt;
///
/// tracing_subscriber::registry().with(layer(Registry::global())?).init();
/// tracing::warn!(target: "shop", "out of stock");
///
/// let labels = [("level", "warn"), ("target", "shop")];
/// assert_eq!(Registry::global().snapshot().counter("tracing_events", &labels), Some(1));
/// # Ok::<(), instrument_core::Error>(())
/// ```
///
/// # Errors
///
/// As [`LayerBuilder::build`].
#[track_caller]
pub fn layer<S>(registry: &Registry) -> Result<impl Layer<S> + use<S>, Error>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    LayerBuilder::new(registry).build()
}

/// Sets up a layer: which spans are recorded, and which events are counted.
///
/// Both are said by target and level, as [`Targets`] does: the longest prefix of a target that is named decides.
///
/// ```
/// use instrument_core::bridge::tracing::LayerBuilder;
/// use instrument_core::{Buckets, Registry};
/// use tracing_subscriber::filter::{LevelFilter, Targets};
/// use tracing_subscriber::layer::SubscriberExt;
///
/// let registry = Registry::new();
/// let layer = LayerBuilder::new(&registry)
///     // Spans of our own, but not those of the health check.
///     .spans(Targets::new().with_target("shop", LevelFilter::DEBUG).with_target("shop::health", LevelFilter::OFF))
///     // Warnings and errors of everybody.
///     .events(Targets::new().with_default(LevelFilter::WARN))
///     .buckets(Buckets::latency())
///     .max_series(1_000)
///     .build()?;
///
/// tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
///     tracing::debug_span!(target: "shop::cart", "add").in_scope(|| tracing::info!("added"));
///     tracing::info_span!(target: "shop::health", "check").in_scope(|| tracing::warn!("slow"));
/// });
///
/// let snapshot = registry.snapshot();
/// assert_eq!(snapshot.family("tracing_span_in_flight").unwrap().series().len(), 1);
/// assert_eq!(snapshot.family("tracing_events_total").unwrap().series().len(), 1);
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "a layer is made by `build`"]
pub struct LayerBuilder {
    registry: Registry,
    asked: Asked,
    buckets: Buckets,
    max_series: Option<usize>,
    defined_at: &'static Location<'static>,
}

impl LayerBuilder {
    /// Spans and events of level `INFO` and above, into a registry.
    #[track_caller]
    pub fn new(registry: &Registry) -> Self {
        let info = || Targets::new().with_default(Level::INFO);
        Self {
            registry: registry.clone(),
            asked: Asked { spans: info(), events: info() },
            buckets: Buckets::function(),
            max_series: None,
            defined_at: Location::caller(),
        }
    }

    /// Says which spans are recorded. `Targets::new()` is none.
    pub fn spans(mut self, spans: Targets) -> Self {
        self.asked.spans = spans;
        self
    }

    /// Says which events are counted. `Targets::new()` is none. Errors that fail their span do so all the same.
    pub fn events(mut self, events: Targets) -> Self {
        self.asked.events = events;
        self
    }

    /// Sets the buckets of the durations, in seconds: [`Buckets::function`] without it.
    pub fn buckets(mut self, buckets: Buckets) -> Self {
        self.buckets = buckets;
        self
    }

    /// Sets how many spans, by name and target, and how many pairs of level and target there may be: 10,000 of each without it. What is beyond goes to
    /// series `__overflow__`.
    pub fn max_series(mut self, max_series: usize) -> Self {
        self.max_series = Some(max_series);
        self
    }

    /// Registers the metrics and makes the layer. Several layers may record into one registry; each counts for itself.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub fn build<S>(self) -> Result<impl Layer<S> + use<S>, Error>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        let events = self.registry.register(Registration {
            labels: &["level", "target"],
            max_series: self.max_series,
            defined_at: self.defined_at,
            ..Registration::new("tracing_events", "Events that were emitted through tracing.")
        })?;
        let spans = RedRegistration {
            name: "tracing_span".to_owned(),
            help: "Spans of tracing.".to_owned(),
            labels: vec!["span", "target"],
            known_values: None,
            buckets: self.buckets,
            outcomes: Outcomes::default(),
            max_series: self.max_series,
            error_kinds: false,
            beside: AskedBeside::default(),
            common_labels: None,
            defined_at: self.defined_at,
        };
        let spans = RedCore::register(&self.registry, spans)?;
        Ok(MetricsLayer::new(spans, events, self.asked.events.clone()).with_filter(self.asked))
    }
}
