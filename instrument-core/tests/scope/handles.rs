use instrument_core::{Counter, Family, Labels, Metrics, Red, Registry};

use super::{count_a_job, jobs};

#[derive(Labels)]
struct Language<'a> {
    lang: &'a str,
}

#[derive(Metrics)]
#[metrics(prefix = "quotes")]
struct QuoteMetrics {
    /// Quotations served.
    served: Family<Language<'static>, Counter>,
}

#[test]
fn a_clone_of_the_global_registry_stays_with_the_scope_that_it_was_made_in() {
    let registry = Registry::new();
    let kept = registry.scope(|| Registry::global().clone());
    kept.counter("jobs", "Jobs run.").register().unwrap().inc();
    assert_eq!(jobs(&registry), Some(1));

    let other = Registry::new();
    other.scope(|| kept.counter("jobs", "Jobs run.").register().unwrap().inc());
    assert_eq!((jobs(&registry), jobs(&other)), (Some(2), None));
}

#[test]
fn a_family_stays_with_the_scope_that_it_was_registered_in() {
    let registry = Registry::new();
    let metrics = registry.scope(|| QuoteMetrics::register(Registry::global())).unwrap();
    metrics.served.with(&Language { lang: "fr" }).inc();
    Registry::new().scope(|| metrics.served.with(&Language { lang: "la" }).inc_by(2));

    let snapshot = registry.snapshot();
    assert_eq!(snapshot.counter("quotes_served", &[("lang", "fr")]), Some(1));
    assert_eq!(snapshot.counter("quotes_served", &[("lang", "la")]), Some(2));
}

#[test]
fn an_overflow_is_counted_in_the_scope_of_the_family() {
    let registry = Registry::new();
    let builder = |registry: &Registry| {
        registry.counter("jobs", "Jobs run.").labels::<Language>().max_series(1).register().unwrap()
    };
    let jobs = registry.scope(|| builder(Registry::global()));
    jobs.with(&Language { lang: "fr" }).inc();
    Registry::new().scope(|| jobs.with(&Language { lang: "la" }).inc());
    assert_eq!(registry.snapshot().counter("instrument_overflow_total", &[("family", "jobs")]), Some(1));
}

#[test]
fn outcomes_seen_for_the_first_time_outside_are_counted_in_the_scope_of_the_span() {
    let registry = Registry::new();
    let span = registry.scope(|| Red::register(Registry::global(), "fetch")).unwrap().start();
    drop(span);
    let cancelled = [("outcome", "cancelled")];
    assert_eq!(registry.snapshot().histogram("fetch_duration_seconds", &cancelled).unwrap().count(), 1);
}

#[test]
fn what_asks_for_the_registry_late_gets_that_of_the_moment() {
    let registry = Registry::new();
    let asked = Registry::global().counter("jobs", "Jobs run.");
    registry.scope(|| asked.register().unwrap().inc());
    assert_eq!(jobs(&registry), Some(1));
}

#[test]
fn a_registry_of_the_test_s_own_is_not_redirected() {
    let (own, other) = (Registry::new(), Registry::new());
    other.scope(|| {
        own.counter("jobs", "Jobs run.").register().unwrap().inc();
        count_a_job();
        count_a_job();
    });
    assert_eq!((jobs(&own), jobs(&other)), (Some(1), Some(2)));
}
