//! Functions with labels and buckets of their own share one family, and no series is shown twice.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use instrument_core::{Buckets, HistogramSnapshot, Registry, instrument_red};

static REGISTRY: LazyLock<Registry> = LazyLock::new(Registry::new);

struct One;
struct Other;

impl One {
    #[instrument_red(registry = *REGISTRY, labels(tenant = tenant, zone = "z"), buckets = Buckets::latency())]
    fn get(&self, tenant: Option<&str>) {
        let _ = tenant;
    }
}

impl Other {
    #[instrument_red(registry = *REGISTRY, labels(zone = "z", tenant = "t"))]
    fn get(&self) {}

    #[instrument_red(registry = *REGISTRY, labels(zone = "z"))]
    fn get_all(&self) {}
}

#[instrument_red(registry = *REGISTRY)]
fn plain() {}

#[test]
fn each_function_has_its_series_and_each_series_is_there_once() {
    One.get(Some("t"));
    One.get(None);
    Other.get();
    Other.get_all();
    plain();

    let snapshot = REGISTRY.snapshot();
    assert_eq!(snapshot.family("instrument_registration_errors"), None);
    for family in snapshot.families() {
        let labels: BTreeSet<Vec<_>> =
            family.series().iter().map(|series| series.labels().collect()).collect();
        assert_eq!(labels.len(), family.series().len(), "{snapshot}");
    }
    let count = |function: &str, own: &[(&str, &str)]| {
        let common = [("function", function), ("module", module_path!()), ("outcome", "ok")];
        let labels: Vec<_> = common.iter().chain(own).copied().collect();
        snapshot.histogram("function_duration_seconds", &labels).unwrap().count()
    };
    assert_eq!(count("get", &[("tenant", "t"), ("zone", "z")]), 2);
    assert_eq!(count("get", &[("zone", "z")]), 1);
    assert_eq!(count("get_all", &[("zone", "z")]), 1);
    assert_eq!(count("plain", &[]), 1);
}

#[instrument_red(registry = *REGISTRY, name = "crowded", labels(user = user))]
fn greet(user: u32) {
    let _ = user;
}

#[test]
fn beyond_the_bound_a_success_is_still_a_success() {
    for user in 0..10_050 {
        greet(user);
    }
    let snapshot = REGISTRY.snapshot();
    let durations = snapshot.family("crowded_duration").unwrap();
    let failed =
        durations.series().iter().filter(|series| series.labels().all(|label| label != ("outcome", "ok")));
    for series in failed {
        let instrument_core::Value::Histogram(durations) = series.value() else { panic!("{series:?}") };
        assert_eq!(durations.count(), 0, "{series:?}");
    }
    // Only the outcome is known of those that there was no room for.
    let lost = ["function", "module", "user"].map(|label| (label, "__overflow__"));
    let labels: Vec<_> = lost.into_iter().chain([("outcome", "ok")]).collect();
    assert_eq!(snapshot.histogram("crowded_duration", &labels).map(HistogramSnapshot::count), Some(50));
    assert_eq!(snapshot.counter("instrument_overflow", &[("family", "crowded_in_flight")]), Some(50));
}
