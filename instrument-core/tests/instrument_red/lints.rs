//! No lint speaks of an expansion, however strict a crate is with its own code.
#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery)]
#![deny(unused_qualifications, unused_lifetimes, trivial_casts, trivial_numeric_casts, unused_results)]
#![deny(clippy::absolute_paths, clippy::min_ident_chars, clippy::allow_attributes, clippy::as_conversions)]
#![deny(clippy::arithmetic_side_effects, clippy::shadow_unrelated, clippy::pattern_type_mismatch)]

use std::fmt::{self, Display};
use std::panic::catch_unwind;

use instrument_core::{Buckets, Counter, Family, LabelValue, Labels, Metrics, Registry, instrument_red};

use crate::recorded::{block_on, yield_once};
#[cfg(feature = "stream")]
use crate::streams::{Steps, collect};

#[derive(LabelValue, Clone, Copy)]
enum Kind {
    Small,
    Large,
}

#[derive(Labels)]
struct Lookup<'text> {
    kind: Kind,
    tenant: &'text str,
}

#[derive(Metrics)]
#[metrics(prefix = "lints")]
struct Lookups {
    /// Look-ups.
    #[metric(max_series = 10)]
    lookups: Family<Lookup<'static>, Counter>,
}

#[derive(Debug)]
struct Failure;

impl Failure {
    #[expect(clippy::unused_self, reason = "as kinds are read")]
    const fn kind(&self) -> Kind {
        Kind::Small
    }
}

struct Store {
    lines: Vec<String>,
}

impl Store {
    #[instrument_red]
    fn len(&self) -> usize {
        self.lines.len()
    }

    #[instrument_red(labels(kind = kind, line = line), err_if = |added| !added)]
    fn add(&mut self, kind: Kind, line: &str) -> bool {
        let large = matches!(kind, Kind::Large);
        if large {
            self.lines.push(line.to_owned());
        }
        large
    }

    #[instrument_red(ok_if = |found| found.is_some())]
    fn last(&self) -> Option<&String> {
        self.lines.last()
    }

    #[instrument_red(error = |failure| failure.kind())]
    fn remove(&mut self, at: usize) -> Result<String, Failure> {
        if at < self.len() { Ok(self.lines.remove(at)) } else { Err(Failure) }
    }

    #[instrument_red]
    fn last_mut(&mut self) -> Option<&mut String> {
        self.lines.last_mut()
    }

    #[instrument_red(name = "lints_clear", buckets = Buckets::latency())]
    fn clear(&mut self) {
        self.lines.clear();
    }

    #[instrument_red]
    async fn read(&self) -> Result<&str, fmt::Error> {
        yield_once().await;
        let line = self.lines.first().ok_or(fmt::Error)?;
        Ok(line)
    }

    #[instrument_red]
    async fn wait(&self) {
        yield_once().await;
    }
}

#[instrument_red(
    rename(function = "every_argument", module = "lints"),
    poll_time,
    error = |failure| failure.kind(),
    slo(latency = "30ms", target = 0.9, success = 0.99)
)]
async fn all_at_once(fails: bool) -> Result<(), Failure> {
    yield_once().await;
    if fails { Err(Failure) } else { Ok(()) }
}

#[instrument_red]
#[track_caller]
fn in_place(value: Option<u8>) -> u8 {
    value.unwrap()
}

#[cfg(feature = "stream")]
#[instrument_red(stream, err_if = |item| item.is_none())]
fn stream_of(value: u8) -> impl futures_core::Stream<Item = Option<u8>> {
    Steps::items([Some(value), None])
}

// Bodies of one line, where `unused_braces` looks.
#[rustfmt::skip]
#[instrument_red]
async fn one_line(value: u8) -> String { value.to_string() }

#[rustfmt::skip]
#[instrument_red]
async fn one_line_of_no_name(value: u8) -> impl Display { value.to_string() }

#[rustfmt::skip]
#[instrument_red]
fn one_line_at_once(value: u8) -> String { value.to_string() }

#[rustfmt::skip]
#[instrument_red]
fn no_end() -> ! { stop("") }

#[instrument_red]
fn show(value: impl Display) -> impl Display {
    value.to_string()
}

#[instrument_red]
fn stop(why: &str) -> ! {
    panic!("{why}")
}

#[test]
fn expansions_are_silent() {
    let registry = Registry::new();
    let metrics = Lookups::register(&registry).unwrap();
    metrics.lookups.with(&Lookup { kind: Kind::Small, tenant: "acme" }).inc();

    let mut store = Store { lines: vec![] };
    assert!(store.add(Kind::Large, "a"));
    assert!(store.last_mut().is_some());
    assert_eq!(block_on(store.read()), Ok("a"));
    block_on(store.wait());
    assert!(store.last().is_some());
    assert!(store.remove(0).is_ok() && store.remove(0).is_err());
    store.clear();
    assert_eq!(store.len(), 0);
    assert_eq!(format!("{}", show(1)), "1");
    assert_eq!(block_on(one_line(1)), one_line_at_once(1));
    assert_eq!(format!("{}", block_on(one_line_of_no_name(1))), "1");
    assert!(block_on(all_at_once(true)).is_err() && block_on(all_at_once(false)).is_ok());
    assert_eq!(in_place(Some(1)), 1);
    #[cfg(feature = "stream")]
    assert_eq!(collect(stream_of(1)).len(), 2);
    assert!(catch_unwind(|| stop("now")).is_err());
    assert!(catch_unwind(|| no_end()).is_err());
}
