//! Spans that end by an outcome of the user's own: a bounded number, and none lost.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use instrument_core::{Error, LabelValue, Red, Registry};

fn count(registry: &Registry, outcome: &str) -> Option<u64> {
    let snapshot = registry.snapshot();
    Some(snapshot.histogram("job_duration_seconds", &[("outcome", outcome)])?.count())
}

/// How many outcomes there are.
fn outcomes(registry: &Registry) -> usize {
    let snapshot = registry.snapshot();
    snapshot.family("job_duration_seconds").unwrap().series().len()
}

enum Failure {
    NotFound,
    Timeout,
}

impl LabelValue for Failure {
    const CARDINALITY: Option<usize> = Some(2);

    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R {
        read(match self {
            Self::NotFound => "not_found",
            Self::Timeout => "timeout",
        })
    }

    fn text_at(index: usize) -> Cow<'static, str> {
        Cow::Borrowed(["not_found", "timeout"].get(index).copied().unwrap_or_default())
    }
}

#[test]
fn outcomes_that_were_named_are_there_at_zero() {
    let registry = Registry::new();
    let red = Red::builder("job").outcomes(["late"]).outcomes_of::<Failure>().register(&registry).unwrap();
    for outcome in ["ok", "error", "late", "not_found", "timeout"] {
        assert_eq!(count(&registry, outcome), Some(0), "{outcome}");
    }
    assert_eq!(outcomes(&registry), 5);
    red.start().end(Failure::NotFound);
    red.start().end(&Failure::Timeout);
    red.start().end("timeout");
    red.record_as(Duration::from_secs(1), "late");
    assert_eq!(
        ["not_found", "timeout", "late"].map(|name| count(&registry, name)),
        [Some(1), Some(2), Some(1)]
    );
    assert_eq!(registry.snapshot().up_down_counter("job_in_flight", &[]), Some(0));
}

#[test]
fn an_outcome_that_was_not_named_counts_as_other() {
    let registry = Registry::new();
    let red = Red::builder("job").outcomes(["timeout"]).register(&registry).unwrap();
    red.start().end("tiemout");
    red.start().end(String::new());
    red.start().end(17);
    assert_eq!((count(&registry, "_OTHER"), count(&registry, "timeout")), (Some(3), Some(0)));
    assert_eq!(outcomes(&registry), 4);
}

#[test]
fn the_common_outcomes_can_be_given_by_name() {
    let registry = Registry::new();
    let red = Red::builder("job").outcomes(["ok", "timeout"]).register(&registry).unwrap();
    red.start().end("ok");
    red.start().ok();
    red.start().end("error");
    red.start().end("cancelled");
    drop(red.start());
    red.start().end("panic");
    assert_eq!(
        ["ok", "error", "cancelled", "panic"].map(|name| count(&registry, name)),
        [Some(2), Some(1), Some(2), Some(1)]
    );
}

#[test]
fn without_names_the_first_outcomes_have_series_and_others_are_together() {
    let registry = Registry::new();
    let red = Red::register(&registry, "job").unwrap();
    for _ in 0..2 {
        for code in 0..100 {
            red.start().end(code);
        }
    }
    assert_eq!(
        (count(&registry, "0"), count(&registry, "15"), count(&registry, "16")),
        (Some(2), Some(2), None)
    );
    assert_eq!(count(&registry, "_OTHER"), Some(2 * 84));
    assert_eq!(outcomes(&registry), 2 + 16 + 1);
}

#[test]
fn threads_that_see_an_outcome_first_share_its_series() {
    let registry = Registry::new();
    let red = Red::register(&registry, "job").unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..1000).for_each(|code| red.start().end(code % 20)));
        }
    });
    let others =
        registry.snapshot().histogram("job_duration_seconds", &[("outcome", "_OTHER")]).unwrap().count();
    assert_eq!(others, 4 * 4 * 50);
    assert_eq!(outcomes(&registry), 2 + 16 + 1);
}

#[test]
fn too_many_and_empty_outcomes_are_refused() {
    let rule = |outcomes: Vec<String>| {
        let error = Red::builder("job").outcomes(outcomes).register(&Registry::new()).unwrap_err();
        assert!(matches!(&error, Error::InvalidLabel { label, .. } if label == "outcome"), "{error}");
        error.to_string()
    };
    assert!(rule((0..65).map(|outcome| outcome.to_string()).collect()).contains("64"));
    assert!(rule(vec![String::new()]).contains("empty"));
    let most = (0..64).chain(0..64).map(|outcome| outcome.to_string());
    assert!(Red::builder("job").outcomes(most).register(&Registry::new()).is_ok());
}

#[test]
fn an_outcome_that_panics_is_a_panic() {
    struct Broken;
    impl LabelValue for Broken {
        fn with_text<R>(&self, _: impl FnOnce(&str) -> R) -> R {
            panic!("in the text of an outcome")
        }
    }
    let registry = Registry::new();
    let red = Red::register(&registry, "job").unwrap();
    assert!(catch_unwind(AssertUnwindSafe(|| red.start().end(Broken))).is_err());
    assert_eq!(count(&registry, "panic"), Some(1));
    assert_eq!(registry.snapshot().up_down_counter("job_in_flight", &[]), Some(0));
}
