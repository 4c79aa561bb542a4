//! Looking up a series that there is takes nothing from the allocator.
#![cfg(feature = "macros")]

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::NonZeroU64;
use std::sync::Arc;

use instrument_core::{Displayed, InRange, LabelValue, Labels, Registry};

/// Counts in a family and reports what that allocated: at the first look-up, and at later ones.
fn allocations<L: Labels>(labels: &L) -> (u64, u64) {
    let registry = Registry::new();
    let family = registry.counter("lookups", "Look-ups.").labels::<L>().zero_fill(false).register().unwrap();
    let count = |times| {
        let during = allocation_counter::measure(|| (0..times).for_each(|_| family.with(labels).inc()));
        during.count_total
    };
    let counted = (count(1), count(1000));
    assert_eq!(family.len(), 1);
    counted
}

#[derive(Labels)]
struct One<V> {
    value: V,
}

#[track_caller]
fn assert_free<V: LabelValue>(value: V) {
    let (first, later) = allocations(&One { value });
    assert_eq!(later, 0);
    // The counter counts: the first look-up makes the series.
    assert!(first > 0);
}

#[test]
fn text_is_borrowed_whatever_holds_it() {
    assert_free("fr");
    assert_free("fr".to_owned());
    assert_free(Cow::Borrowed("fr"));
    assert_free(Cow::<str>::Owned("fr".to_owned()));
    assert_free(Arc::<str>::from("fr"));
    assert_free(Box::<str>::from("fr"));
    assert_free(Some("fr"));
    assert_free('é');
}

#[test]
fn numbers_and_addresses_are_written_on_the_stack() {
    assert_free(u64::MAX);
    assert_free(i128::MIN);
    assert_free(NonZeroU64::MAX);
    assert_free(IpAddr::V4(Ipv4Addr::BROADCAST));
    assert_free(IpAddr::V6(Ipv6Addr::from(u128::MAX)));
    assert_free(Displayed(1.5));
    #[cfg(feature = "http")]
    {
        assert_free(http::Method::GET);
        assert_free(http::StatusCode::NOT_FOUND);
    }
}

#[test]
fn finite_values_are_found_by_position() {
    assert_free(true);
    assert_free(Some(false));
    assert_free(InRange::<1, 5>::new(7));
}

#[test]
fn so_are_sets_within_sets() {
    #[derive(Labels)]
    struct Call<'a> {
        #[labels(flatten)]
        common: One<bool>,
        #[labels(range = 0..=9)]
        attempt: u8,
        #[labels(display)]
        version: f32,
        tenant: &'a str,
    }

    let common = One { value: true };
    let (first, later) = allocations(&Call { common, attempt: 3, version: 0.5, tenant: "acme" });
    assert_eq!(later, 0);
    assert!(first > 0);
}
