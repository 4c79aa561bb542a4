//! Operations that are told apart by labels.

#![cfg(feature = "macros")]

use instrument_core::{Error, Labels, Red, RedFamily, Registry};

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

#[test]
fn a_label_called_outcome_is_refused() {
    #[derive(Labels)]
    struct Clash {
        outcome: bool,
    }
    let error = Red::builder("call").labels::<Clash>().register(&Registry::new()).unwrap_err();
    assert!(matches!(error, Error::InvalidLabel { label, .. } if label == "outcome"));
}
