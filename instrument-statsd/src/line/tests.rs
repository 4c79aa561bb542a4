//! Each value in each dialect.

use std::time::Duration;

use super::*;

/// The record of `x` with the tag `lang` of `fr`; nothing if the dialect has none.
fn record(flavor: Flavor, value: Value<'_>, rate: f64) -> Option<String> {
    let mut tags = Vec::new();
    flavor.write_tag(&mut tags, "lang", "fr");
    let mut record = b"before x".to_vec();
    flavor.end_name(&mut record, "before ".len(), &tags, "");
    let said = Said { value, rate, tags: &tags, epoch_seconds: 1_700_000_000 };
    flavor.complete(&mut record, "before ".len(), said).ok()?;
    Some(String::from_utf8(record.split_off("before ".len())).unwrap())
}

#[test]
fn each_value_has_its_line_in_each_dialect() {
    use Flavor::{DogStatsD, Etsy, Graphite, Influx};
    let milliseconds = Duration::from_millis(320);
    #[rustfmt::skip]
    let expected = [
        (Value::Count(-7), 0.25,
            ["x.lang.fr:-7|c|@0.25", "x:-7|c|@0.25|#lang:fr", "x,lang=fr:-7|c|@0.25", "x.lang.fr -28 1700000000"]),
        (Value::Gauge(0.5), 0.25,
            ["x.lang.fr:0.5|g", "x:0.5|g|#lang:fr", "x,lang=fr:0.5|g", "x.lang.fr 0.5 1700000000"]),
        (Value::Gauge(-5.0), 1.0,
            ["x.lang.fr:0|g\nx.lang.fr:-5|g", "x:-5|g|#lang:fr", "x,lang=fr:0|g\nx,lang=fr:-5|g", "x.lang.fr -5 1700000000"]),
        (Value::Gauge(-0.0), 1.0,
            ["x.lang.fr:0|g", "x:0|g|#lang:fr", "x,lang=fr:0|g", "x.lang.fr 0 1700000000"]),
        (Value::GaugeDelta(2.0), 1.0,
            ["x.lang.fr:+2|g", "", "x,lang=fr:+2|g", ""]),
        (Value::GaugeDelta(-2.5), 1.0,
            ["x.lang.fr:-2.5|g", "", "x,lang=fr:-2.5|g", ""]),
        (Value::Timing(milliseconds), 0.5,
            ["x.lang.fr:320|ms|@0.5", "x:320|ms|@0.5|#lang:fr", "x,lang=fr:320|ms|@0.5", "x.lang.fr 320 1700000000"]),
        (Value::Histogram(7.5), 1.0,
            ["x.lang.fr:7.5|ms", "x:7.5|h|#lang:fr", "x,lang=fr:7.5|h", "x.lang.fr 7.5 1700000000"]),
        (Value::Distribution(7.5), 1.0,
            ["x.lang.fr:7.5|ms", "x:7.5|d|#lang:fr", "x,lang=fr:7.5|h", "x.lang.fr 7.5 1700000000"]),
        (Value::Milliseconds(7.5), 0.25,
            ["x.lang.fr:7.5|ms|@0.25", "x:7.5|ms|@0.25|#lang:fr", "x,lang=fr:7.5|ms|@0.25", "x.lang.fr 7.5 1700000000"]),
        (Value::Size(-7.5), 0.25,
            ["x.lang.fr:0|ms|@0.25", "x:-7.5|h|@0.25|#lang:fr", "x,lang=fr:0|h|@0.25", "x.lang.fr -7.5 1700000000"]),
        (Value::Packed(&[1.0, -2.5]), 0.25,
            ["", "x:1:-2.5|d|@0.25|#lang:fr", "", ""]),
        (Value::Set("ann|b:c"), 1.0,
            ["x.lang.fr:ann_b_c|s", "x:ann_b_c|s|#lang:fr", "x,lang=fr:ann_b_c|s", ""]),
    ];
    for (value, rate, lines) in expected {
        for (flavor, line) in [Etsy, DogStatsD, Influx, Graphite].into_iter().zip(lines) {
            assert_eq!(record(flavor, value, rate).unwrap_or_default(), line, "{flavor:?}");
        }
    }
}

#[test]
fn what_is_no_value_has_no_line_in_any_dialect() {
    for flavor in [Flavor::Etsy, Flavor::DogStatsD, Flavor::Influx, Flavor::Graphite] {
        for value in [
            Value::Gauge(f64::NAN),
            Value::GaugeDelta(f64::INFINITY),
            Value::Histogram(f64::NEG_INFINITY),
            Value::Distribution(f64::NAN),
            Value::Milliseconds(f32::NAN),
            Value::Size(f32::INFINITY),
            Value::Packed(&[1.0, f32::NAN]),
            Value::Set(""),
        ] {
            let said = Said { value, rate: 1.0, tags: &[], epoch_seconds: 0 };
            assert_eq!(flavor.complete(&mut Vec::new(), 0, said), Err(Unsayable::BadValue));
        }
    }
}
