//! What series are called.

use std::time::Duration;

use instrument_core::Registry;

use super::super::{HANDLE_NAME, HANDLE_TAGS, Ledger, Naming};
use super::{Pair, ledger, take};
use crate::form::Form;
use crate::line::{Flavor, Value};

#[test]
fn names_that_cannot_be_told_apart_get_a_number_that_their_labels_decide() {
    let names = |routes: [&'static str; 2]| {
        let registry = Registry::new();
        let requests = registry.counter("requests", "").labels::<Pair>().register().unwrap();
        for route in routes {
            requests.with(&Pair("GET", route)).inc();
        }
        let due = take(&mut ledger(""), &registry);
        due.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
    };
    let plain = "requests.method.GET.route.a_b";
    let numbered = names(["a b", "a:b"]);
    assert_eq!(numbered[0], plain);
    assert!(numbered[1].starts_with(&format!("{plain}_")) && numbered[1].len() == plain.len() + 17);
    // The same in every process: this number is FNV-1a of the key.
    assert_eq!(names(["a+b", "a:b"])[1], numbered[1]);
    assert_ne!(names(["a:b", "a b"])[1], numbered[1]);
}

#[test]
fn a_name_says_the_unit_that_is_sent() {
    let registry = Registry::new();
    registry.histogram::<Duration>("lookup", "").register().unwrap().observe(Duration::from_millis(3));
    registry.histogram::<u64>("upload", "").unit("bytes").register().unwrap().observe(3);
    registry.gauge("uptime", "").unit("seconds").register().unwrap().set(3.0);
    registry.counter("cpu", "").unit("seconds").register().unwrap().inc_by(3);
    let due = take(&mut ledger(""), &registry);
    let said: Vec<_> = due.iter().map(|(name, due)| (name.as_str(), due.value)).collect();
    assert_eq!(
        said,
        [
            ("cpu_seconds", Value::Count(3)),
            ("lookup_ms", Value::Milliseconds(3.0)),
            ("upload_bytes", Value::Size(3.0)),
            ("uptime_seconds", Value::Gauge(3.0)),
        ]
    );
}

/// Name and tags of a handle, as they are sent.
struct Handle(&'static str, &'static str);

impl instrument_core::Labels for Handle {
    const CARDINALITY: Option<usize> = None;

    fn names() -> Vec<&'static str> {
        vec![HANDLE_NAME, HANDLE_TAGS]
    }

    fn visit(&self, visitor: &mut impl instrument_core::LabelVisitor) {
        visitor.value(self.0);
        visitor.value(self.1);
    }

    fn index(&self) -> usize {
        0
    }

    fn texts_at(_: usize) -> Vec<std::borrow::Cow<'static, str>> {
        Vec::new()
    }
}

/// The names of two counters with such names and tags.
fn names_of_counters(flavor: Flavor, handles: [Handle; 2]) -> Vec<String> {
    let registry = Registry::new();
    let counters = registry.counter("counters", "").labels::<Handle>().register().unwrap();
    handles.iter().for_each(|handle| counters.with(handle).inc());
    let naming = Naming { of_handles: true, flavor, ..Naming::default() };
    let mut ledger = Ledger::new(naming, Form::new(None, None, flavor).unwrap());
    take(&mut ledger, &registry).into_iter().map(|(name, _)| name).collect()
}

#[test]
fn names_are_compared_as_they_are_written() {
    for flavor in [Flavor::Etsy, Flavor::Graphite] {
        let names = names_of_counters(flavor, [Handle("a", ".b.c"), Handle("a.b.c", "")]);
        assert!(names[0] == "a.b.c" && names[1].starts_with("a.b.c_"), "{names:?}");
    }
    let names = names_of_counters(Flavor::DogStatsD, [Handle("a", "b"), Handle("ab", "")]);
    assert_eq!(names, ["ab", "ab"], "of a name with a tag, and of one without");
}

#[test]
fn a_name_that_is_free_again_can_be_taken() {
    let registry = Registry::new();
    let requests = registry.counter("requests", "").labels::<Pair>().register().unwrap();
    requests.with(&Pair("GET", "a b")).inc();
    let mut ledger = ledger("");
    take(&mut ledger, &registry);
    requests.remove(&Pair("GET", "a b"));
    take(&mut ledger, &registry);
    requests.with(&Pair("GET", "a:b")).inc();
    assert_eq!(take(&mut ledger, &registry)[0].0, "requests.method.GET.route.a_b");
}
