//! A picture as text, for a look at it.

use std::fmt;

use super::{Snapshot, Value};

impl fmt::Display for Snapshot {
    /// One series a line, for a look at it: name, labels, number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for family in &self.families {
            let name = family.description.exposed_name();
            for series in &family.series {
                let labels: Vec<String> =
                    series.labels().map(|(name, value)| format!("{name}={value:?}")).collect();
                write!(f, "{name}{{{}}} ", labels.join(","))?;
                match &series.value {
                    Value::Counter(value) => writeln!(f, "{value}")?,
                    Value::Gauge(value) => writeln!(f, "{value}")?,
                    Value::UpDownCounter(value) => writeln!(f, "{value}")?,
                    Value::Histogram(histogram) => {
                        writeln!(f, "count={} sum={}", histogram.count(), histogram.sum())?;
                    }
                    Value::Info => writeln!(f, "1")?,
                    Value::StateSet(states) => {
                        writeln!(f, "{}", states.active().collect::<Vec<_>>().join(","))?;
                    }
                }
            }
        }
        Ok(())
    }
}
