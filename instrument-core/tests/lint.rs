//! The lint over the catalogue: each rule finds what breaks it, and nothing else.
#![cfg(feature = "macros")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use instrument_core::collector::{Allocator, AllocatorStats};
use instrument_core::{
    Buckets, InRange, LabelValue, Labels, LintRule, Red, Registry, Use, build_info, instrument_red,
};

/// The rules that a registry's metrics break, each with the message.
fn findings(registry: &Registry) -> Vec<(LintRule, String)> {
    let lint = registry.catalogue().lint();
    lint.findings().iter().map(|finding| (finding.rule, finding.message.clone())).collect()
}

/// The rules that a gauge of this name and unit breaks.
#[track_caller]
fn assert_gauge(name: &str, unit: Option<&str>, expected: &[LintRule]) {
    let registry = Registry::new();
    let gauge = registry.gauge(name, "Something.");
    let gauge = match unit {
        Some(unit) => gauge.unit(unit),
        None => gauge,
    };
    gauge.register().unwrap();
    let rules: Vec<LintRule> = findings(&registry).into_iter().map(|(rule, _)| rule).collect();
    assert_eq!(rules, expected, "{name}: {}", registry.catalogue().lint());
}

#[test]
fn names_follow_the_conventions() {
    assert_gauge("load", None, &[]);
    assert_gauge("queue_length", None, &[]);
    assert_gauge("queueLength", None, &[LintRule::SnakeCase]);
    assert_gauge("HTTP_clients", None, &[LintRule::SnakeCase]);
    assert_gauge("queue__length", None, &[LintRule::Underscores]);
    assert_gauge("_queue", None, &[LintRule::Underscores]);
    assert_gauge("queue_", None, &[LintRule::Underscores]);
    assert_gauge("job:queue", None, &[LintRule::Colon]);
    assert_gauge("queue_gauge", None, &[LintRule::KindInName]);
    assert_gauge("gauge_cluster", None, &[LintRule::KindInName]);
    assert_gauge("jobs_total", None, &[LintRule::ReservedSuffix]);
    assert_gauge("jobs_count", None, &[LintRule::ReservedSuffix]);
    assert_gauge("build_info", None, &[LintRule::ReservedSuffix]);
    assert_gauge("water_bucket", None, &[LintRule::ReservedSuffix]);
    assert_gauge("count", None, &[]);
    assert_gauge("counters", None, &[]);
}

#[test]
fn units_are_base_units_and_declared() {
    assert_gauge("age", Some("seconds"), &[]);
    assert_gauge("fill", Some("ratio"), &[]);
    assert_gauge("age_seconds", None, &[LintRule::UnitNotDeclared]);
    assert_gauge("age", Some("milliseconds"), &[LintRule::BaseUnit]);
    assert_gauge("size_bytes_max", None, &[]);
    assert_gauge("size_kilobytes_max", None, &[LintRule::BaseUnit]);
    assert_gauge("age_days", None, &[LintRule::BaseUnit]);
    assert_gauge("days_left", None, &[LintRule::BaseUnit]);
    assert_gauge("minutes", None, &[LintRule::BaseUnit]);
    assert_gauge("fill_percent", None, &[LintRule::BaseUnit]);
    assert_gauge("age_ms", None, &[LintRule::AbbreviatedUnit]);
    assert_gauge("size", Some("mb"), &[LintRule::AbbreviatedUnit]);
    assert_gauge("age_ms_max", None, &[LintRule::AbbreviatedUnit]);
    assert_gauge("age_min", None, &[]);
    assert_gauge("seconds", None, &[]);
    assert_gauge("s", None, &[]);
}

#[test]
fn suffixes_of_the_own_kind_are_no_mistake() {
    let registry = Registry::new();
    registry.counter("jobs_total", "Jobs run.").register().unwrap();
    registry.counter("total", "All jobs.").register().unwrap();
    registry.info("build_info", "The build.").label("version", "1").register().unwrap();
    registry.histogram::<Duration>("job_seconds", "Time of jobs.").register().unwrap();
    assert_eq!(findings(&registry), []);
}

#[test]
fn a_metric_says_what_it_counts() {
    let registry = Registry::new();
    registry.counter("jobs", " ").register().unwrap();
    let [(rule, _)] = findings(&registry).try_into().unwrap();
    assert_eq!(rule, LintRule::MissingHelp);
}

#[test]
fn labels_neither_repeat_the_metric_nor_are_repeated_by_it() {
    #[allow(non_snake_case)]
    #[derive(Labels)]
    struct Wrong {
        tenantId: u8,
        jobs_kind: u8,
        jobs: u8,
        jobsite: u8,
    }

    #[derive(Labels)]
    struct Kind {
        kind: u8,
    }

    let registry = Registry::builder().constant_label("dataCentre", "1").build().unwrap();
    registry.counter("jobs", "Jobs.").labels::<Wrong>().register().unwrap();
    registry.counter("runs_by_kind", "Runs.").labels::<Kind>().register().unwrap();
    registry.counter("runs_by_kindred", "Runs.").labels::<Kind>().register().unwrap();
    let snake_case = |label: &str, snake: &str| {
        (LintRule::SnakeCase, format!("label `{label}`: names are in snake case: write `{snake}`"))
    };
    let repeats = |label: &str| {
        let rest = "begins with the name of the metric: rename it to what it tells apart";
        (LintRule::LabelRepeatsMetric, format!("label `{label}` {rest}"))
    };
    let by_kind = "the label `kind` says what `_by_kind` does: drop that from the name".to_owned();
    assert_eq!(
        findings(&registry),
        [
            snake_case("tenantId", "tenant_id"),
            repeats("jobs_kind"),
            repeats("jobs"),
            snake_case("dataCentre", "data_centre"),
            (LintRule::MetricRepeatsLabel, by_kind),
            snake_case("dataCentre", "data_centre"),
            snake_case("dataCentre", "data_centre"),
        ]
    );
}

#[test]
fn families_have_room_for_what_is_known_and_for_no_more_than_a_server_can_read() {
    #[derive(Labels)]
    struct Shard {
        shard: InRange<0, 99>,
        replica: InRange<0, 8>,
    }

    #[derive(Labels)]
    struct User<'a> {
        user: &'a str,
    }

    let registry = Registry::new();
    registry.counter("a", "Fits.").labels::<Shard>().max_series(1010).register().unwrap();
    registry.counter("b", "Does not.").labels::<Shard>().max_series(1009).register().unwrap();
    let histogram = |name| {
        registry.histogram::<u64>(name, "Many.").buckets(Buckets::linear(1.0, 1.0, 7)).labels::<User>()
    };
    histogram("c").max_series(1_000_000).register().unwrap();
    histogram("d").max_series(1_000_001).register().unwrap();
    let lint = registry.catalogue().lint();
    let found: Vec<_> =
        lint.findings().iter().map(|finding| (finding.metric.as_str(), finding.rule)).collect();
    assert_eq!(found, [("b_total", LintRule::Cardinality), ("d", LintRule::Cardinality)]);
}

#[test]
fn a_test_that_asserts_shows_metric_line_advice_and_rule() {
    let registry = Registry::new();
    registry.gauge("age_ms", "Age.").register().unwrap();
    let line = line!() - 1;
    let panic = catch_unwind(AssertUnwindSafe(|| registry.catalogue().lint().assert_clean())).unwrap_err();
    let message = panic.downcast::<String>().unwrap();
    let expected = format!(
        "there is something to make better about the metrics:\n\
         age_ms ({}:{line}): `ms` is an abbreviation: record `seconds`, and spell the unit out [AbbreviatedUnit]\n",
        file!()
    );
    assert_eq!(*message, expected);
    registry.catalogue().lint().allow(|finding| finding.metric == "age_ms").assert_clean();
}

#[test]
fn what_is_wrong_with_a_shared_family_is_said_once() {
    #[instrument_red(name = "part_ms", labels(kind = true))]
    fn one() {}

    #[instrument_red(name = "part_ms")]
    fn other() {}

    let registry = Registry::builder().constant_label("dataCentre", "1").build().unwrap();
    registry.scope(|| {
        one();
        other();
    });
    let catalogue = registry.catalogue();
    assert_eq!(catalogue.entries().len(), 4);
    // The abbreviation and the constant label, of each of the two metrics.
    assert_eq!(catalogue.lint().findings().len(), 2 * 2, "{}", catalogue.lint());
}

#[test]
fn the_library_keeps_the_rules() {
    #[derive(LabelValue)]
    enum Door {
        Open,
        Closed,
    }

    #[derive(Labels)]
    struct Tenant<'a> {
        tenant: &'a str,
    }

    #[instrument_red(labels(tenant = tenant))]
    fn serve(tenant: &str) {
        let _ = tenant;
    }

    #[instrument_red(name = "taken")]
    fn refused() {}

    let registry = Registry::new();
    registry.gauge("taken_in_flight", "Not what the function wants.").register().unwrap();
    registry.scope(|| {
        serve("acme");
        refused();
    });
    Red::register(&registry, "fetch").unwrap();
    Use::register(&registry, "db_pool", 3).unwrap();
    build_info!(registry, revision = "6b00bc3").unwrap();
    registry.register_collector(Allocator::new(|| AllocatorStats {
        allocated: Some(1),
        active: Some(2),
        resident: Some(3),
        mapped: Some(4),
        retained: Some(5),
        metadata: Some(6),
        allocations: Some(7),
        deallocations: Some(8),
    }));
    #[cfg(feature = "process")]
    registry.register_collector(instrument_core::collector::Process::new());
    #[cfg(feature = "tokio")]
    {
        use instrument_core::collector::{PollTimes, TokioRuntime};

        let runtime = tokio::runtime::Runtime::new().unwrap();
        registry.register_collector(TokioRuntime::new(runtime.handle()));
        PollTimes::register(&registry).unwrap();
    }
    registry.state_set::<Door>("door", "What the door is.").register().unwrap().set(&Door::Open);
    let family = registry.counter("sent", "Sent.").labels::<Tenant>().max_series(0).register().unwrap();
    family.with(&Tenant { tenant: "acme" }).inc();
    let catalogue = registry.catalogue();
    for own in
        ["instrument_overflow_total", "instrument_registration_errors_total", "function_duration_seconds"]
    {
        assert!(catalogue.entries().iter().any(|entry| entry.name == own), "{own}");
    }
    catalogue.lint().assert_clean();
    assert_eq!(Door::Closed.index(), 1);
}
