//! Registries of all kinds, with all that labels, help texts and numbers can be.

use instrument_core::{Buckets, Exemplar, Family, Histogram, HistogramValue, Labels, Registry};
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;

#[derive(Labels, Debug, Clone)]
struct Texts {
    first: String,
    second: Option<String>,
}

/// A family to register, and what is recorded in it.
#[derive(Debug, Clone)]
pub(crate) struct FamilyOf {
    help: String,
    unit: Option<&'static str>,
    kind: Kind,
    records: Vec<Record>,
}

#[derive(Debug, Clone)]
enum Kind {
    Counter,
    Gauge,
    UpDown,
    States,
    Floats(Buckets),
    Wholes(Buckets),
}

#[derive(Debug, Clone)]
struct Record {
    labels: Texts,
    value: f64,
    exemplar: Option<String>,
}

fn numbers() -> impl Strategy<Value = f64> {
    let odd = [0.0, -0.0, 1.0, -2.5, 1e-300, 1e300, f64::MAX, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
    prop_oneof![prop::sample::select(odd.to_vec()), -1e4..1e4, (0_u32..500).prop_map(f64::from)]
}

/// Any text, and what formats stumble over.
fn texts() -> impl Strategy<Value = String> {
    let odd = ["", "\n", "\"", "\\", "\\n", "} 1", "# EOF", " ", "\r", "\0", "é✓🦀"].map(str::to_owned);
    prop_oneof![prop::sample::select(odd.to_vec()), any::<String>(), "[a-z/]{1,12}"]
}

/// Buckets of which none is below a bound.
fn buckets(lowest: i32) -> impl Strategy<Value = Buckets> {
    let bounds = btree_set(lowest..40, 1..8)
        .prop_map(|bounds| Buckets::explicit(bounds.into_iter().map(|bound| f64::from(bound) / 4.0)));
    let native = (-4..=8, 2_usize..40, any::<bool>());
    (prop::option::of(bounds), prop::option::of(native)).prop_map(|(explicit, native)| {
        let explicit = explicit.or(native.is_none().then(|| Buckets::explicit([1.0])));
        match (explicit, native) {
            (Some(explicit), None) => explicit,
            (explicit, Some((schema, most, no_threshold))) => {
                let buckets = match explicit {
                    Some(explicit) => explicit.and_native(schema, most),
                    None => Buckets::native(schema, most),
                };
                if no_threshold { buckets.zero_threshold(0.0) } else { buckets }
            }
            (None, None) => unreachable!("one of both"),
        }
    })
}

pub(crate) fn families() -> impl Strategy<Value = Vec<FamilyOf>> {
    let labels = (texts(), prop::option::of(texts())).prop_map(|(first, second)| Texts { first, second });
    let record = (labels, numbers(), prop::option::weighted(0.3, "[a-f0-9]{0,16}"))
        .prop_map(|(labels, value, exemplar)| Record { labels, value, exemplar });
    let kind = prop_oneof![
        Just(Kind::Counter),
        Just(Kind::Gauge),
        Just(Kind::UpDown),
        Just(Kind::States),
        buckets(-20).prop_map(Kind::Floats),
        buckets(0).prop_map(Kind::Wholes),
    ];
    let unit = prop::sample::select(vec![None, Some("seconds"), Some("bytes")]);
    let family = (texts(), unit, kind, vec(record, 0..12)).prop_map(|(help, unit, kind, records)| FamilyOf {
        help,
        unit,
        kind,
        records,
    });
    vec(family, 0..6)
}

fn observe<V: HistogramValue>(family: &Family<Texts, Histogram<V>>, records: &[Record], value: fn(f64) -> V) {
    for record in records {
        let exemplar = record.exemplar.as_ref().map(Exemplar::trace_id);
        family.with(&record.labels).observe_with(value(record.value), exemplar);
    }
}

pub(crate) fn registry(families: &[FamilyOf]) -> Registry {
    let registry = Registry::builder().constant_label("service", "a \"b\"").build().unwrap();
    for (number, FamilyOf { help, unit, kind, records }) in families.iter().enumerate() {
        let name = format!("family_{number}");
        macro_rules! family {
            ($builder:expr) => {{
                let builder = $builder;
                let builder = match unit {
                    Some(unit) => builder.unit(*unit),
                    None => builder,
                };
                builder.labels::<Texts>().register().unwrap()
            }};
        }
        match kind {
            Kind::Counter => {
                let family = family!(registry.counter(&name, help));
                for record in records {
                    let exemplar = record.exemplar.as_ref().map(Exemplar::trace_id);
                    family.with(&record.labels).inc_by_with(record.value as u64, exemplar);
                }
            }
            Kind::Gauge => {
                let family = family!(registry.gauge(&name, help));
                records.iter().for_each(|record| family.with(&record.labels).set(record.value));
            }
            Kind::UpDown => {
                let family = family!(registry.up_down_counter(&name, help));
                records.iter().for_each(|record| family.with(&record.labels).add(record.value as i32 as i64));
            }
            Kind::States => {
                let family = registry.state_set::<bool>(&name, help).labels::<Texts>().register().unwrap();
                records.iter().for_each(|record| family.with(&record.labels).set(&(record.value > 0.0)));
            }
            Kind::Floats(buckets) => {
                let family = family!(registry.histogram::<f64>(&name, help).buckets(buckets.clone()));
                observe(&family, records, |value| value);
            }
            Kind::Wholes(buckets) => {
                let family = family!(registry.histogram::<u64>(&name, help).buckets(buckets.clone()));
                observe(&family, records, |value| value as u64);
            }
        }
    }
    registry
}
