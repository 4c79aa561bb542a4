//! What goes wrong, and what is said of it.

use std::time::Duration;

use instrument_http::PushError;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::builder;

#[test]
fn what_is_set_wrong_is_refused_before_anything_is_sent() {
    let at = builder;
    for (builder, named) in [
        (at("gateway:9091"), "`http://`"),
        (at("http://gateway").job(""), "name the job"),
        (at("http://gateway").grouping("job", "x"), "`job`"),
        (at("http://gateway").grouping("__x", "x"), "`__x`"),
        (at("http://gateway").grouping("a", "x").grouping("a", "y"), "given once"),
        (at("http://127.0.0.1").bearer_token("two words"), "spaces"),
        (at("http://127.0.0.1").basic_auth("a:b", "x"), "colon"),
        (at("http://127.0.0.1").basic_auth("a", ""), "not empty"),
        (at("http://gateway").bearer_token("x"), "credentials_in_clear"),
        (at("https://gateway"), "`ca`"),
        (at("http://gateway").ca("ca.crt"), "`https://`"),
        (at("https://gateway").ca("/missing/ca.crt"), "/missing/ca.crt"),
        (at("https://gateway").ca("Cargo.toml"), "no certificate"),
    ] {
        let error = builder.build().unwrap_err().to_string();
        assert!(error.contains(named) && !error.contains("words"), "{error}");
    }
    assert!(at("http://gateway").bearer_token("x").credentials_in_clear().build().is_ok());
}

/// A server that answers each connection with the same bytes, whatever it is asked, and then keeps it open or closes it.
async fn saying(answer: &'static [u8], is_kept: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 1024]).await;
            let _ = stream.write_all(answer).await;
            if is_kept {
                open.push(stream);
            }
        }
    });
    url
}

async fn pushed(url: &str) -> Result<(), PushError> {
    builder(url).build().unwrap().push().await
}

#[tokio::test]
async fn a_gateway_that_does_not_answer_in_time_is_not_waited_for() {
    for answer in
        [&b""[..], b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 400 Bad Request\r\nContent-Length: 5\r\n\r\nno"]
    {
        let pushing = builder(&saying(answer, true).await).timeout(Duration::from_millis(200));
        let error = pushing.build().unwrap().push().await.unwrap_err();
        assert!(matches!(&error, PushError::Timeout { .. }), "{error:?}");
        assert!(
            error.to_string().contains("/metrics/job/backup`: it has taken longer than 200ms"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn what_is_no_answer_is_an_error() {
    for answer in [
        &b""[..],
        b"HTTP/1.1 200",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 400 No\r\nContent-Length: 5\r\n\r\nno",
    ] {
        let error = pushed(&saying(answer, false).await).await.unwrap_err();
        assert!(matches!(&error, PushError::Broken { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn an_answer_without_end_is_read_no_further_than_its_beginning() {
    let answer: &[u8] =
        Vec::leak([b"HTTP/1.1 500 No\r\nContent-Length: 9999999\r\n\r\n", &[b'x'; 4096][..]].concat());
    let error = pushed(&saying(answer, true).await).await.unwrap_err();
    assert!(matches!(&error, PushError::Refused { message, .. } if message.len() == 1024), "{error:?}");
}

#[tokio::test]
async fn a_redirection_is_not_followed() {
    let error =
        pushed(&saying(b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", true).await).await;
    assert!(error.unwrap_err().to_string().contains("302 Found"));
}

#[test]
fn without_a_runtime_it_says_what_to_call() {
    let pushing = builder("http://127.0.0.1:1").build().unwrap();
    let mut push = std::pin::pin!(pushing.push());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(Err(error)) = push.as_mut().poll(&mut context) else { panic!("it waits") };
    assert!(error.to_string().contains("`blocking`"), "{error}");
}
