//! A semaphore and a channel that keep their own use.

#![cfg(feature = "tokio")]

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use instrument_core::track::{self, Semaphore};
use instrument_core::{Registry, Use};
use tokio::sync::mpsc::error::{SendError, TrySendError};

/// Utilization, saturation and errors.
fn read(usage: &Use, registry: &Registry) -> (f64, i64, u64) {
    (usage.utilization(), usage.saturation(), registry.snapshot().counter("r_errors", &[]).unwrap())
}

fn resource(capacity: usize) -> (Registry, Use) {
    let registry = Registry::new();
    let usage = Use::register(&registry, "r", capacity).unwrap();
    (registry, usage)
}

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[tokio::test]
async fn permits_are_in_use_until_they_are_dropped() {
    let (registry, usage) = resource(4);
    let semaphore = Semaphore::new(usage.clone());
    let one = semaphore.acquire().await.unwrap();
    let two = semaphore.acquire_many_owned(2).await.unwrap();
    assert_eq!((one.num_permits(), two.num_permits()), (1, 2));
    assert_eq!(read(&usage, &registry), (0.75, 0, 0));
    let last = semaphore.try_acquire_owned().unwrap();
    assert!(semaphore.try_acquire().is_err());
    assert_eq!(read(&usage, &registry), (1.0, 0, 0));
    drop(one);
    tokio::spawn(async move { drop((two, last)) }).await.unwrap();
    assert_eq!(read(&usage, &registry), (0.0, 0, 0));
    assert_eq!(semaphore.available_permits(), 4);
}

#[tokio::test]
async fn who_waits_for_a_permit_is_queued_until_it_comes_or_is_given_up() {
    let (registry, usage) = resource(1);
    let semaphore = Semaphore::new(usage.clone());
    let held = semaphore.acquire().await.unwrap();
    let mut waiting = pin!(semaphore.acquire());
    {
        let mut given_up = pin!(semaphore.acquire_owned());
        assert!(poll(waiting.as_mut()).is_pending());
        assert!(poll(given_up.as_mut()).is_pending());
        assert_eq!(read(&usage, &registry), (1.0, 2, 0));
    }
    assert_eq!(read(&usage, &registry), (1.0, 1, 0));
    drop(held);
    let permit = waiting.await.unwrap();
    assert_eq!(read(&usage, &registry), (1.0, 0, 0));
    drop(permit);
    assert_eq!(read(&usage, &registry), (0.0, 0, 0));
}

#[tokio::test]
async fn a_closed_semaphore_is_an_error_for_each_who_asks() {
    let (registry, usage) = resource(1);
    let semaphore = Semaphore::new(usage.clone());
    let _held = semaphore.acquire().await.unwrap();
    let mut waiting = pin!(semaphore.acquire());
    assert!(poll(waiting.as_mut()).is_pending());
    semaphore.close();
    assert!(semaphore.is_closed());
    assert!(waiting.await.is_err());
    assert!(semaphore.acquire_owned().await.is_err());
    assert!(semaphore.try_acquire().is_err());
    assert!(semaphore.try_acquire_owned().is_err());
    assert_eq!(read(&usage, &registry), (1.0, 0, 4));
}

#[tokio::test]
async fn the_capacity_of_a_semaphore_grows_and_shrinks_with_its_permits() {
    let (_registry, usage) = resource(1);
    let semaphore = Semaphore::around(Arc::new(tokio::sync::Semaphore::new(1)), usage.clone());
    let _held = semaphore.acquire().await.unwrap();
    semaphore.add_permits(3);
    assert_eq!((semaphore.available_permits(), usage.utilization()), (3, 0.25));
    assert_eq!(semaphore.forget_permits(2), 2);
    assert_eq!((semaphore.available_permits(), usage.utilization()), (1, 0.5));
    semaphore.add_permits(usize::MAX);
    assert_eq!(usage.capacity(), tokio::sync::Semaphore::MAX_PERMITS);
}

#[tokio::test]
async fn a_channel_is_as_full_as_values_wait_in_it() {
    let (registry, usage) = resource(4);
    let (sender, mut receiver) = track::channel(usage.clone());
    sender.send(1).await.unwrap();
    sender.clone().try_send(2).unwrap();
    assert_eq!((read(&usage, &registry), receiver.len()), ((0.5, 0, 0), 2));
    assert_eq!(receiver.recv().await, Some(1));
    assert_eq!(read(&usage, &registry), (0.25, 0, 0));
    assert_eq!(receiver.try_recv(), Ok(2));
    assert!(receiver.is_empty());
    assert_eq!(read(&usage, &registry), (0.0, 0, 0));
    drop(sender);
    assert_eq!(receiver.recv().await, None);
}

#[tokio::test]
async fn senders_that_wait_for_room_are_queued_until_there_is_some_or_they_give_up() {
    let (registry, usage) = resource(1);
    let (sender, mut receiver) = track::channel(usage.clone());
    sender.send(1).await.unwrap();
    assert_eq!(sender.try_send(2), Err(TrySendError::Full(2)));
    let mut waiting = pin!(sender.send(3));
    {
        let mut given_up = pin!(sender.send(4));
        assert!(poll(waiting.as_mut()).is_pending());
        assert!(poll(given_up.as_mut()).is_pending());
        assert_eq!(read(&usage, &registry), (1.0, 2, 0));
    }
    assert_eq!(read(&usage, &registry), (1.0, 1, 0));
    assert_eq!(receiver.recv().await, Some(1));
    waiting.await.unwrap();
    assert_eq!(read(&usage, &registry), (1.0, 0, 0));
    assert_eq!(receiver.recv().await, Some(3));
}

#[tokio::test]
async fn a_closed_channel_is_an_error_for_each_who_sends_and_holds_nothing() {
    let (registry, usage) = resource(2);
    let (sender, receiver) = track::channel(usage.clone());
    sender.send(1).await.unwrap();
    drop(receiver);
    sender.closed().await;
    assert!(sender.is_closed());
    assert_eq!(sender.send(2).await, Err(SendError(2)));
    assert_eq!(sender.try_send(3), Err(TrySendError::Closed(3)));
    assert_eq!(read(&usage, &registry), (0.0, 0, 2));
}

#[tokio::test]
async fn a_channel_without_capacity_has_room_for_one() {
    let (_registry, usage) = resource(0);
    let (sender, _receiver) = track::channel(usage.clone());
    sender.send(()).await.unwrap();
    assert_eq!((usage.capacity(), usage.utilization()), (1, 1.0));
}
