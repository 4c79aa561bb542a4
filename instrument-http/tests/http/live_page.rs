//! The live page, as the endpoint answers with it.

use std::io::Read;

use axum::Router;
use flate2::read::GzDecoder;
use instrument_core::Registry;
use instrument_http::{LivePage, MetricsServer};

use crate::client::{Answer, request, request_with};
use crate::page::{builder, server};

const BROWSER: &str = "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n";

async fn get(server: &MetricsServer, path: &str, headers: &str) -> Answer {
    request_with(server.local_addr(), "GET", path, headers).await
}

fn is_page(answer: &Answer, metrics: &str) -> bool {
    answer.body.starts_with("<!doctype html>") && answer.body.contains(&format!("data-metrics=\"{metrics}\""))
}

#[tokio::test]
async fn the_root_answers_with_one_small_document() {
    let server = server(&Registry::new()).await;
    let answer = get(&server, "/?whatever", "").await;
    assert!(answer.status == 200 && is_page(&answer, "./metrics"), "{}", answer.body);
    assert!(answer.bytes.len() < 60 * 1024);
    assert_eq!(answer.header("content-length"), Some(answer.bytes.len().to_string().as_str()));
    let head = request(server.local_addr(), "HEAD", "/").await;
    assert_eq!((head.status, head.header("content-length")), (200, answer.header("content-length")));
    assert_eq!(head.body, "");
}

#[tokio::test]
async fn a_browser_is_told_to_let_nothing_else_in() {
    let answer = get(&server(&Registry::new()).await, "/", "").await;
    let policy: Vec<&str> = answer.header("content-security-policy").unwrap().split("; ").collect();
    for rule in [
        "default-src 'none'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(&rule), "{rule} in {policy:?}");
    }
    assert!(!policy.iter().any(|rule| rule.contains("unsafe") || rule.contains('*')), "{policy:?}");
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(answer.header("cache-control"), Some("private, no-cache"));
}

#[tokio::test]
async fn what_a_browser_has_is_not_sent_again() {
    let server = server(&Registry::new()).await;
    let tag = get(&server, "/", "").await.header("etag").unwrap().to_owned();
    for known in [tag.clone(), format!("\"other\", {tag}"), tag.replace("W/", ""), "*".to_owned()] {
        let answer = get(&server, "/", &format!("If-None-Match: {known}\r\n")).await;
        assert_eq!((answer.status, answer.body.as_str()), (304, ""), "{known}");
        assert_eq!(answer.header("etag"), Some(tag.as_str()));
    }
    assert_eq!(get(&server, "/", "If-None-Match: \"other\"\r\n").await.status, 200);
}

#[tokio::test]
async fn it_is_compressed_for_who_asks() {
    let server = server(&Registry::new()).await;
    let plain = get(&server, "/", "").await;
    assert_eq!((plain.header("content-encoding"), plain.header("vary")), (None, Some("Accept-Encoding")));
    let answer = get(&server, "/", "Accept-Encoding: gzip, br\r\n").await;
    assert_eq!(answer.header("content-encoding"), Some("gzip"));
    let mut text = String::new();
    GzDecoder::new(&answer.bytes[..]).read_to_string(&mut text).unwrap();
    assert_eq!(text, plain.body);
}

#[tokio::test]
async fn it_stands_at_the_prefix_and_knows_where_the_metrics_are() {
    let registry = Registry::new();
    let server = builder(&registry).path_prefix("/a/b").path("/c/d").bind().await.unwrap();
    assert!(is_page(&get(&server, "/a/b/", "").await, "./c/d"));
    let redirect = get(&server, "/a/b", "").await;
    assert_eq!((redirect.status, redirect.header("location")), (308, Some("./b/")));
    for other in ["/", "/a", "/a/b/c"] {
        assert_eq!(get(&server, other, "").await.status, 404, "{other}");
    }

    let server = builder(&registry).path("/").bind().await.unwrap();
    let metrics = get(&server, "/", "").await;
    assert_eq!((metrics.status, metrics.body.as_str()), (200, ""), "the metrics themselves");
}

#[tokio::test]
async fn it_can_be_left_out() {
    let server = builder(&Registry::new()).page(false).bind().await.unwrap();
    assert_eq!(get(&server, "/", BROWSER).await.status, 404);
}

#[tokio::test]
async fn other_methods_are_told_which_are_allowed() {
    let answer = request(server(&Registry::new()).await.local_addr(), "POST", "/").await;
    assert_eq!((answer.status, answer.header("allow")), (405, Some("GET, HEAD")));
}

#[tokio::test]
async fn a_browser_without_a_token_gets_what_asks_for_it() {
    let server = builder(&Registry::new()).bearer_token("top-secret").bind().await.unwrap();
    let answer = get(&server, "/", BROWSER).await;
    assert!(answer.status == 401 && is_page(&answer, "./metrics"));
    assert_eq!(answer.header("www-authenticate"), Some("Bearer realm=\"metrics\""));
    assert!(answer.header("content-security-policy").is_some());
    assert_eq!((answer.header("cache-control"), answer.header("etag")), (Some("no-store"), None));

    for (path, headers) in [("/", ""), ("/metrics", BROWSER), ("/other", BROWSER)] {
        let answer = get(&server, path, headers).await;
        assert!(answer.status == 401 && !answer.body.contains('<'), "{path}: {}", answer.body);
    }
    let known = get(&server, "/", "Authorization: Bearer top-secret\r\n").await;
    assert!(known.status == 200 && is_page(&known, "./metrics"));
}

#[tokio::test]
async fn reading_it_is_no_scrape() {
    let registry = Registry::new();
    let server =
        MetricsServer::builder().listen("127.0.0.1:0").registry(registry.clone()).bind().await.unwrap();
    get(&server, "/", "").await;
    let snapshot = registry.snapshot();
    let scrapes = snapshot.histogram("instrument_scrape_duration_seconds", &[("outcome", "ok")]);
    assert_eq!(scrapes.unwrap().count(), 0);
}

#[tokio::test]
async fn the_service_answers_in_a_router_of_ones_own() {
    let app = Router::new().route_service("/internal/", LivePage::new("../metrics"));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, app).await });
    assert!(is_page(&request(address, "GET", "/internal/").await, "../metrics"));
    assert_eq!(request(address, "POST", "/internal/").await.status, 405);
}
