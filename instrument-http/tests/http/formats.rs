//! What a request gets by what it accepts.

use std::io::Read;

use instrument_core::{Labels, Registry};
use instrument_http::{MetricsServer, OpenMetricsEncoder, ProtobufEncoder, TextEncoder};

use crate::client::{Answer, request_with};
use crate::page::{builder, server};

const PROTOBUF: &str =
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

#[derive(Labels)]
struct Number {
    number: u32,
}

/// A registry whose page is of so many series.
fn registry(series: u32) -> Registry {
    let registry = Registry::new();
    let jobs =
        registry.counter("jobs", "Jobs run.").labels::<Number>().max_series(usize::MAX).register().unwrap();
    (0..series).for_each(|number| jobs.with(&Number { number }).inc());
    registry
}

async fn get(server: &MetricsServer, headers: &str) -> Answer {
    let answer = request_with(server.local_addr(), "GET", "/metrics", headers).await;
    assert_eq!((answer.status, answer.header("vary")), (200, Some("Accept, Accept-Encoding")));
    answer
}

#[tokio::test]
async fn a_page_is_in_the_format_that_is_accepted() {
    let registry = registry(3);
    let server = server(&registry).await;
    let text = get(&server, "").await;
    assert_eq!(text.header("content-type"), Some(TextEncoder::CONTENT_TYPE));
    assert_eq!(text.body, TextEncoder::new().encode(&registry));

    let openmetrics =
        get(&server, "Accept: application/openmetrics-text;version=1.0.0,text/plain;q=0.5\r\n").await;
    assert_eq!(openmetrics.header("content-type"), Some(OpenMetricsEncoder::CONTENT_TYPE));
    assert_eq!(openmetrics.body, OpenMetricsEncoder::new().encode(&registry));

    let protobuf = get(&server, &format!("Accept: text/plain;q=0.5\r\nAccept: {PROTOBUF}\r\n")).await;
    assert_eq!(protobuf.header("content-type"), Some(ProtobufEncoder::CONTENT_TYPE));
    assert_eq!(protobuf.bytes, ProtobufEncoder::new().encode(&registry));

    let dots = get(&server, "Accept: text/plain;version=1.0.0;escaping=dots\r\n").await;
    let expected = "text/plain; version=1.0.0; charset=utf-8; escaping=dots";
    assert_eq!(dots.header("content-type"), Some(expected));
    assert!(dots.body.contains("\njobs__total{number=\"0\"} 1\n"), "{}", dots.body);
}

#[tokio::test]
async fn head_says_what_get_would() {
    let server = server(&registry(3)).await;
    let headers = format!("Accept: {PROTOBUF}\r\nAccept-Encoding: gzip\r\n");
    let get = get(&server, &headers).await;
    let head = request_with(server.local_addr(), "HEAD", "/metrics", &headers).await;
    for name in ["content-type", "content-encoding", "content-length", "vary"] {
        assert!(head.header(name).is_some() && head.header(name) == get.header(name), "{name}");
    }
    assert!(head.bytes.is_empty());
}

#[tokio::test]
async fn a_page_is_compressed_as_it_is_accepted() {
    // Of one chunk, and of several.
    for series in [3, 20_000] {
        let registry = registry(series);
        let server = server(&registry).await;
        let plain = get(&server, "").await;
        assert_eq!(plain.header("content-encoding"), None);

        let gzip = get(&server, "Accept-Encoding: gzip\r\n").await;
        assert_eq!(gzip.header("content-encoding"), Some("gzip"));
        let mut text = Vec::new();
        flate2::read::GzDecoder::new(&*gzip.bytes).read_to_end(&mut text).unwrap();
        assert!(text == plain.bytes, "{series} series");

        let zstd = get(&server, "Accept-Encoding: zstd, gzip;q=0.5\r\n").await;
        assert_eq!(zstd.header("content-encoding"), Some("zstd"));
        assert!(zstd::decode_all(&*zstd.bytes).unwrap() == plain.bytes, "{series} series");
        if series > 3 {
            assert!(gzip.bytes.len() < plain.bytes.len() / 4 && zstd.bytes.len() < plain.bytes.len() / 4);
        }
    }
}

#[tokio::test]
async fn openmetrics_tells_when_counts_began_if_told_so() {
    let registry = Registry::new();
    registry.counter("jobs", "Jobs run.").register().unwrap();
    for (builder, is_there) in [(builder(&registry), false), (builder(&registry).created(true), true)] {
        let server = builder.bind().await.unwrap();
        for (accepted, can_be) in [("application/openmetrics-text", true), ("text/plain", false)] {
            let headers = format!("Accept: {accepted}\r\n");
            let page = request_with(server.local_addr(), "GET", "/metrics", &headers).await.body;
            assert_eq!(page.contains("jobs_created 1"), is_there && can_be, "{page}");
        }
    }
}
