//! Scrapes that share a page.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use http_body_util::BodyExt;
use instrument_core::{Collector, Emitter, Registry};
use instrument_http::{MetricsBody, MetricsServerBuilder, MetricsService};
use tower::ServiceExt;

use crate::PATIENCE;
use crate::client::{connect, read_to, request, request_with, send_get};
use crate::limits::large;
use crate::page::builder;
use crate::scrape_timeout::stuck;

/// Longer than any test takes.
const HOUR: Duration = Duration::from_secs(3600);

/// Emits how often it was asked.
struct Readings(Arc<AtomicU64>);

impl Collector for Readings {
    fn collect(&self, emitter: &mut Emitter<'_>) {
        let readings = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        emitter.counter("readings", "Readings.").value(readings);
    }
}

fn registry() -> (Registry, Arc<AtomicU64>) {
    let (registry, readings) = (Registry::new(), Arc::default());
    registry.register_collector(Readings(Arc::clone(&readings)));
    (registry, readings)
}

/// What two scrapes show, one after the other.
async fn two_scrapes(builder: MetricsServerBuilder, pause: Duration) -> [String; 2] {
    let server = builder.bind().await.unwrap();
    let first = request(server.local_addr(), "GET", "/metrics").await;
    tokio::time::sleep(pause).await;
    let second = request(server.local_addr(), "GET", "/metrics").await;
    assert!(first.header("content-length").is_some());
    [first.body, second.body]
}

#[tokio::test]
async fn scrapes_within_the_age_see_equal_numbers_and_later_ones_see_new_ones() {
    let [first, second] = two_scrapes(builder(&registry().0).max_age(HOUR), Duration::ZERO).await;
    assert_eq!(first, second);
    let age = Duration::from_millis(20);
    let [first, second] = two_scrapes(builder(&registry().0).max_age(age), age).await;
    assert_ne!(first, second);
}

#[tokio::test]
async fn nothing_is_shared_unless_told_so() {
    for builder in [builder(&registry().0), builder(&registry().0).max_age(Duration::ZERO)] {
        let [first, second] = two_scrapes(builder, Duration::ZERO).await;
        assert_ne!(first, second);
    }
}

#[tokio::test]
async fn what_is_asked_for_in_another_form_is_another_page() {
    let (registry, readings) = registry();
    let server = builder(&registry).max_age(HOUR).bind().await.unwrap();
    let forms = ["", "Accept: application/openmetrics-text\r\n", "Accept-Encoding: gzip\r\n"];
    for _ in 0..3 {
        for headers in forms {
            assert_eq!(request_with(server.local_addr(), "GET", "/metrics", headers).await.status, 200);
        }
    }
    assert_eq!(readings.load(Ordering::Relaxed), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn all_who_ask_at_once_get_one_page_and_a_slow_reader_holds_up_nobody() {
    let registry = large();
    let readings = Arc::default();
    registry.register_collector(Readings(Arc::clone(&readings)));
    let server = builder(&registry).max_age(HOUR).bind().await.unwrap();
    let mut slow = connect(server.local_addr()).await;
    send_get(&mut slow, "/metrics").await;
    read_to(&mut slow, "\r\n\r\n").await;

    let address = server.local_addr();
    let scrapes: Vec<_> =
        (0..4).map(|_| tokio::spawn(async move { request(address, "GET", "/metrics").await.body })).collect();
    for scrape in scrapes {
        let page = scrape.await.unwrap();
        assert!(page.len() > 10_000_000 && page.ends_with("readings_total 1\n"), "{}", page.len());
    }
    assert_eq!(readings.load(Ordering::Relaxed), 1);
}

async fn scrape(service: &MetricsService) -> MetricsBody {
    service.clone().oneshot(http::Request::new(())).await.unwrap().into_body()
}

#[tokio::test]
async fn clones_share_and_who_leaves_takes_nothing_from_the_others() {
    let service = MetricsService::new(large()).max_age(HOUR);
    drop(scrape(&service).await);
    let pages = [scrape(&service).await.collect().await, scrape(&service).await.collect().await];
    let [one, other] = pages.map(|page| page.unwrap().to_bytes());
    assert!(one.len() > 10_000_000 && one == other);
}

#[tokio::test]
async fn a_page_is_broken_off_that_nobody_reads_any_more() {
    let (registry, readings) = (large(), Arc::default());
    registry.register_collector(Readings(Arc::clone(&readings)));
    let service = MetricsService::new(registry).max_age(HOUR);
    let reading = async {
        while readings.load(Ordering::Relaxed) < 3 {
            drop(scrape(&service).await);
        }
    };
    tokio::time::timeout(PATIENCE, reading).await.expect("it is written for nobody");
}

struct Nobody;

impl Wake for Nobody {
    fn wake(self: Arc<Self>) {}
}

#[tokio::test]
async fn nothing_is_kept_of_who_leaves_while_a_collector_hangs() {
    let (registry, release, _) = stuck();
    let service = MetricsService::new(registry).max_age(HOUR);
    let nobody = Arc::new(Nobody);
    for _ in 0..3 {
        let waker = Waker::from(Arc::clone(&nobody));
        let mut asking = Box::pin(service.clone().oneshot(http::Request::new(())));
        assert!(asking.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    }
    assert_eq!(Arc::strong_count(&nobody), 1);
    drop(release);
    assert_eq!(scrape(&service).await.collect().await.unwrap().to_bytes(), "");
}
