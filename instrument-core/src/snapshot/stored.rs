//! How the parts of a picture are written and read by serde, where that is not as they lie in memory.
//!
//! No part is left out when it is empty: formats that do not write the names of fields, such as MessagePack, tell fields by their position.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use super::{FamilySnapshot, HistogramSnapshot, Value};

/// Families in the order that look-ups rely on, in whatever order they were written, and histograms whose parts fit.
pub(super) fn families<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<FamilySnapshot>, D::Error> {
    let mut families = Vec::<FamilySnapshot>::deserialize(deserializer)?;
    families.sort_by(|one, other| one.description.name.cmp(&other.description.name));
    for family in &mut families {
        family.series.sort_by(|one, other| one.labels.cmp(&other.labels));
        for series in &family.series {
            if let Value::Histogram(histogram) = &series.value {
                let name = &family.description.name;
                check(histogram)
                    .map_err(|rule| D::Error::custom(format_args!("histogram `{name}`: {rule}")))?;
            }
        }
    }
    Ok(families)
}

fn check(histogram: &HistogramSnapshot) -> Result<(), &'static str> {
    let bounds = histogram.bounds();
    if histogram.counts().len() != bounds.len() + 1 {
        Err("there must be one count more than there are bounds")
    } else if !bounds.is_sorted_by(|one, next| one < next) {
        Err("the bounds must ascend")
    } else if histogram.native().is_some_and(|native| !(-4..=8).contains(&native.schema())) {
        Err("the schema of native buckets must be from -4 to 8")
    } else {
        Ok(())
    }
}

/// Labels as a map.
pub(super) mod labels {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(in crate::snapshot) fn serialize<S: Serializer>(
        labels: &[(String, String)],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_map(labels.iter().map(|(name, value)| (name, value)))
    }

    pub(in crate::snapshot) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<(String, String)>, D::Error> {
        Ok(BTreeMap::deserialize(deserializer)?.into_iter().collect())
    }
}

/// Numbers of which some are not finite. Formats that people read have none of those, JSON for one, so they are text there, as Prometheus
/// writes them: `+Inf`, `-Inf` and `NaN`.
pub(crate) mod number {
    use std::fmt;

    use serde::de::{Error, Unexpected, Visitor};
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(number: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        if number.is_finite() || !serializer.is_human_readable() {
            serializer.serialize_f64(*number)
        } else if number.is_nan() {
            serializer.serialize_str("NaN")
        } else {
            serializer.serialize_str(if *number > 0.0 { "+Inf" } else { "-Inf" })
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_any(NumberOrText)
        } else {
            f64::deserialize(deserializer)
        }
    }

    struct NumberOrText;

    impl Visitor<'_> for NumberOrText {
        type Value = f64;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a number, \"+Inf\", \"-Inf\" or \"NaN\"")
        }

        fn visit_f64<E: Error>(self, number: f64) -> Result<f64, E> {
            Ok(number)
        }

        fn visit_u64<E: Error>(self, number: u64) -> Result<f64, E> {
            Ok(number as f64)
        }

        fn visit_i64<E: Error>(self, number: i64) -> Result<f64, E> {
            Ok(number as f64)
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<f64, E> {
            match text {
                "NaN" => Ok(f64::NAN),
                "+Inf" => Ok(f64::INFINITY),
                "-Inf" => Ok(f64::NEG_INFINITY),
                _ => Err(E::invalid_value(Unexpected::Str(text), &self)),
            }
        }
    }
}
