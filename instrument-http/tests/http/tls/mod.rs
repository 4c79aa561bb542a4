//! The endpoint behind TLS.

mod authority;

use std::sync::Arc;
use std::time::Duration;
use std::{fs, io};

use instrument_core::Registry;
use instrument_http::{BindError, MetricsServer, MetricsServerBuilder};
use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use rustls::version::{TLS12, TLS13};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

pub(crate) use self::authority::Authority;
use crate::client::{ask, connect, read_to, rest, send_get};
use crate::limits::large;
use crate::own_metrics::failures;
use crate::until;

/// An authority whose certificate for the server is where the server looks for it, and the server to be.
pub(crate) fn builder() -> (Authority, MetricsServerBuilder) {
    builder_of(&Registry::new())
}

fn builder_of(registry: &Registry) -> (Authority, MetricsServerBuilder) {
    let authority = Authority::new();
    authority.write(&authority.identity());
    let builder = MetricsServer::builder().listen("127.0.0.1:0").registry(registry.clone());
    let builder = builder.tls(authority.certificate_path(), authority.key_path());
    (authority, builder)
}

pub(crate) async fn handshake(
    server: &MetricsServer,
    client: Arc<ClientConfig>,
) -> io::Result<TlsStream<TcpStream>> {
    let stream = connect(server.local_addr()).await;
    TlsConnector::from(client).connect("localhost".try_into().unwrap(), stream).await
}

/// The status of the answer, or nothing if there is none.
pub(crate) async fn status(server: &MetricsServer, client: Arc<ClientConfig>) -> Option<u16> {
    let mut stream = handshake(server, client).await.ok()?;
    // Whether a client's certificate is believed shows after the handshake, from the client's side.
    stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").await.ok()?;
    rest(&mut stream).await.split(' ').nth(1)?.parse().ok()
}

/// The certificate that the server shows to who connects now.
async fn shown(server: &MetricsServer, authority: &Authority) -> CertificateDer<'static> {
    let stream = handshake(server, authority.client(&[&TLS13], None)).await.unwrap();
    stream.get_ref().1.peer_certificates().unwrap()[0].clone().into_owned()
}

#[tokio::test]
async fn the_page_is_read_over_tls() {
    let (authority, builder) = builder();
    let server = builder.bind().await.unwrap();
    let stream = handshake(&server, authority.client(&[&TLS12, &TLS13], None)).await.unwrap();
    assert_eq!(stream.get_ref().1.protocol_version(), Some(rustls::ProtocolVersion::TLSv1_3));
    assert_eq!(ask(stream, "GET", "/metrics", "").await.status, 200);
}

#[tokio::test]
async fn older_versions_and_plain_text_get_nothing() {
    let (authority, builder) = builder();
    let server = builder.bind().await.unwrap();
    let error = handshake(&server, authority.client(&[&TLS12], None)).await.unwrap_err();
    assert!(error.to_string().contains("ProtocolVersion"), "{error}");

    let mut plain = connect(server.local_addr()).await;
    send_get(&mut plain, "/metrics").await;
    assert!(!rest(&mut plain).await.contains("HTTP/1.1"));
}

#[tokio::test]
async fn only_clients_with_a_certificate_of_the_right_authority_are_let_in() {
    let (authority, builder) = builder();
    let server = builder.client_ca(authority.ca_path()).bind().await.unwrap();
    let stranger = Authority::new().identity();
    assert_eq!(status(&server, authority.client(&[&TLS13], None)).await, None);
    assert_eq!(status(&server, authority.client(&[&TLS13], Some(stranger))).await, None);
    let friend = authority.identity();
    assert_eq!(status(&server, authority.client(&[&TLS13], Some(friend))).await, Some(200));
}

#[tokio::test]
async fn certificates_are_taken_from_their_files_anew_and_open_connections_stay() {
    let (authority, builder) = builder();
    let server = builder.bind().await.unwrap();
    let first = shown(&server, &authority).await;
    assert_eq!(shown(&server, &authority).await, first);
    let mut open = handshake(&server, authority.client(&[&TLS13], None)).await.unwrap();

    authority.write(&authority.identity());
    assert_ne!(shown(&server, &authority).await, first);
    send_get(&mut open, "/metrics").await;
    assert!(read_to(&mut open, "\r\n\r\n").await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn the_last_certificates_stay_while_the_files_are_wrong() {
    let (authority, builder) = builder();
    let server = builder.bind().await.unwrap();
    let first = shown(&server, &authority).await;
    let next = authority.identity();

    // One file after the other: the key is still that of the certificate before.
    fs::write(authority.certificate_path(), &next.certificate).unwrap();
    assert_eq!(shown(&server, &authority).await, first);
    fs::write(authority.key_path(), &next.key[..next.key.len() / 2]).unwrap();
    assert_eq!(shown(&server, &authority).await, first);
    fs::remove_file(authority.key_path()).unwrap();
    assert_eq!(shown(&server, &authority).await, first);
    authority.write(&next);
    assert_ne!(shown(&server, &authority).await, first);
}

#[tokio::test]
async fn who_does_not_finish_a_handshake_loses_the_place() {
    let (authority, builder) = builder();
    let builder = builder.max_connections(1).handshake_timeout(Duration::from_millis(100));
    let server = builder.bind().await.unwrap();
    for begun in [&b""[..], b"\x16", b"\x16\x03\x01\x02\x00\x01"] {
        let mut silent = connect(server.local_addr()).await;
        silent.write_all(begun).await.unwrap();
        rest(&mut silent).await;
    }
    assert_eq!(status(&server, authority.client(&[&TLS13], None)).await, Some(200));
}

#[tokio::test]
async fn what_goes_wrong_is_counted_by_its_cause() {
    let registry = Registry::new();
    let (authority, builder) = builder_of(&registry);
    let server = builder.handshake_timeout(Duration::from_secs(1)).bind().await.unwrap();
    let counts = || {
        ["handshake", "handshake_timeout", "unreadable_file", "invalid_file"]
            .map(|cause| failures(&registry, cause))
    };
    let client = authority.client(&[&TLS13], None);
    assert_eq!(status(&server, Arc::clone(&client)).await, Some(200));
    assert_eq!(counts(), [0; 4]);

    handshake(&server, authority.client(&[&TLS12], None)).await.unwrap_err();
    until("a downgrade is counted", || counts() == [1, 0, 0, 0]).await;
    rest(&mut connect(server.local_addr()).await).await;
    until("silence is counted", || counts() == [1, 1, 0, 0]).await;
    fs::write(authority.key_path(), "no key").unwrap();
    assert_eq!(status(&server, Arc::clone(&client)).await, Some(200));
    fs::remove_file(authority.key_path()).unwrap();
    assert_eq!(status(&server, client).await, Some(200));
    assert_eq!(counts(), [1, 1, 1, 1]);
}

#[tokio::test]
async fn connections_beyond_the_bound_are_told_so_over_tls() {
    let (authority, builder) = builder_of(&large());
    let server = builder.max_connections(1).bind().await.unwrap();
    let client = authority.client(&[&TLS13], None);
    let mut busy = handshake(&server, Arc::clone(&client)).await.unwrap();
    send_get(&mut busy, "/metrics").await;
    read_to(&mut busy, "\r\n\r\n").await;
    assert_eq!(status(&server, client).await, Some(503));
}

#[tokio::test]
async fn a_network_that_is_not_allowed_is_not_worth_a_handshake() {
    let (authority, builder) = builder();
    let server = builder.allow("10.0.0.0/8").bind().await.unwrap();
    assert!(handshake(&server, authority.client(&[&TLS13], None)).await.is_err());
}

#[tokio::test]
async fn credentials_are_taken_from_other_machines_over_tls() {
    let (_authority, builder) = builder();
    let _server = builder.listen("0.0.0.0:0").bearer_token("c3a1f0e7b25d4c6f").bind().await.unwrap();
}

#[tokio::test]
async fn shutdown_waits_for_no_handshake() {
    let (_authority, builder) = builder();
    let server = builder.bind().await.unwrap();
    let mut silent = connect(server.local_addr()).await;
    server.shutdown().await;
    assert_eq!(rest(&mut silent).await, "");
}

#[tokio::test]
async fn what_is_wrong_with_the_files_is_said() {
    let (authority, builder) = builder();
    let (certificate, key) = (authority.certificate_path(), authority.key_path());
    let nowhere = authority.ca_path().with_extension("missing");
    let bind = async |builder: MetricsServerBuilder| builder.bind().await.unwrap_err();

    let error = bind(builder.clone().tls(&nowhere, &key)).await;
    assert!(matches!(&error, BindError::UnreadableFile { path, .. } if *path == nowhere), "{error:?}");
    for (builder, named, reason) in [
        (builder.clone().tls(&key, &key), &key, "no certificate"),
        (builder.clone().tls(&certificate, &certificate), &certificate, "no private key"),
        (builder.clone().client_ca(&key), &key, "no certificate"),
    ] {
        let error = bind(builder).await;
        assert!(matches!(&error, BindError::InvalidFile { path, .. } if path == named), "{error:?}");
        assert!(error.to_string().contains(reason), "{error}");
    }

    fs::write(&key, authority.identity().key).unwrap();
    let error = bind(builder).await;
    assert!(matches!(&error, BindError::InvalidFile { path, .. } if *path == certificate), "{error:?}");

    let error = bind(MetricsServer::builder().client_ca(authority.ca_path())).await;
    assert!(matches!(&error, BindError::ClientCaWithoutTls), "{error:?}");
}
