//! What a page takes of the memory while it is written.

use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use http::Request;
use http::header::{ACCEPT, ACCEPT_ENCODING};
use http_body::Body;
use instrument_core::{Labels, Registry};
use instrument_http::{MetricsBody, MetricsService};
use tower::ServiceExt;

#[derive(Labels)]
struct Number<'a> {
    number: u32,
    text: &'a str,
}

const SERIES: u32 = 20_000;

fn registry() -> Registry {
    let registry = Registry::new();
    let many = registry.counter("many", "").labels::<Number<'_>>().max_series(usize::MAX).register().unwrap();
    let text = "x".repeat(300);
    (0..SERIES).for_each(|number| many.with(&Number { number, text: &text }).inc());
    registry
}

/// The body of an answer. There is no runtime, so each chunk is written by the thread that asks for it.
fn scrape(registry: &Registry, format: &str, coding: &str) -> MetricsBody {
    let request = Request::get("/").header(ACCEPT, format).header(ACCEPT_ENCODING, coding).body(()).unwrap();
    let answer = pin!(MetricsService::new(registry.clone()).oneshot(request));
    let Poll::Ready(Ok(answer)) = answer.poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("it waits for something")
    };
    answer.into_body()
}

/// Takes all chunks and drops each; gives their length together.
fn drain(mut body: MetricsBody) -> usize {
    let (mut context, mut length) = (Context::from_waker(Waker::noop()), 0);
    while let Poll::Ready(Some(chunk)) = Pin::new(&mut body).poll_frame(&mut context) {
        length += chunk.unwrap().into_data().unwrap().len();
    }
    length
}

#[test]
fn a_page_of_many_megabytes_takes_less_than_one() {
    for format in ["text/plain", "application/openmetrics-text", "application/vnd.google.protobuf"] {
        let registry = registry();
        // What series keep for good is not the page's: it is there after the first.
        drain(scrape(&registry, format, "identity"));
        // Not zstd, whose library is C and allocates past what is counted here.
        for coding in ["identity", "gzip"] {
            let mut length = 0;
            let used = allocation_counter::measure(|| length = drain(scrape(&registry, format, coding)));
            // Sums are kept until the end, 8 bytes for each series.
            let output = used.bytes_max.saturating_sub(u64::from(SERIES) * 8);
            assert!(output < 1024 * 1024, "{output} bytes for {format} in {coding}");
            assert!(coding != "identity" || length > 6_000_000, "{length} bytes");
        }
    }
}
