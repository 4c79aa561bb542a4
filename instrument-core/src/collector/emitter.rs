use std::fmt;

use super::emitted::{Emitted, EmittedValue};
use super::family::{EmittedHistogram, FamilyEmitter};
use crate::description::MetricKind;

/// Takes what a [`Collector`](crate::Collector) emits: the beginnings of families, each of which takes values.
///
/// Names, units and labels follow the rules of [`Registry`](crate::Registry); its prefix and its constant labels are added.
///
/// ```
/// use instrument_core::collector::EmittedHistogram;
/// use instrument_core::{Collector, Emitter, Registry};
///
/// struct Weather;
///
/// impl Collector for Weather {
///     fn collect(&self, emitter: &mut Emitter<'_>) {
///         emitter.info("station", "What measures.").labelled(&[("model", "T-1000")], ());
///         emitter.state_set("sky", "What the sky is.").value(&[("clear", true), ("overcast", false)]);
///         emitter.gauge("temperature", "Temperature outside.").unit("celsius").value(21.5);
///         emitter.counter("readings", "Readings taken.").value(288);
///         emitter.float_counter("sunshine", "Time that the sun shone.").unit("seconds").value(3600.5);
///         emitter.histogram("gusts", "Speed of gusts.").unit("meters_per_second").value(EmittedHistogram {
///             bounds: &[5.0, 10.0],
///             counts: &[7, 2, 0],
///             sum: 31.0,
///         });
///     }
/// }
///
/// let registry = Registry::builder().prefix("weather").build()?;
/// registry.register_collector(Weather);
///
/// let snapshot = registry.snapshot();
/// assert_eq!(snapshot.gauge("weather_temperature_celsius", &[]), Some(21.5));
/// assert_eq!(snapshot.counter("weather_readings_total", &[]), Some(288));
/// assert_eq!(snapshot.float_counter("weather_sunshine_seconds_total", &[]), Some(3600.5));
/// assert_eq!(snapshot.histogram("weather_gusts_meters_per_second", &[]).unwrap().count(), 9);
/// assert_eq!(snapshot.state_set("weather_sky", &[]).unwrap().is_active("clear"), Some(true));
/// assert!(snapshot.info("weather_station_info", &[("model", "T-1000")]));
/// # Ok::<(), instrument_core::Error>(())
/// ```
pub struct Emitter<'c> {
    emitted: &'c mut Emitted,
}

impl<'c> Emitter<'c> {
    pub(crate) fn new(emitted: &'c mut Emitted) -> Self {
        Self { emitted }
    }

    /// A number that only grows. When one is smaller than it was at the read before, readers take it for started anew from zero.
    pub fn counter<'e>(&'e mut self, name: &'e str, help: &'e str) -> FamilyEmitter<'e, u64> {
        FamilyEmitter::new(self.emitted, MetricKind::Counter, name, help, EmittedValue::Counter)
    }

    /// A number with fractions that only grows, such as seconds. It is neither below zero nor infinite.
    pub fn float_counter<'e>(&'e mut self, name: &'e str, help: &'e str) -> FamilyEmitter<'e, f64> {
        FamilyEmitter::new(self.emitted, MetricKind::Counter, name, help, EmittedValue::FloatCounter)
    }

    /// A number that goes up and down.
    pub fn gauge<'e>(&'e mut self, name: &'e str, help: &'e str) -> FamilyEmitter<'e, f64> {
        FamilyEmitter::new(self.emitted, MetricKind::Gauge, name, help, EmittedValue::Gauge)
    }

    /// Values counted by size.
    pub fn histogram<'e>(
        &'e mut self,
        name: &'e str,
        help: &'e str,
    ) -> FamilyEmitter<'e, EmittedHistogram<'e>> {
        FamilyEmitter::new(self.emitted, MetricKind::Histogram, name, help, |histogram| {
            EmittedValue::Histogram {
                bounds: histogram.bounds.into(),
                counts: histogram.counts.into(),
                sum: histogram.sum,
            }
        })
    }

    /// Labels that describe something.
    pub fn info<'e>(&'e mut self, name: &'e str, help: &'e str) -> FamilyEmitter<'e, ()> {
        FamilyEmitter::new(self.emitted, MetricKind::Info, name, help, |()| EmittedValue::Info)
    }

    /// Which of some states are active: at most 64, each by its name.
    pub fn state_set<'e>(
        &'e mut self,
        name: &'e str,
        help: &'e str,
    ) -> FamilyEmitter<'e, &'e [(&'e str, bool)]> {
        FamilyEmitter::new(self.emitted, MetricKind::StateSet, name, help, |states| {
            let active = states.iter().map(|(_, active)| u64::from(*active)).zip(0_u32..);
            EmittedValue::StateSet {
                names: states.iter().map(|(name, _)| (*name).into()).collect(),
                // More than there are bits are refused.
                active: active.fold(0, |all, (one, place)| all | one.checked_shl(place).unwrap_or(0)),
            }
        })
    }
}

impl fmt::Debug for Emitter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emitter").finish_non_exhaustive()
    }
}
