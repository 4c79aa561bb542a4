//! What an exposition says, whatever its format.

use std::collections::BTreeMap;

use instrument_core::{HistogramSnapshot, RecordedExemplar, Snapshot, Value};

/// A sample by its name and its labels, which are sorted. Numbers as their bits, so that `NaN` is itself.
pub(crate) type Samples = BTreeMap<(String, Vec<(String, String)>), u64>;

/// The exemplar of a sample, as labels and value.
pub(crate) type Exemplars = BTreeMap<(String, Vec<(String, String)>), (Vec<(String, String)>, u64)>;

/// What text shows of a picture: each sample, with `le` as a number's plainest text.
pub(crate) fn samples(snapshot: &Snapshot, shows_sum: impl Fn(&HistogramSnapshot) -> bool) -> Samples {
    let mut samples = Samples::new();
    for family in snapshot.families() {
        let (name, base) = (family.description().exposed_name(), &family.description().name);
        for series in family.series() {
            let mut add = |name: &str, more: Option<(&str, String)>, value: f64| {
                let key = (name.to_owned(), labels(series.labels(), more));
                assert!(samples.insert(key, value.to_bits()).is_none());
            };
            match series.value() {
                Value::Counter(value) => add(&name, None, *value as f64),
                Value::UpDownCounter(value) => add(&name, None, *value as f64),
                Value::FloatCounter(value) | Value::Gauge(value) => add(&name, None, *value),
                Value::Info => add(&name, None, 1.0),
                Value::StateSet(states) => states.states().for_each(|(state, active)| {
                    add(&name, Some((base, state.to_owned())), f64::from(u8::from(active)));
                }),
                Value::Histogram(histogram) => {
                    for (bound, count) in histogram.buckets() {
                        add(&format!("{name}_bucket"), Some(("le", bound.to_string())), count as f64);
                    }
                    if shows_sum(histogram) {
                        add(&format!("{name}_sum"), None, histogram.sum());
                        add(&format!("{name}_count"), None, histogram.count() as f64);
                    }
                }
                other => panic!("a new kind: {other:?}"),
            }
        }
    }
    samples
}

/// The exemplars that OpenMetrics shows, by the sample that they stand behind.
pub(crate) fn exemplars(snapshot: &Snapshot) -> Exemplars {
    let mut all = Exemplars::new();
    for family in snapshot.families() {
        let name = family.description().exposed_name();
        for series in family.series() {
            let mut add = |name: String, bound: Option<f64>, exemplar: &RecordedExemplar| {
                let more = bound.map(|bound| ("le", bound.to_string()));
                let shown = labels(exemplar.labels().filter(|(_, value)| !value.is_empty()), None);
                let value = (shown, exemplar.value().to_bits());
                assert!(all.insert((name, labels(series.labels(), more)), value).is_none());
            };
            let exemplars = series.exemplars();
            match series.value() {
                Value::Histogram(histogram) if histogram.bounds().is_empty() => {
                    let latest = exemplars.iter().max_by_key(|exemplar| exemplar.time());
                    latest
                        .into_iter()
                        .for_each(|latest| add(format!("{name}_bucket"), Some(f64::INFINITY), latest));
                }
                Value::Histogram(histogram) => {
                    for exemplar in exemplars {
                        let bound = histogram.buckets().nth(exemplar.bucket().unwrap()).unwrap().0;
                        add(format!("{name}_bucket"), Some(bound), exemplar);
                    }
                }
                _ => exemplars.iter().for_each(|exemplar| add(name.clone(), None, exemplar)),
            }
        }
    }
    all
}

pub(crate) fn labels<'l>(
    labels: impl Iterator<Item = (&'l str, &'l str)>,
    more: Option<(&str, String)>,
) -> Vec<(String, String)> {
    let mut labels: Vec<_> = labels.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    labels.extend(more.map(|(name, value)| (name.to_owned(), value)));
    labels.sort();
    labels
}
