//! Resources: what is in use, what waits for it, what failed, and nothing left behind.

use std::convert::Infallible;
use std::future::{Future, pending, ready};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use instrument_core::{Error, LabelVisitor, Labels, Registry, Use};

/// Utilization, saturation and errors of the resource `pool`.
fn read(registry: &Registry) -> (f64, i64, u64) {
    let snapshot = registry.snapshot();
    (
        snapshot.gauge("pool_utilization_ratio", &[]).unwrap(),
        snapshot.up_down_counter("pool_saturation", &[]).unwrap(),
        snapshot.counter("pool_errors_total", &[]).unwrap(),
    )
}

fn poll<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn all_three_metrics_are_there_from_the_start() {
    let registry = Registry::new();
    let _pool = Use::register(&registry, "pool", 4).unwrap();
    assert_eq!(read(&registry), (0.0, 0, 0));
}

#[test]
fn guards_count_until_they_are_dropped_wherever_that_is() {
    let registry = Registry::new();
    let pool = Use::register(&registry, "pool", 4).unwrap();
    let (busy, three, queued) = (pool.busy(), pool.busy_many(3), pool.queued());
    pool.error();
    assert_eq!(read(&registry), (1.0, 1, 1));
    assert_eq!((pool.utilization(), pool.saturation()), (1.0, 1));
    std::thread::spawn(move || drop((busy, queued))).join().unwrap();
    assert_eq!(read(&registry), (0.75, 0, 1));
    drop(three);
    assert_eq!(read(&registry), (0.0, 0, 1));
}

#[test]
fn utilization_follows_the_capacity_and_stays_a_ratio() {
    let registry = Registry::new();
    let pool = Use::register(&registry, "pool", 4).unwrap();
    let busy = pool.busy_many(2);
    pool.set_capacity(8);
    assert_eq!(read(&registry).0, 0.25);
    pool.set_capacity(1);
    assert_eq!(read(&registry).0, 1.0);
    pool.set_capacity(0);
    assert_eq!(read(&registry).0, 1.0);
    drop(busy);
    assert_eq!(read(&registry).0, 0.0);
}

#[test]
fn registering_twice_gives_the_same_resource_with_the_capacity_that_was_said_last() {
    let registry = Registry::new();
    let pool = Use::register(&registry, "pool", 4).unwrap();
    let again = Use::register(&registry, "pool", 2).unwrap();
    let _busy = again.busy();
    assert_eq!((pool.capacity(), pool.utilization()), (2, 0.5));
}

#[test]
fn a_name_that_is_taken_by_a_gauge_of_another_kind_is_refused() {
    let registry = Registry::new();
    registry.gauge("pool_utilization", "").unit("ratio").register().unwrap();
    assert!(matches!(Use::register(&registry, "pool", 4), Err(Error::Conflict { .. })));
}

#[test]
fn an_acquisition_is_queued_while_it_is_pending_and_busy_while_its_value_lives() {
    let registry = Registry::new();
    let pool = Use::register(&registry, "pool", 2).unwrap();
    let mut polls = 0;
    let connecting = std::future::poll_fn(|_| {
        polls += 1;
        if polls < 3 { Poll::Pending } else { Poll::Ready(Ok::<_, Infallible>("connection")) }
    });
    let mut acquiring = pin!(pool.acquire(connecting));
    assert_eq!(read(&registry), (0.0, 0, 0));
    assert!(poll(acquiring.as_mut()).is_pending());
    assert!(poll(acquiring.as_mut()).is_pending());
    assert_eq!(read(&registry), (0.0, 1, 0));
    let Poll::Ready(Ok(mut connection)) = poll(acquiring.as_mut()) else { panic!("it is there") };
    assert_eq!(read(&registry), (0.5, 0, 0));
    assert_eq!(*connection, "connection");
    *connection = "another";
    assert_eq!(connection.into_inner(), "another");
    assert_eq!(read(&registry), (0.0, 0, 0));
}

#[test]
fn an_acquisition_that_is_given_up_leaves_nobody_queued() {
    let registry = Registry::new();
    let pool = Use::register(&registry, "pool", 2).unwrap();
    {
        let mut acquiring = pin!(pool.acquire(pending::<Result<(), Infallible>>()));
        assert!(poll(acquiring.as_mut()).is_pending());
        assert_eq!(read(&registry), (0.0, 1, 0));
    }
    assert_eq!(read(&registry), (0.0, 0, 0));
}

#[test]
fn an_acquisition_that_fails_is_an_error_and_nothing_is_in_use() {
    let registry = Registry::new();
    let pool = Use::register(&registry, "pool", 2).unwrap();
    let failed = poll(pin!(pool.acquire(ready(Err::<(), _>("refused")))));
    assert!(matches!(failed, Poll::Ready(Err("refused"))));
    assert_eq!(read(&registry), (0.0, 0, 1));
}

#[test]
fn what_is_held_is_given_back_before_it_counts_as_free() {
    struct Connection<'a>(&'a Use, &'a mut f64);
    impl Drop for Connection<'_> {
        fn drop(&mut self) {
            *self.1 = self.0.utilization();
        }
    }
    let pool = Use::register(&Registry::new(), "pool", 2).unwrap();
    let mut at_its_end = 0.0;
    drop(pool.hold(Connection(&pool, &mut at_its_end)));
    assert_eq!((at_its_end, pool.utilization()), (0.5, 0.0));
}

#[derive(Clone, Copy)]
struct Named(&'static str);

impl Labels for Named {
    const CARDINALITY: Option<usize> = None;

    fn names() -> Vec<&'static str> {
        vec!["pool"]
    }

    fn visit(&self, visitor: &mut impl LabelVisitor) {
        visitor.value(self.0);
    }

    fn index(&self) -> usize {
        0
    }

    fn texts_at(_: usize) -> Vec<std::borrow::Cow<'static, str>> {
        Vec::new()
    }
}

#[test]
fn resources_of_a_family_have_their_own_capacity_and_can_be_removed() {
    let registry = Registry::new();
    let pools = Use::builder("pool").help("Pools.").labels::<Named>().register(&registry).unwrap();
    let (small, large) = (pools.with(&Named("small"), 2), pools.with(&Named("large"), 10));
    let _busy = (small.busy(), large.busy());
    let utilization = |pool| registry.snapshot().gauge("pool_utilization_ratio", &[("pool", pool)]);
    assert_eq!((utilization("small"), utilization("large")), (Some(0.5), Some(0.1)));
    assert_eq!(pools.with(&Named("small"), 4).utilization(), 0.25);

    assert!(pools.remove(&Named("small")));
    assert!(!pools.remove(&Named("small")));
    assert_eq!((utilization("small"), utilization("large")), (None, Some(0.1)));
    assert_eq!(registry.snapshot().counter("pool_errors_total", &[("pool", "small")]), None);
}

#[test]
fn resources_beyond_the_bound_share_one() {
    let registry = Registry::new();
    let pools = Use::builder("pool").labels::<Named>().max_series(1).register(&registry).unwrap();
    let _first = pools.with(&Named("first"), 1);
    pools.with(&Named("second"), 4).error();
    pools.with(&Named("third"), 4).error();
    let errors = |pool| registry.snapshot().counter("pool_errors_total", &[("pool", pool)]);
    assert_eq!((errors("first"), errors("__overflow__"), errors("second")), (Some(0), Some(2), None));
}
