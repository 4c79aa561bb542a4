//! Series that are always 1, for what their labels say.

use instrument_core::{Error, Info, Labels, MetricKind, Metrics, Registry, Value};

#[derive(Labels)]
struct Release<'a> {
    version: &'a str,
}

#[test]
fn the_name_is_exposed_with_info_whether_given_with_it_or_without() {
    for given in ["build", "build_info"] {
        let registry = Registry::new();
        registry.info(given, "What runs.").label("version", "1.2").register().unwrap();
        let snapshot = registry.snapshot();
        assert_eq!(snapshot.families()[0].description().exposed_name(), "build_info");
        assert!(snapshot.info("build", &[("version", "1.2")]));
        assert!(snapshot.info("build_info", &[("version", "1.2")]));
        assert!(!snapshot.info("build_info", &[("version", "1.3")]));
        assert!(!snapshot.info("builds", &[("version", "1.2")]));
    }
}

#[test]
fn the_same_labels_are_the_same_series_and_others_stand_beside_it() {
    let registry = Registry::new();
    for version in ["1", "1", "2"] {
        registry.info("library", "").label("name", "ssl").label("version", version).register().unwrap();
    }
    assert_eq!(registry.snapshot().family("library_info").unwrap().series().len(), 2);

    let error = registry.info("library", "").label("name", "ssl").register().unwrap_err();
    assert!(matches!(error, Error::Conflict { .. }), "{error}");
}

#[test]
fn a_family_shows_what_was_looked_up_and_not_removed() {
    let registry = Registry::new();
    let releases = registry.info("release", "").labels::<Release>().register().unwrap();
    assert_eq!(registry.snapshot().family("release").unwrap().series().len(), 0);
    releases.with(&Release { version: "1" });
    releases.with(&Release { version: "2" });
    releases.remove(&Release { version: "1" });
    let snapshot = registry.snapshot();
    assert!(!snapshot.info("release", &[("version", "1")]));
    assert_eq!(snapshot.value("release", &[("version", "2")]), Some(&Value::Info));
}

#[test]
fn it_needs_a_name_that_no_other_sample_has_and_takes_no_unit() {
    let registry = Registry::new();
    registry.gauge("build_info", "").register().unwrap();
    let error = registry.info("build", "").register().unwrap_err();
    assert!(matches!(error, Error::Collision { .. }), "{error}");
    let error = registry.info("size", "").unit("bytes").register().unwrap_err();
    assert_eq!(
        error.to_string(),
        "unit `bytes` of metric `size`: neither an info nor a state set has one: leave it out"
    );
    let error = registry.info("who", "").label("le", "1").register().unwrap_err();
    assert!(matches!(error, Error::InvalidLabel { .. }), "{error}");
}

#[test]
fn a_derived_struct_has_infos_too() {
    #[derive(Metrics)]
    struct About {
        /// That the service is there.
        present: Info,
    }
    let registry = Registry::builder().prefix("app").constant_label("region", "eu").build().unwrap();
    let about = About::register(&registry).unwrap();
    drop(about.present);
    let snapshot = registry.snapshot();
    assert!(snapshot.info("app_present_info", &[("region", "eu")]));
    assert_eq!(snapshot.families()[0].description().kind, MetricKind::Info);
    assert_eq!(snapshot.to_string(), "app_present_info  region=\"eu\"\n");
}
