//! Pushing to a gateway.

mod gateway;
mod mistakes;
mod tls;

use std::panic::{AssertUnwindSafe, catch_unwind};

use http::{Method, StatusCode};
use instrument_core::Registry;
use instrument_http::{ProtobufEncoder, PushError, PushGateway, PushGatewayBuilder};

use self::gateway::Gateway;

fn registry() -> Registry {
    let registry = Registry::new();
    registry.counter("rows", "Rows read.").register().unwrap().inc_by(42);
    registry
}

fn builder(url: &str) -> PushGatewayBuilder {
    PushGateway::builder(url).job("backup").registry(registry())
}

async fn taking_all() -> Gateway {
    Gateway::answering(StatusCode::OK, String::new()).await
}

#[tokio::test]
async fn each_call_is_a_method_of_its_own() {
    let gateway = taking_all().await;
    let pushing = builder(&format!("{}/push/", gateway.url())).grouping("instance", "db/1").build().unwrap();
    assert_eq!(pushing.url(), format!("{}/push/metrics/job/backup/instance@base64/ZGIvMQ", gateway.url()));
    let page = ProtobufEncoder::new().encode(&registry());

    for method in [Method::PUT, Method::POST, Method::DELETE] {
        let pushed = match method {
            Method::PUT => pushing.push().await,
            Method::POST => pushing.push_add().await,
            _ => pushing.delete().await,
        };
        pushed.unwrap();
        let received = gateway.received();
        assert_eq!(received.method, method);
        assert_eq!(received.path, "/push/metrics/job/backup/instance@base64/ZGIvMQ");
        assert_eq!(received.headers["host"], gateway.address.to_string());
        if method == Method::DELETE {
            assert!(received.body.is_empty() && !received.headers.contains_key("content-type"));
        } else {
            assert_eq!(received.headers["content-type"], ProtobufEncoder::CONTENT_TYPE);
            assert!(without_times(&received.body) == without_times(&page), "{:?}", received.body);
        }
    }
}

/// A page up to the times of its counters, which come last.
fn without_times(page: &[u8]) -> &[u8] {
    let value = 42_f64.to_le_bytes();
    let end = page.windows(8).position(|window| window == value).expect("the counter's value");
    &page[..end + 8]
}

#[tokio::test]
async fn credentials_are_shown() {
    let gateway = taking_all().await;
    for (builder, shown) in [
        (builder(&gateway.url()).bearer_token("c3a1f0e7"), "Bearer c3a1f0e7"),
        (builder(&gateway.url()).basic_auth("a", "b"), "Basic YTpi"),
    ] {
        let pushing = builder.build().unwrap();
        assert!(!format!("{pushing:?}").contains(&shown[6..]), "{pushing:?}");
        pushing.push().await.unwrap();
        assert_eq!(gateway.received().headers["authorization"], shown);
    }
}

#[tokio::test]
async fn a_refusal_is_told_with_what_the_gateway_says() {
    let gateway =
        Gateway::answering(StatusCode::BAD_REQUEST, "pushed metrics are invalid\n".repeat(100)).await;
    let error = builder(&gateway.url()).build().unwrap().push().await.unwrap_err();
    let PushError::Refused { url, status, message } = &error else { panic!("{error:?}") };
    assert_eq!(*url, format!("{}/metrics/job/backup", gateway.url()));
    assert_eq!(status.as_u16(), 400);
    assert!(message.starts_with("pushed metrics are invalid\n") && message.len() <= 1024);
    let text = error.to_string();
    assert!(text.contains(url) && text.contains("400 Bad Request: pushed metrics are invalid"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_can_block_within_a_runtime() {
    let gateway = taking_all().await;
    let pushing = builder(&gateway.url()).build().unwrap();
    pushing.blocking().push().unwrap();
    assert_eq!(gateway.received().method, Method::PUT);
    pushing.blocking().push_add().unwrap();
    assert_eq!(gateway.received().method, Method::POST);
    pushing.blocking().delete().unwrap();
    assert_eq!(gateway.received().method, Method::DELETE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_pushes_once_at_its_end_whichever_it_is() {
    let gateway = taking_all().await;
    let pushing = builder(&gateway.url()).build().unwrap();
    let jobs: [fn(PushGateway); 4] = [
        |pushing| drop(pushing.push_at_end().add()),
        |pushing| drop(pushing.push_at_end()),
        |pushing| pushing.push_at_end().finish().unwrap(),
        |pushing| {
            let _pushing = pushing.push_at_end().on_error(|error| panic!("{error}"));
            panic!("the job has failed");
        },
    ];
    for (job, method) in jobs.into_iter().zip([Method::POST, Method::PUT, Method::PUT, Method::PUT]) {
        let gateway_of_job = pushing.clone();
        let joined =
            std::thread::spawn(move || catch_unwind(AssertUnwindSafe(|| job(gateway_of_job)))).join();
        joined.unwrap().unwrap_or_default();
        assert_eq!(gateway.received().method, method);
    }
}

#[test]
fn what_fails_at_the_end_of_a_job_is_reported_and_a_report_that_panics_does_no_harm() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let pushing = builder("http://127.0.0.1:1").build().unwrap();
    drop(pushing.push_at_end().on_error(move |error| sender.send(error.to_string()).unwrap()));
    let reported = receiver.recv().unwrap();
    assert!(reported.contains("`http://127.0.0.1:1/metrics/job/backup`: no connection"), "{reported}");

    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let _pushing = pushing.push_at_end().on_error(|error| panic!("{error}"));
        panic!("the job has failed");
    }));
    assert_eq!(panicked.unwrap_err().downcast_ref(), Some(&"the job has failed"));
}
