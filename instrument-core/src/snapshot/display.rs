//! A picture as text, for a look at it.

use std::fmt;

use super::{HistogramSnapshot, Snapshot, Value};

impl fmt::Display for Snapshot {
    /// A table with a line for each series: name as exposed, labels, number.
    ///
    /// Of a histogram it has the count, and if that is not zero the mean and three quantiles, rounded to four digits; of a state
    /// set the active states.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.families.iter().flat_map(|family| {
            let name = family.description().exposed_name();
            family.series().iter().map(move |series| {
                let mut row = vec![name.clone(), labels(series.labels())];
                row.extend(cells(series.value()));
                row
            })
        });
        aligned(rows.collect()).iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl fmt::Display for Value {
    /// As in the table of a [`Snapshot`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&cells(self).join("  "))
    }
}

/// A value as the last columns of a table.
fn cells(value: &Value) -> Vec<String> {
    match value {
        Value::Counter(value) => vec![value.to_string()],
        Value::FloatCounter(value) => vec![value.to_string()],
        Value::Gauge(value) => vec![value.to_string()],
        Value::UpDownCounter(value) => vec![value.to_string()],
        Value::Histogram(histogram) => histogram_cells(histogram),
        Value::Info => Vec::new(),
        Value::StateSet(states) => vec![states.active().collect::<Vec<_>>().join(",")],
    }
}

fn histogram_cells(histogram: &HistogramSnapshot) -> Vec<String> {
    let quantiles = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99)];
    let quantiles = quantiles.map(|(name, q)| histogram.quantile(q).map(|value| (name, value)));
    let mean = histogram.mean().map(|mean| ("mean", mean));
    let known = [mean].into_iter().chain(quantiles).flatten();
    let mut cells = vec![format!("count {}", histogram.count())];
    cells.extend(known.map(|(name, value)| format!("{name} {}", rounded(value))));
    cells
}

/// A number with four digits that count.
fn rounded(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}

/// Labels as they are written between braces.
pub(super) fn labels<'a>(labels: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    labels.map(|(name, value)| format!("{name}={value:?}")).collect::<Vec<_>>().join(",")
}

/// Lines whose cells stand below each other, two spaces apart. The last cell of a line moves nothing.
pub(super) fn aligned(rows: Vec<Vec<String>>) -> Vec<String> {
    let mut widths: Vec<usize> = Vec::new();
    for row in &rows {
        let followed = row.len().saturating_sub(1);
        widths.resize(widths.len().max(followed), 0);
        for (width, cell) in widths.iter_mut().zip(&row[..followed]) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let widths = widths.into_iter().chain([0]);
    let line = |row: &Vec<String>| {
        let padded = row.iter().zip(widths.clone()).map(|(cell, width)| format!("{cell:width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}
