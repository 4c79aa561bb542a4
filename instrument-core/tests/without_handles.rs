//! Recording in a family without a handle on the series.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use instrument_core::{Counter, Family, LabelVisitor, Labels, Registry};

#[derive(Labels)]
struct Text<'a> {
    text: &'a str,
}

/// A finite set of `N` that counts how often its texts are looked at: by index they are not.
struct Numbered<'a, const N: usize> {
    number: usize,
    looks: &'a AtomicU64,
}

impl<const N: usize> Labels for Numbered<'_, N> {
    const CARDINALITY: Option<usize> = Some(N);

    fn names() -> Vec<&'static str> {
        vec!["n"]
    }

    fn visit(&self, visitor: &mut impl LabelVisitor) {
        self.looks.fetch_add(1, Ordering::Relaxed);
        visitor.value(&self.number.to_string());
    }

    fn index(&self) -> usize {
        self.number
    }

    fn texts_at(index: usize) -> Vec<Cow<'static, str>> {
        if index < N { vec![index.to_string().into()] } else { Vec::new() }
    }
}

fn numbered<const N: usize>(registry: &Registry) -> Family<Numbered<'static, N>, Counter> {
    registry.counter("calls", "").labels().register().unwrap()
}

fn calls(registry: &Registry, number: usize) -> Option<u64> {
    registry.snapshot().counter("calls_total", &[("n", &number.to_string())])
}

#[test]
fn finite_sets_are_found_by_index_small_or_large() {
    fn check<const N: usize>() {
        static LOOKS: AtomicU64 = AtomicU64::new(0);
        let registry = Registry::new();
        let family = numbered::<N>(&registry);
        let looks = LOOKS.load(Ordering::Relaxed);
        for number in 0..N {
            family.inc(&Numbered { number, looks: &LOOKS });
        }
        assert_eq!(LOOKS.load(Ordering::Relaxed), looks, "{N}");
        assert!((0..N).all(|number| family.with(&Numbered { number, looks: &LOOKS }).get() == 1), "{N}");
    }
    check::<3>();
    check::<512>();
    check::<600>();
}

#[test]
fn a_series_that_comes_back_is_found_by_index_again() {
    static LOOKS: AtomicU64 = AtomicU64::new(0);
    let registry = Registry::new();
    let family = numbered::<4>(&registry);
    let labels = || Numbered { number: 1, looks: &LOOKS };
    for count in 1..=3 {
        family.inc_by(&labels(), count);
        assert_eq!(calls(&registry, 1), Some(count));
        assert!(family.remove(&labels()));
        family.inc(&labels());
        let looks = LOOKS.load(Ordering::Relaxed);
        family.inc(&labels());
        assert_eq!(family.with(&labels()).get(), 2);
        assert_eq!(LOOKS.load(Ordering::Relaxed), looks, "life {count}");
        assert!(family.remove(&labels()));
    }
}

#[test]
fn a_series_whose_cell_a_handle_still_has_starts_in_another() {
    static LOOKS: AtomicU64 = AtomicU64::new(0);
    let registry = Registry::new();
    let family = numbered::<4>(&registry);
    let labels = || Numbered { number: 2, looks: &LOOKS };
    let held = family.with(&labels());
    held.inc();
    assert!(family.remove(&labels()));

    family.inc_by(&labels(), 2);
    held.inc();
    family.inc(&labels());
    family.with(&labels()).inc();
    assert_eq!((calls(&registry, 2), held.get()), (Some(4), 2));
    assert_eq!((calls(&registry, 1), calls(&registry, 3)), (Some(0), Some(0)));
}

#[test]
fn an_index_beyond_the_set_counts_for_its_texts() {
    static LOOKS: AtomicU64 = AtomicU64::new(0);
    let registry = Registry::new();
    let family = numbered::<3>(&registry);
    let beyond = [3, 511, 512, 65_535, 65_536, 65_537, usize::MAX];
    for number in beyond {
        family.inc(&Numbered { number, looks: &LOOKS });
        family.with(&Numbered { number, looks: &LOOKS }).inc();
    }
    assert!(beyond.into_iter().all(|number| calls(&registry, number) == Some(2)));
    assert!((0..3).all(|number| calls(&registry, number) == Some(0)));
}

#[test]
fn what_is_up_does_not_expire() {
    let registry = Registry::new();
    let open = registry
        .up_down_counter("open", "")
        .labels::<Text>()
        .idle_timeout(Duration::ZERO)
        .register()
        .unwrap();
    let labels = Text { text: "a" };
    let read = || registry.snapshot().up_down_counter("open", &[("text", "a")]);
    open.inc(&labels);
    for _ in 0..4 {
        assert_eq!(read(), Some(1));
    }
    open.dec(&labels);
    assert_eq!(read(), Some(0));
    // Where a look-up is under way on another thread, as in another test, a reading may put it off.
    assert!((0..10_000).any(|_| read().is_none()));
}

#[test]
fn a_full_counter_does_not_expire_and_nothing_added_keeps_a_series() {
    let registry = Registry::new();
    let family =
        registry.counter("calls", "").labels::<Text>().idle_timeout(Duration::ZERO).register().unwrap();
    let (full, empty) = (Text { text: "full" }, Text { text: "empty" });
    family.inc_by(&full, u64::MAX);
    for _ in 0..4 {
        family.inc(&full);
        family.inc_by(&empty, 0);
        let snapshot = registry.snapshot();
        let count = |text| snapshot.counter("calls_total", &[("text", text)]);
        assert_eq!((count("full"), count("empty")), (Some(u64::MAX), Some(0)));
    }
    assert!((0..10_000).any(|_| registry.snapshot().counter("calls_total", &[("text", "empty")]).is_none()));
}

#[test]
fn a_series_that_may_expire_is_never_mistaken_for_one_too_many() {
    let registry = Registry::new();
    let one = registry
        .counter("calls", "")
        .labels::<Text>()
        .max_series(1)
        .idle_timeout(Duration::ZERO)
        .register()
        .unwrap();
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            // Pauses of all lengths, so that the series rests now and then when the registry is read.
            for pause in (0..20_000).cycle().step_by(7) {
                one.inc(&Text { text: "a" });
                (0..pause).for_each(|_| std::hint::spin_loop());
                if is_over.load(Ordering::Relaxed) {
                    break;
                }
            }
        });
        for _ in 0..20_000 {
            let snapshot = registry.snapshot();
            if snapshot.counter("calls_total", &[("text", "__overflow__")]).is_some() {
                is_over.store(true, Ordering::Relaxed);
                panic!("{snapshot}");
            }
        }
        is_over.store(true, Ordering::Relaxed);
    });
}
