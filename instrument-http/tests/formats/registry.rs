//! What the tests of all formats write.

use std::time::Duration;

use instrument_core::{Buckets, Labels, Registry};

#[derive(Labels)]
pub(crate) struct Route<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: Option<&'a str>,
}

/// A registry with a family of each kind.
pub(crate) fn of_each_kind() -> Registry {
    let registry = Registry::new();
    registry.counter("restarts", "Restarts of the worker.").register().unwrap().inc_by(u64::MAX);
    let sent = registry.counter("sent", "Bytes sent.").unit("bytes").labels::<Route>().register().unwrap();
    sent.with(&Route { method: "GET", path: Some("/") }).inc_by(7);
    sent.with(&Route { method: "POST", path: Some("/quotes") });
    let load = registry.gauge("load", "Load of the machine.").register().unwrap();
    load.set(0.25);
    registry.up_down_counter("depth", "Depth below ground.").register().unwrap().add(-3);
    let latency = registry
        .histogram::<Duration>("latency", "Time to answer.")
        .buckets(Buckets::explicit([0.000_001, 0.005, 1.0, 2.5, 10.0]))
        .labels::<Route>()
        .register()
        .unwrap();
    let latency = latency.with(&Route { method: "GET", path: Some("/") });
    for nanoseconds in [1_000, 1_001, 5_000_000, 2_000_000_000, 60_000_000_000] {
        latency.observe(Duration::from_nanos(nanoseconds));
    }
    let upload = registry
        .histogram::<u64>("upload", "Size of uploads.")
        .unit("bytes")
        .buckets(Buckets::exponential(1024.0, 32.0, 4))
        .register()
        .unwrap();
    upload.observe(1025);
    registry.info("build", "What runs.").label("version", "1.2.3").register().unwrap();
    let door =
        registry.state_set::<bool>("locked", "Whether the door is.").labels::<Route>().register().unwrap();
    door.with(&Route { method: "GET", path: None }).set(&true);
    registry.state_set::<bool>("sealed", "Whether the window is.").register().unwrap();
    let drift = registry
        .histogram::<f64>("drift", "Drift of the clock.")
        .buckets(Buckets::linear(-0.5, 0.5, 3))
        .register()
        .unwrap();
    [-1.0, 0.25, f64::NAN].into_iter().for_each(|value| drift.observe(value));
    registry
}
