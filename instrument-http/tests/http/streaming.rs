//! Pages that are too large to be held.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use http::header::{ACCEPT, CONTENT_LENGTH};
use http::{Request, Response};
use http_body::Body;
use http_body_util::BodyExt;
use instrument_core::{Labels, Registry};
use instrument_http::{MetricsBody, MetricsService, OpenMetricsEncoder, ProtobufEncoder, TextEncoder};
use tower::ServiceExt;

#[derive(Labels)]
struct Number {
    number: u32,
}

/// A registry whose page is of many chunks, and whether a walk has come to its last family.
fn registry(series: u32) -> (Registry, Arc<AtomicBool>) {
    let registry = Registry::new();
    let many = registry.counter("many", "").labels::<Number>().max_series(usize::MAX).register().unwrap();
    (0..series).for_each(|number| many.with(&Number { number }).inc());
    let is_at_end = Arc::new(AtomicBool::new(false));
    let noted = Arc::clone(&is_at_end);
    let last = move || {
        noted.store(true, Ordering::Relaxed);
        1.0
    };
    registry.gauge_fn("z", "", last).register().unwrap();
    (registry, is_at_end)
}

async fn scrape(registry: &Registry, accepted: &str) -> Response<MetricsBody> {
    let request = Request::get("/").header(ACCEPT, accepted).body(()).unwrap();
    let Ok(answer) = MetricsService::new(registry.clone()).oneshot(request).await;
    assert!(answer.headers().get(CONTENT_LENGTH).is_none());
    answer
}

/// The frames of a body.
async fn frames(mut body: MetricsBody) -> Vec<Vec<u8>> {
    let mut frames = Vec::new();
    while let Some(frame) = body.frame().await {
        frames.push(frame.unwrap().into_data().unwrap().to_vec());
    }
    assert!(body.is_end_stream());
    frames
}

#[tokio::test]
async fn the_chunks_of_a_page_are_the_page_in_each_format() {
    let (registry, _) = registry(30_000);
    type Encode = fn(&Registry) -> Vec<u8>;
    let formats: [(&str, Encode); 2] = [
        ("text/plain", |registry| TextEncoder::new().encode(registry).into()),
        ("application/openmetrics-text", |registry| OpenMetricsEncoder::new().encode(registry).into()),
    ];
    for (accepted, encode) in formats {
        let frames = frames(scrape(&registry, accepted).await.into_body()).await;
        assert!(frames.len() > 4, "{} frames", frames.len());
        assert!(frames.iter().all(|frame| frame.len() < 132 * 1024));
        assert!(frames.concat() == encode(&registry), "{accepted}");
    }
}

/// The length of a message stands before it, so a large family is in several.
#[tokio::test]
async fn the_chunks_of_protobuf_are_whole_messages_of_the_same_family() {
    let (registry, _) = registry(30_000);
    let chunks = frames(scrape(&registry, "application/vnd.google.protobuf").await.into_body()).await;
    assert!(chunks.len() > 4, "{} frames", chunks.len());
    assert!(chunks.iter().all(|chunk| chunk.len() < 132 * 1024));
    let whole = ProtobufEncoder::new().encode(&registry);
    let metrics = |mut messages: &[u8]| {
        let mut metrics = Vec::new();
        while !messages.is_empty() {
            let len = prost::decode_length_delimiter(messages).unwrap();
            let (message, rest) = messages[prost::length_delimiter_len(len)..].split_at(len);
            let head = if message.starts_with(b"\x0a\x0amany_total\x18\x00") { 14 } else { 0 };
            metrics.extend_from_slice(&message[head..]);
            messages = rest;
        }
        metrics
    };
    assert!(chunks.iter().map(|chunk| metrics(chunk)).collect::<Vec<_>>().concat() == metrics(&whole));
}

#[tokio::test]
async fn what_nobody_takes_is_not_written() {
    let (registry, is_at_end) = registry(30_000);
    let mut body = scrape(&registry, "*/*").await.into_body();
    assert!(body.frame().await.unwrap().is_ok());
    // Time enough to write all.
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!is_at_end.load(Ordering::Relaxed), "the page was written ahead of its reader");
    assert!(frames(body).await.concat().ends_with(b"\nz 1\n"));
    assert!(is_at_end.load(Ordering::Relaxed));
}

#[tokio::test]
async fn a_page_that_is_given_up_is_written_no_further() {
    let (registry, is_at_end) = registry(30_000);
    drop(scrape(&registry, "*/*").await);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!is_at_end.load(Ordering::Relaxed));
}

#[tokio::test]
async fn the_registry_can_change_while_a_page_waits() {
    let (registry, _) = registry(30_000);
    let mut body = scrape(&registry, "*/*").await.into_body();
    let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
    let many = registry.counter("many", "").labels::<Number>().max_series(usize::MAX).register().unwrap();
    many.retain(|labels| !labels[0].1.ends_with('7'));
    let rest = String::from_utf8(frames(body).await.concat()).unwrap();
    assert!(first.ends_with(b"\n") && rest.ends_with("\nz 1\n"));
    // One chunk may have been written before.
    assert!(!rest[rest.len() / 2..].contains("7\"}"), "series that are gone are shown");
}

#[test]
fn without_a_runtime_a_chunk_is_written_when_it_is_asked_for() {
    let (registry, is_at_end) = registry(30_000);
    let mut context = Context::from_waker(Waker::noop());
    let answer = std::pin::pin!(MetricsService::new(registry).oneshot(Request::new(())));
    let Poll::Ready(Ok(answer)) = answer.poll(&mut context) else { panic!("it waits for something") };
    let (mut body, mut chunks) = (answer.into_body(), 0);
    while let Poll::Ready(Some(chunk)) = Pin::new(&mut body).poll_frame(&mut context) {
        assert!(chunk.is_ok());
        chunks += 1;
        assert!(chunks > 2 || !is_at_end.load(Ordering::Relaxed));
    }
    assert!(chunks > 4 && is_at_end.load(Ordering::Relaxed) && body.is_end_stream());
}

#[test]
fn a_page_whose_runtime_is_gone_ends_in_an_error() {
    let (registry, _) = registry(30_000);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut body = runtime.block_on(scrape(&registry, "*/*")).into_body();
    runtime.shutdown_background();
    let other = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    other.block_on(async {
        let mut error = None;
        while let Some(frame) = body.frame().await {
            error = frame.err();
        }
        let error = error.expect("a page that is cut off is no page").to_string();
        assert!(error.contains("the service is stopping"), "{error}");
        assert!(body.is_end_stream());
    });
}

#[tokio::test]
async fn a_reader_that_is_slow_keeps_no_thread() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .max_blocking_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let (registry, _) = registry(30_000);
    let slow = registry.clone();
    let (sender, receiver) = tokio::sync::oneshot::channel();
    runtime.spawn(async move {
        let mut slow: Vec<_> = Vec::from([scrape(&slow, "*/*").await, scrape(&slow, "*/*").await]);
        let _ = slow[0].body_mut().frame().await;
        let whole = frames(scrape(&registry, "*/*").await.into_body()).await.concat();
        let _ = sender.send(whole == TextEncoder::new().encode(&registry).as_bytes());
        drop(slow);
    });
    let same = tokio::time::timeout(crate::PATIENCE, receiver).await.expect("another page is in the way");
    assert!(same.unwrap());
    runtime.shutdown_background();
}
