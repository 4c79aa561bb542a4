//! Operations that are told apart by labels.

#![cfg(feature = "macros")]

use instrument_core::{Error, LabelValue, Labels, Red, RedFamily, Registry};

#[derive(Labels)]
struct Backend<'a> {
    backend: &'a str,
}

fn count(registry: &Registry, backend: &str, outcome: &str) -> Option<u64> {
    let labels = [("backend", backend), ("outcome", outcome)];
    Some(registry.snapshot().histogram("call_duration_seconds", &labels)?.count())
}

fn in_flight(registry: &Registry, backend: &str) -> Option<i64> {
    registry.snapshot().up_down_counter("call_in_flight", &[("backend", backend)])
}

#[test]
fn each_label_set_has_series_of_its_own_at_zero() {
    let registry = Registry::new();
    let calls = Red::builder("call").outcomes(["timeout"]).labels::<Backend>().register(&registry).unwrap();
    let name = String::from("search");
    let search = calls.with(&Backend { backend: &name });
    assert_eq!(["ok", "error", "timeout"].map(|outcome| count(&registry, "search", outcome)), [Some(0); 3]);
    let span = search.start();
    calls.with(&Backend { backend: "mail" }).start().error();
    assert_eq!((in_flight(&registry, "search"), in_flight(&registry, "mail")), (Some(1), Some(0)));
    span.end("timeout");
    assert_eq!(
        (count(&registry, "search", "timeout"), count(&registry, "search", "error")),
        (Some(1), Some(0))
    );
    assert_eq!((count(&registry, "mail", "timeout"), count(&registry, "mail", "error")), (Some(0), Some(1)));
}

#[test]
fn operations_beyond_the_bound_share_one_whose_outcome_is_known() {
    let registry = Registry::new();
    let calls = Red::builder("call").labels::<Backend>().max_series(1).register(&registry).unwrap();
    for backend in ["first", "second", "third"] {
        calls.with(&Backend { backend }).start().error();
        for outcome in 0..20 {
            calls.with(&Backend { backend }).start().end(outcome);
        }
    }
    assert_eq!(
        (count(&registry, "first", "error"), count(&registry, "__overflow__", "error")),
        (Some(1), Some(2))
    );
    assert_eq!(
        (count(&registry, "__overflow__", "15"), count(&registry, "__overflow__", "_OTHER")),
        (Some(2), Some(8))
    );
    assert_eq!(count(&registry, "second", "error"), None);
}

#[test]
fn an_operation_that_is_removed_is_gone_and_can_come_again() {
    let registry = Registry::new();
    let calls: RedFamily<Backend<'static>> =
        Red::builder("call").labels::<Backend>().register(&registry).unwrap();
    calls.with(&Backend { backend: "a" }).start().end("late");
    calls.with(&Backend { backend: "b" }).start().ok();
    assert!(calls.remove(&Backend { backend: "a" }));
    assert!(!calls.remove(&Backend { backend: "a" }));
    assert_eq!((count(&registry, "a", "late"), in_flight(&registry, "a")), (None, None));
    assert_eq!(count(&registry, "b", "ok"), Some(1));
    calls.clone().with(&Backend { backend: "a" }).start().ok();
    assert_eq!((count(&registry, "a", "ok"), count(&registry, "a", "late")), (Some(1), None));
}

#[derive(LabelValue)]
enum Near {
    Here,
    There,
}

#[derive(Labels)]
struct Finite {
    backend: Near,
}

#[test]
fn operations_of_a_finite_label_set_are_there_from_the_start() {
    let registry = Registry::new();
    let calls = Red::builder("call").labels::<Finite>().register(&registry).unwrap();
    assert_eq!((count(&registry, "here", "error"), in_flight(&registry, "there")), (Some(0), Some(0)));
    calls.with(&Finite { backend: Near::There }).start().error();
    calls.with(&Finite { backend: Near::Here }).start().ok();
    assert_eq!((count(&registry, "there", "error"), count(&registry, "here", "error")), (Some(1), Some(0)));

    assert!(calls.remove(&Finite { backend: Near::There }));
    assert_eq!(in_flight(&registry, "there"), None);
    calls.with(&Finite { backend: Near::There }).start().ok();
    assert_eq!((count(&registry, "there", "ok"), count(&registry, "there", "error")), (Some(1), Some(0)));
}

#[test]
fn a_finite_label_set_is_not_filled_where_that_is_not_asked_for_or_there_is_no_room() {
    let registry = Registry::new();
    let calls = Red::builder("call").labels::<Finite>().zero_fill(false).register(&registry).unwrap();
    assert_eq!(in_flight(&registry, "here"), None);
    calls.with(&Finite { backend: Near::Here }).start().ok();
    assert_eq!((count(&registry, "here", "ok"), in_flight(&registry, "there")), (Some(1), None));

    let registry = Registry::new();
    let calls = Red::builder("call").labels::<Finite>().max_series(1).register(&registry).unwrap();
    for backend in [Near::Here, Near::There] {
        calls.with(&Finite { backend }).start().ok();
    }
    assert_eq!((count(&registry, "here", "ok"), count(&registry, "__overflow__", "ok")), (Some(1), Some(1)));
}

#[test]
fn a_label_called_outcome_is_refused() {
    #[derive(Labels)]
    struct Clash {
        outcome: bool,
    }
    let error = Red::builder("call").labels::<Clash>().register(&Registry::new()).unwrap_err();
    assert!(matches!(error, Error::InvalidLabel { label, .. } if label == "outcome"));
}
