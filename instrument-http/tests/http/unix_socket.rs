//! The endpoint on a Unix-domain socket.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use instrument_core::Registry;
use instrument_http::{BindError, MetricsServer, MetricsServerBuilder};
use tempfile::TempDir;
use tokio::net::UnixStream;

use crate::client::ask;

fn builder() -> MetricsServerBuilder {
    MetricsServer::builder().registry(Registry::new())
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

async fn status(path: &Path, headers: &str) -> u16 {
    ask(UnixStream::connect(path).await.unwrap(), "GET", "/metrics", headers).await.status
}

#[tokio::test]
async fn the_page_is_read_over_a_socket_that_goes_with_the_server() {
    let folder = folder();
    let path = folder.path().join("metrics.sock");
    let server = builder().bind_unix(&path).await.unwrap();
    assert_eq!(server.path(), path);
    assert_eq!(status(&path, "").await, 200);
    server.shutdown().await;
    assert!(!path.exists());

    drop(builder().bind_unix(&path).await.unwrap());
    assert!(!path.exists());
}

#[tokio::test]
async fn its_owner_alone_may_connect_unless_told_otherwise() {
    let folder = folder();
    let path = folder.path().join("metrics.sock");
    for (builder, expected) in [(builder(), 0o600), (builder().unix_mode(0o660), 0o660)] {
        let _server = builder.bind_unix(&path).await.unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, expected);
    }
}

#[tokio::test]
async fn credentials_count_there_and_networks_do_not() {
    let folder = folder();
    let path = folder.path().join("metrics.sock");
    let _server = builder().bearer_token("c3a1f0e7").allow("10.0.0.0/8").bind_unix(&path).await.unwrap();
    assert_eq!(status(&path, "").await, 401);
    assert_eq!(status(&path, "Authorization: Bearer c3a1f0e7\r\n").await, 200);
}

#[tokio::test]
async fn a_socket_that_was_left_behind_is_replaced() {
    let folder = folder();
    let path = folder.path().join("metrics.sock");
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    assert!(path.exists());
    let _server = builder().bind_unix(&path).await.unwrap();
    assert_eq!(status(&path, "").await, 200);
}

#[tokio::test]
async fn a_socket_in_use_and_a_file_are_left_alone() {
    let folder = folder();
    let path = folder.path().join("metrics.sock");
    let _server = builder().bind_unix(&path).await.unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "data").unwrap();
    for taken in [&path, &file] {
        let error = builder().bind_unix(taken).await.unwrap_err();
        assert!(matches!(&error, BindError::PathTaken { path } if path == taken), "{error:?}");
    }
    assert_eq!(status(&path, "").await, 200);
    assert_eq!(fs::read(&file).unwrap(), b"data");

    let error = builder().bind_unix(folder.path().join("missing/metrics.sock")).await.unwrap_err();
    assert!(error.to_string().contains("missing/metrics.sock"), "{error}");
}

#[tokio::test]
async fn a_server_leaves_the_socket_of_the_one_after_it() {
    let folder = folder();
    let path = folder.path().join("metrics.sock");
    let first = builder().bind_unix(&path).await.unwrap();
    fs::remove_file(&path).unwrap();
    let _second = builder().bind_unix(&path).await.unwrap();
    first.shutdown().await;
    assert_eq!(status(&path, "").await, 200);
}
