//! What an allocator says of itself.

use instrument_core::Registry;
use instrument_core::collector::{Allocator, AllocatorStats};

#[test]
fn all_that_is_known_is_shown() {
    let registry = Registry::builder().prefix("app").build().unwrap();
    registry.register_collector(Allocator::new(|| AllocatorStats {
        allocated: Some(1),
        active: Some(2),
        resident: Some(3),
        mapped: Some(4),
        retained: Some(5),
        metadata: Some(6),
        allocations: Some(7),
        deallocations: Some(u64::MAX),
    }));
    let snapshot = registry.snapshot();
    let names = ["allocated", "active", "resident", "mapped", "retained", "metadata"];
    for (name, value) in names.into_iter().zip(1_u8..) {
        let name = format!("allocator_{name}_bytes");
        assert_eq!(snapshot.gauge(&name, &[]), Some(value.into()), "{name}");
    }
    assert_eq!(snapshot.counter("allocator_allocations_total", &[]), Some(7));
    assert_eq!(snapshot.counter("allocator_deallocations_total", &[]), Some(u64::MAX));
    assert_eq!(snapshot.families().len(), 8);
}

#[test]
fn what_is_not_known_is_left_out() {
    let registry = Registry::new();
    let stats = AllocatorStats { mapped: Some(1 << 20), ..AllocatorStats::default() };
    registry.register_collector(Allocator::new(move || stats));
    let snapshot = registry.snapshot();
    assert_eq!(snapshot.families().len(), 1);
    assert_eq!(snapshot.gauge("allocator_mapped_bytes", &[]), Some(f64::from(1 << 20)));
}
