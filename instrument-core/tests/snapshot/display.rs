use std::time::Duration;

use instrument_core::{Buckets, Labels, Registry};

#[derive(Labels)]
struct Language<'a> {
    lang: &'a str,
}

#[test]
fn a_snapshot_prints_as_a_table() {
    let registry = Registry::new();
    let served = registry.counter("quotes_served", "").labels::<Language>().register().unwrap();
    served.with(&Language { lang: "fr" }).inc_by(12);
    served.with(&Language { lang: "\"\n" }).inc();
    registry.gauge("load", "").register().unwrap().set(0.1 + 0.2);
    registry.up_down_counter("readers", "").register().unwrap().dec();
    let buckets = Buckets::explicit([0.001, 0.01, 0.1, 1.0]);
    let durations = registry.histogram("fetch", "").buckets(buckets.clone()).register().unwrap();
    (0..10).for_each(|_| durations.observe(Duration::from_millis(3)));
    registry.histogram::<Duration>("idle", "").buckets(buckets).register().unwrap();
    registry.counter("never", "").labels::<Language>().register().unwrap();

    assert_eq!(
        registry.snapshot().to_string(),
        r#"fetch_seconds                     count 10  mean 0.003  p50 0.0055  p90 0.0091  p99 0.00991
idle_seconds                      count 0
load                              0.30000000000000004
quotes_served_total  lang="\"\n"  1
quotes_served_total  lang="fr"    12
readers                           -1
"#
    );
}

#[test]
fn a_snapshot_of_nothing_prints_as_nothing() {
    assert_eq!(Registry::new().snapshot().to_string(), "");
}
