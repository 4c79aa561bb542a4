//! `X-Prometheus-Scrape-Timeout-Seconds`: nothing is written for who does not wait any more.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::Request;
use http_body_util::Empty;
use instrument_core::{Collector, Emitter, Registry};
use instrument_http::MetricsServer;

use crate::client::{connect, read_to, request, request_with, rest_of_bytes, send, without_chunks};
use crate::limits::large;
use crate::own_metrics::scrapes;
use crate::{http2, until};

fn header(seconds: &str) -> String {
    format!("X-Prometheus-Scrape-Timeout-Seconds: {seconds}\r\n")
}

async fn server(registry: &Registry) -> MetricsServer {
    MetricsServer::builder().listen("127.0.0.1:0").registry(registry.clone()).bind().await.unwrap()
}

/// What is asked for has no answer until the sender is gone.
struct Stuck {
    release: Mutex<Receiver<()>>,
    asked: Arc<AtomicUsize>,
}

impl Collector for Stuck {
    fn collect(&self, _: &mut Emitter<'_>) {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let _ = self.release.lock().unwrap_or_else(PoisonError::into_inner).recv();
    }
}

/// A registry that cannot be read until the sender is dropped, and how often it was tried.
pub(crate) fn stuck() -> (Registry, Sender<()>, Arc<AtomicUsize>) {
    let (sender, receiver) = channel();
    let (registry, asked) = (Registry::new(), Arc::default());
    registry.register_collector(Stuck { release: Mutex::new(receiver), asked: Arc::clone(&asked) });
    (registry, sender, asked)
}

#[tokio::test]
async fn a_page_that_is_not_begun_in_time_is_503() {
    let (registry, release, _) = stuck();
    let server = server(&registry).await;
    let answer = request_with(server.local_addr(), "GET", "/metrics", &header("0.05")).await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("5")));
    assert!(answer.body.contains("X-Prometheus-Scrape-Timeout-Seconds"), "{}", answer.body);
    drop(release);
    assert_eq!([scrapes(&registry, "timeout"), scrapes(&registry, "error")], [1, 0]);
    let answer = request_with(server.local_addr(), "GET", "/metrics", &header("60")).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_page_that_is_not_begun_is_503_for_who_says_no_time_too() {
    let (registry, release, _) = stuck();
    let builder = MetricsServer::builder().listen("127.0.0.1:0").registry(registry.clone());
    let server = builder.response_timeout(Duration::from_millis(50)).bind().await.unwrap();
    for header in [String::new(), header("60")] {
        let answer = request_with(server.local_addr(), "GET", "/metrics", &header).await;
        assert_eq!((answer.status, answer.header("retry-after")), (503, Some("5")));
        assert!(answer.body.contains("not begun"), "{}", answer.body);
    }
    drop(release);
    assert_eq!([scrapes(&registry, "timeout"), scrapes(&registry, "error")], [0, 2]);
}

#[tokio::test]
async fn a_collector_that_never_returns_keeps_no_more_threads_than_a_few() {
    for (max_age, most) in [(Duration::ZERO, 32), (Duration::from_nanos(1), 1)] {
        let (registry, release, asked) = stuck();
        let builder = MetricsServer::builder().listen("127.0.0.1:0").registry(registry).max_age(max_age);
        let server = builder.bind().await.unwrap();
        for _ in 0..40 {
            let answer = request_with(server.local_addr(), "GET", "/metrics", &header("0.01")).await;
            assert_eq!(answer.status, 503);
        }
        assert!(asked.load(Ordering::Relaxed) <= most);
        drop(release);
        assert_eq!(request(server.local_addr(), "GET", "/metrics").await.status, 200);
    }
}

#[tokio::test]
async fn a_page_that_is_not_taken_in_time_is_broken_off() {
    let registry = large();
    let server = server(&registry).await;
    let mut slow = connect(server.local_addr()).await;
    send(&mut slow, &format!("GET /metrics HTTP/1.1\r\nHost: test\r\n{}\r\n", header("0.3"))).await;
    read_to(&mut slow, "\r\n\r\n").await;
    until("it is noticed", || scrapes(&registry, "timeout") == 1).await;
    assert!(
        without_chunks(&rest_of_bytes(&mut slow).await).is_none(),
        "all was kept for who did not read it"
    );
    assert_eq!(scrapes(&registry, "cancelled"), 0);
}

#[tokio::test]
async fn it_holds_for_the_other_version_of_http_too() {
    let registry = large();
    let server = server(&registry).await;
    let (mut client, connection) = http2::client(connect(server.local_addr()).await).await;
    let request =
        Request::get("http://localhost/metrics").header("x-prometheus-scrape-timeout-seconds", "0.3");
    let answer = client.send_request(request.body(Empty::new()).unwrap()).await.unwrap();
    assert_eq!(answer.status(), 200);
    until("it is noticed", || scrapes(&registry, "timeout") == 1).await;
    drop((answer, client));
    connection.await.unwrap();
}

#[tokio::test]
async fn what_is_no_time_is_passed_over() {
    let server = server(&Registry::new()).await;
    for bad in ["0", "-1", "soon", "NaN", ""] {
        let answer = request_with(server.local_addr(), "GET", "/metrics", &header(bad)).await;
        assert_eq!(answer.status, 200, "{bad}");
    }
}
