//! `error = kind`: errors are told apart by a label.

use std::io;

use instrument_core::{Buckets, HistogramSnapshot, LabelValue, Registry, Snapshot, instrument_red};

use crate::recorded::{block_on, yield_once};

#[derive(LabelValue, Clone, Copy, Debug, PartialEq)]
enum Kind {
    NotFound,
    Timeout,
}

#[derive(Debug, PartialEq)]
struct Failure(Kind);

impl Failure {
    fn kind(&self) -> Kind {
        self.0
    }
}

/// The calls of a function by outcome and kind, where there are such series.
fn count(snapshot: &Snapshot, function: &str, outcome: &str, kind: &str) -> Option<u64> {
    let labels = [("function", function), ("module", module_path!()), ("outcome", outcome), ("error", kind)];
    let labels = if kind.is_empty() { &labels[..3] } else { &labels[..] };
    snapshot.histogram("function_duration_seconds", labels).map(HistogramSnapshot::count)
}

#[test]
fn each_kind_of_an_enum_has_a_series_from_the_first_call() {
    #[instrument_red(error = |e| e.kind())]
    fn look_up(found: Option<Kind>) -> Result<(), Failure> {
        found.map_or(Ok(()), |kind| Err(Failure(kind)))
    }

    #[instrument_red(error = Failure::kind)]
    async fn look_up_later(found: Option<Kind>) -> Result<(), Failure> {
        yield_once().await;
        look_up(found)
    }

    let registry = Registry::new();
    registry.scope(|| {
        assert!(block_on(look_up_later(None)).is_ok());
        let before = registry.snapshot();
        for function in ["look_up", "look_up_later"] {
            assert_eq!(count(&before, function, "ok", ""), Some(1));
            assert_eq!(count(&before, function, "error", ""), Some(0));
            assert_eq!(count(&before, function, "error", "not_found"), Some(0));
            assert_eq!(count(&before, function, "error", "timeout"), Some(0));
        }
        assert_eq!(block_on(look_up_later(Some(Kind::Timeout))), Err(Failure(Kind::Timeout)));
        let after = registry.snapshot();
        for function in ["look_up", "look_up_later"] {
            assert_eq!(count(&after, function, "ok", ""), Some(1));
            assert_eq!(count(&after, function, "error", ""), Some(0));
            assert_eq!(count(&after, function, "error", "timeout"), Some(1));
            let labels = [("function", function), ("module", module_path!())];
            assert_eq!(after.up_down_counter("function_in_flight", &labels), Some(0));
        }
    });
}

#[test]
fn kinds_that_are_not_known_are_bounded() {
    #[instrument_red(error = |code| *code)]
    fn fail(code: u64) -> Result<(), u64> {
        Err(code)
    }

    let registry = Registry::new();
    registry.scope(|| (0..20).for_each(|code| assert_eq!(fail(code), Err(code))));
    let snapshot = registry.snapshot();
    assert_eq!(count(&snapshot, "fail", "error", "15"), Some(1));
    assert_eq!(count(&snapshot, "fail", "error", "16"), None);
    assert_eq!(count(&snapshot, "fail", "error", "_OTHER"), Some(4));
}

#[test]
fn conditions_say_what_an_error_is_and_the_kind_which() {
    #[instrument_red(ok_if = |read| !matches!(read, Err(e) if e.kind() == io::ErrorKind::TimedOut), error = |e| e.kind().to_string())]
    fn read(error: Option<io::ErrorKind>) -> io::Result<u8> {
        error.map_or(Ok(1), |kind| Err(kind.into()))
    }

    #[instrument_red(err_if = |n| *n != Ok(1), error = |e: &&'static str| *e)]
    fn check(n: Result<u8, &'static str>) -> Result<u8, &'static str> {
        n
    }

    let registry = Registry::new();
    registry.scope(|| {
        for error in [None, Some(io::ErrorKind::NotFound), Some(io::ErrorKind::TimedOut)] {
            assert_eq!(read(error).is_ok(), error.is_none());
        }
        for n in [Ok(1), Ok(2), Err("empty"), Err("")] {
            assert_eq!(check(n), n);
        }
    });
    let snapshot = registry.snapshot();
    assert_eq!(count(&snapshot, "read", "ok", ""), Some(2));
    assert_eq!(count(&snapshot, "read", "error", "timed out"), Some(1));
    assert_eq!(count(&snapshot, "check", "ok", ""), Some(1));
    assert_eq!(
        count(&snapshot, "check", "error", ""),
        Some(2),
        "an `Ok` has no kind, and an empty text is none"
    );
    assert_eq!(count(&snapshot, "check", "error", "empty"), Some(1));
}

struct Other;

impl Other {
    // The labels of the function below, with other buckets.
    #[instrument_red(error = Failure::kind, buckets = Buckets::latency())]
    fn put() -> Result<(), Failure> {
        Err(Failure(Kind::Timeout))
    }
}

#[instrument_red(error = Failure::kind)]
fn put() -> Result<(), Failure> {
    Err(Failure(Kind::Timeout))
}

#[test]
fn functions_of_one_name_share_the_series_of_a_kind() {
    let registry = Registry::new();
    registry.scope(|| assert_eq!(put(), Other::put()));
    assert_eq!(count(&registry.snapshot(), "put", "error", "timeout"), Some(2));
}

#[test]
fn the_label_of_the_kind_stands_among_the_others() {
    #[instrument_red(labels(zone = zone, area = 1_u8), error = Failure::kind)]
    fn get(zone: &str) -> Result<(), Failure> {
        if zone == "a" { Ok(()) } else { Err(Failure(Kind::NotFound)) }
    }

    let registry = Registry::new();
    registry.scope(|| ["a", "b"].map(|zone| get(zone).is_ok()));
    let snapshot = registry.snapshot();
    let count = |zone, kind: &[_]| {
        let labels = [
            ("function", "get"),
            ("module", module_path!()),
            ("area", "1"),
            ("zone", zone),
            ("outcome", "error"),
        ];
        let labels = [&labels[..], kind].concat();
        snapshot.histogram("function_duration_seconds", &labels).map(HistogramSnapshot::count)
    };
    let not_found = [("error", "not_found")];
    assert_eq!((count("a", &[]), count("a", &not_found)), (Some(0), Some(0)));
    assert_eq!((count("b", &[]), count("b", &not_found)), (Some(0), Some(1)));
}
