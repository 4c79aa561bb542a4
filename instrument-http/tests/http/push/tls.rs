//! Pushing over TLS. What answers is the endpoint, which refuses: that it does is the proof that it was asked.

use instrument_http::PushError;

use super::builder;
use crate::tls::{self, Authority};

#[tokio::test]
async fn a_gateway_is_believed_whose_certificate_the_authority_has_signed() {
    let (authority, server) = tls::builder();
    let server = server.bind().await.unwrap();
    let url = format!("https://localhost:{}", server.local_addr().port());
    let error = builder(&url).ca(authority.ca_path()).build().unwrap().push().await.unwrap_err();
    assert!(matches!(&error, PushError::Refused { status, .. } if status.as_u16() == 404), "{error:?}");

    let stranger = Authority::new();
    let error = builder(&url).ca(stranger.ca_path()).build().unwrap().push().await.unwrap_err();
    assert!(matches!(&error, PushError::Unreachable { .. }), "{error:?}");
    let by_address = format!("https://{}", server.local_addr());
    let error = builder(&by_address).ca(authority.ca_path()).build().unwrap().push().await.unwrap_err();
    assert!(matches!(&error, PushError::Unreachable { .. }), "its certificate is for `localhost`: {error:?}");
}
