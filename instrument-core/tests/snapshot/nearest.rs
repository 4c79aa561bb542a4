use instrument_core::{HistogramSnapshot, Labels, MetricKind, NoSuchSeries, Registry, Snapshot};

#[derive(Labels)]
struct Served<'a> {
    lang: &'a str,
    source: &'a str,
}

/// Two counters, one of them with series, a histogram, and something that goes up and down.
fn example() -> Snapshot {
    let registry = Registry::new();
    let served = registry.counter("quotes_served", "").labels::<Served>().register().unwrap();
    served.with(&Served { lang: "fr", source: "cache" }).inc_by(3);
    served.with(&Served { lang: "fr", source: "disk" }).inc();
    served.with(&Served { lang: "la", source: "disk" }).inc_by(2);
    registry.counter("quotes_stored", "").register().unwrap();
    registry.histogram::<u64>("quote_length", "").unit("bytes").register().unwrap().observe(17);
    registry.up_down_counter("readers", "").register().unwrap().add(-4);
    registry.counter("errors", "").labels::<Served>().register().unwrap();
    registry.info("build", "").label("version", "1.2").register().unwrap();
    registry.state_set::<bool>("frozen", "").register().unwrap().set(&true);
    registry.snapshot()
}

#[test]
fn typed_labels_and_pairs_find_the_same_series() {
    let snapshot = example();
    let typed = Served { lang: "la", source: "disk" };
    assert_eq!(snapshot.try_counter("quotes_served", &typed), Ok(2));
    assert_eq!(snapshot.try_counter("quotes_served_total", &[("source", "disk"), ("lang", "la")]), Ok(2));
    let pairs = vec![("lang", "la"), ("source", "disk")];
    assert_eq!(snapshot.try_counter("quotes_served", &pairs), Ok(2));
    assert_eq!(snapshot.try_counter("quotes_served", &pairs[..]), Ok(2));
}

#[test]
fn each_kind_is_found_by_its_look_up() {
    let snapshot = example();
    assert_eq!(snapshot.try_counter("quotes_stored", &[]), Ok(0));
    assert_eq!(snapshot.try_up_down_counter("readers", &()), Ok(-4));
    assert_eq!(snapshot.try_gauge("readers", &[]), Ok(-4.0));
    assert_eq!(snapshot.try_histogram("quote_length", &[]).map(HistogramSnapshot::sum), Ok(17.0));

    assert_eq!(snapshot.try_info("build", &[("version", "1.2")]), Ok(()));
    assert_eq!(snapshot.try_state_set("frozen", &[]).map(|states| states.is_active("true")), Ok(Some(true)));

    snapshot.expect_info("build_info", &[("version", "1.2")]);
    assert!(snapshot.expect_state_set("frozen", &[]).active().eq(["true"]));
    assert_eq!(snapshot.expect_counter("quotes_stored", &[]), 0);
    assert_eq!(snapshot.expect_up_down_counter("readers", &[]), -4);
    assert_eq!(snapshot.expect_gauge("readers", &[]), -4.0);
    assert_eq!(snapshot.expect_histogram("quote_length_bytes", &[]).count(), 1);
}

#[test]
fn a_name_that_is_not_there_is_answered_with_the_nearest_names() {
    let error = example().try_counter("quote_served", &[]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no counter `quote_served`; the nearest of 7 families:
  quotes_served_total  counter
  quotes_stored_total  counter
  quote_length_bytes   histogram
  readers              up-down counter
  build_info           info"
    );
}

#[test]
fn at_most_five_families_are_listed() {
    let registry = Registry::new();
    for index in 0..9 {
        registry.gauge(&format!("load{index}"), "").register().unwrap();
    }
    match registry.snapshot().try_gauge("load", &[]) {
        Err(NoSuchSeries::Family { kind: MetricKind::Gauge, families: 9, nearest, .. }) => {
            assert_eq!(nearest, [0, 1, 2, 3, 4].map(|index| format!("load{index}  gauge")));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn labels_that_are_not_there_are_answered_with_the_nearest_labels() {
    let error = example().try_counter("quotes_served", &[("lang", "la"), ("source", "cache")]).unwrap_err();
    assert_eq!(
        error.to_string(),
        r#"the counter `quotes_served_total` has no series {lang="la",source="cache"}; the nearest of 3:
  {lang="fr",source="cache"}  3
  {lang="la",source="disk"}   2
  {lang="fr",source="disk"}   1"#
    );
}

#[test]
fn a_label_left_out_or_misspelled_is_answered_with_the_series_that_have_the_others() {
    let nearest = |labels: &[(&str, &str)]| match example().try_counter("quotes_served", labels) {
        Err(NoSuchSeries::Series { nearest, .. }) => nearest[0].clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(nearest(&[("lang", "la")]), r#"{lang="la",source="disk"}   2"#);
    assert_eq!(nearest(&[("language", "la"), ("source", "cache")]), r#"{lang="fr",source="cache"}  3"#);
    assert_eq!(nearest(&[("lang", "fr"), ("source", "disc")]), r#"{lang="fr",source="disk"}   1"#);
}

#[test]
fn infos_and_state_sets_are_listed_with_what_they_say() {
    assert_eq!(
        example().try_info("build", &[("version", "1.3")]).unwrap_err().to_string(),
        "the info `build_info` has no series {version=\"1.3\"}, but one other:\n  {version=\"1.2\"}"
    );
    assert_eq!(
        example().try_state_set("frozen", &[("part", "lid")]).unwrap_err().to_string(),
        "the state set `frozen` has no series {part=\"lid\"}, but one other:\n  {}  true"
    );
}

#[test]
fn a_metric_of_another_kind_is_named() {
    let error = example().try_counter("readers", &[]).unwrap_err();
    assert_eq!(error.to_string(), "`readers` is no counter but an up-down counter: ask for that");
    let error = example().try_state_set("build", &[]).unwrap_err();
    assert_eq!(error.to_string(), "`build` is no state set but an info: ask for that");
    let error = example().try_gauge("quotes_stored_total", &[]).unwrap_err();
    assert_eq!(error.to_string(), "`quotes_stored_total` is no gauge but a counter: ask for that");
}

#[test]
fn what_is_empty_is_said_to_be() {
    let nothing = Registry::new().snapshot();
    assert_eq!(
        nothing.try_counter("jobs", &[]).unwrap_err().to_string(),
        "there is no counter `jobs`, nor any other metric: is this the registry that is recorded into?"
    );
    assert_eq!(
        example().try_counter("errors", &[("lang", "fr")]).unwrap_err().to_string(),
        r#"the counter `errors_total` has no series {lang="fr"}, nor any other yet"#
    );
}

#[test]
#[should_panic = "the histogram `quote_length_bytes` has no series {lang=\"fr\"}, but one other:\n  {}  count 1  mean 17"]
fn an_expected_series_that_is_not_there_fails_the_test_with_the_nearest() {
    let _ = example().expect_histogram("quote_length", &[("lang", "fr")]);
}
