//! Who may read the metrics, and what the others learn.

use instrument_core::Registry;
use instrument_http::{BindError, MetricsServer, MetricsServerBuilder};
use tokio::io::AsyncReadExt;

use crate::client::{Answer, connect, read_to, request, request_with, send};

const TOKEN: &str = "c3a1f0e7b25d4c6f";
/// Its SHA-256.
const TOKEN_SHA256: &str = "26715d56fe424fb7d74dbb3dfe5165640d6761f36f11515cd53f469d38ed3583";

fn builder() -> MetricsServerBuilder {
    let registry = Registry::new();
    registry.counter("jobs", "Jobs run.").register().unwrap();
    MetricsServer::builder().listen("127.0.0.1:0").registry(registry)
}

async fn get(server: &MetricsServer, authorization: &str) -> Answer {
    let header = format!("Authorization: {authorization}\r\n");
    request_with(server.local_addr(), "GET", "/metrics", &header).await
}

/// What is answered to each of these, in this order.
async fn statuses(server: &MetricsServer, authorizations: &[&str]) -> Vec<u16> {
    let mut statuses = Vec::new();
    for authorization in authorizations {
        statuses.push(get(server, authorization).await.status);
    }
    statuses
}

#[tokio::test]
async fn a_bearer_token_opens_and_nothing_else_does() {
    for builder in [builder().bearer_token(TOKEN), builder().bearer_token_sha256(TOKEN_SHA256)] {
        let server = builder.bind().await.unwrap();
        assert_eq!(get(&server, &format!("Bearer {TOKEN}")).await.status, 200);
        for wrong in ["Bearer", "Bearer x", "Bearer c3a1f0e7b25d4c6", "Basic Og==", TOKEN, TOKEN_SHA256, ""] {
            let answer = get(&server, wrong).await;
            assert_eq!(answer.status, 401, "{wrong}");
            assert_eq!(answer.header("www-authenticate"), Some("Bearer realm=\"metrics\""));
            assert!(!answer.body.contains("jobs"));
        }
    }
}

#[tokio::test]
async fn a_name_and_its_own_password_open() {
    let sha256_of_b = "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d";
    for builder in [
        builder().basic_auth("a", "b").basic_auth("c", "d:e"),
        builder().basic_auth_sha256("a", sha256_of_b).basic_auth("c", "d:e"),
    ] {
        let server = builder.bind().await.unwrap();
        // a:b, c:d:e
        assert_eq!(statuses(&server, &["Basic YTpi", "Basic YzpkOmU="]).await, [200, 200]);
        // a:d:e, c:b, a:c, :b, ab, and what is no Base64
        let wrong = ["YTpkOmU=", "Yzpi", "YTpj", "OmI=", "YWI=", "a:b"].map(|pair| format!("Basic {pair}"));
        for wrong in wrong {
            let answer = get(&server, &wrong).await;
            assert_eq!(answer.status, 401, "{wrong}");
            assert_eq!(answer.header("www-authenticate"), Some("Basic realm=\"metrics\", charset=\"UTF-8\""));
        }
    }
}

#[tokio::test]
async fn one_of_several_is_enough() {
    let server = builder().bearer_token("old").bearer_token("new").basic_auth("a", "b").bind().await.unwrap();
    let any = ["Bearer old", "Bearer new", "Basic YTpi", "Bearer a:b", "Basic old"];
    assert_eq!(statuses(&server, &any).await, [200, 200, 200, 401, 401]);
    let both = "Bearer old\r\nAuthorization: Bearer new";
    assert_eq!(get(&server, both).await.status, 401, "it is not clear which of them counts");
}

#[tokio::test]
async fn every_path_and_method_is_closed_to_who_has_none() {
    let server = builder().bearer_token(TOKEN).bind().await.unwrap();
    for (method, path) in [("GET", "/"), ("HEAD", "/metrics"), ("POST", "/metrics"), ("OPTIONS", "*")] {
        let answer = request(server.local_addr(), method, path).await;
        assert_eq!(answer.status, 401, "{method} {path}");
        assert!(!answer.body.contains("/metrics"), "it tells where the metrics are");
    }
}

#[tokio::test]
async fn wrong_tokens_by_the_thousand_on_one_connection_are_each_told_so() {
    let server = builder().bearer_token(TOKEN).bind().await.unwrap();
    let mut stream = connect(server.local_addr()).await;
    let end = "these metrics are read with credentials only\n";
    for number in 0..2000 {
        let request =
            format!("GET /metrics HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {number}\r\n\r\n");
        send(&mut stream, &request).await;
        assert!(read_to(&mut stream, end).await.starts_with("HTTP/1.1 401"));
    }
    assert_eq!(get(&server, &format!("Bearer {TOKEN}")).await.status, 200);
}

#[tokio::test]
async fn credentials_in_clear_are_refused_where_others_reach_the_server() {
    for address in ["0.0.0.0:0", "[::]:0"] {
        for builder in [builder().bearer_token(TOKEN), builder().basic_auth("a", "b")] {
            let builder = builder.listen(address);
            let error = builder.clone().bind().await.unwrap_err();
            assert!(matches!(&error, BindError::CredentialsInClear { .. }), "{error:?}");
            assert!(error.to_string().contains(address) && !error.to_string().contains(TOKEN), "{error}");
            let _server = builder.credentials_in_clear().bind().await.unwrap();
        }
        let _server = builder().listen(address).bind().await.unwrap();
    }
}

#[tokio::test]
async fn what_is_wrong_with_credentials_is_said_without_showing_them() {
    let all = [
        (builder().bearer_token("two words"), "spaces"),
        (builder().bearer_token("words\n"), "line ends"),
        (builder().bearer_token(""), "not empty"),
        (builder().bearer_token_sha256("words"), "64 hexadecimal digits"),
        (builder().basic_auth("a:b", "words"), "colon"),
        (builder().basic_auth("a", ""), "not empty"),
        (builder().basic_auth_sha256("a", "words").bearer_token("fine"), "64 hexadecimal digits"),
    ];
    for (builder, rule) in all {
        let error = builder.bind().await.unwrap_err();
        assert!(matches!(&error, BindError::InvalidCredentials { .. }), "{error:?}");
        assert!(error.to_string().contains(rule) && !error.to_string().contains("words"), "{error}");
    }
}

#[tokio::test]
async fn networks_that_are_not_allowed_get_403_whatever_they_ask_for() {
    let server = builder().allow("10.0.0.0/8").allow("2001:db8::1").bearer_token(TOKEN).bind().await.unwrap();
    let token = format!("Authorization: Bearer {TOKEN}\r\nX-Forwarded-For: 10.0.0.1\r\n");
    for (method, path, headers) in [("GET", "/metrics", &*token), ("GET", "/metrics", ""), ("POST", "/", "")]
    {
        let answer = request_with(server.local_addr(), method, path, headers).await;
        assert_eq!((answer.status, answer.header("connection")), (403, Some("close")), "{method} {path}");
        assert!(!answer.body.contains("jobs"));
    }
}

#[tokio::test]
async fn networks_that_are_allowed_are_served() {
    for networks in [&["127.0.0.1"][..], &["10.0.0.0/8", "127.0.0.0/8"], &["0.0.0.0/0"]] {
        let builder = networks.iter().fold(builder(), MetricsServerBuilder::allow);
        let server = builder.bind().await.unwrap();
        assert_eq!(request(server.local_addr(), "GET", "/metrics").await.status, 200);
    }
    let error = builder().allow("10.0.0.0/8").allow("10/33").bind().await.unwrap_err();
    assert!(matches!(&error, BindError::InvalidNetwork { network } if network == "10/33"), "{error}");
}

#[tokio::test]
async fn two_hundred_connections_of_networks_that_are_not_allowed_take_no_place() {
    let server = builder().allow("10.0.0.0/8").max_connections(1).bind().await.unwrap();
    let mut idle = Vec::new();
    for _ in 0..200 {
        idle.push(connect(server.local_addr()).await);
    }
    // The last ones are closed at once, as others are being refused.
    let mut last = idle.pop().unwrap();
    assert_eq!(last.read(&mut [0; 1]).await.unwrap_or(0), 0);
}
