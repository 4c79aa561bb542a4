use std::io;
use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, USER_AGENT};
use http::{HeaderValue, Method, Request, StatusCode};
use http_body_util::Full;
use instrument_core::Registry;
use tokio::net::TcpStream;
use tokio::runtime::Handle;

use super::PushError;
use super::exchange::{self, exchange};
use super::target::Target;
#[cfg(feature = "tls")]
use super::tls::Tls;
#[cfg(feature = "protobuf")]
use crate::ProtobufEncoder as Encoder;
#[cfg(not(feature = "protobuf"))]
use crate::TextEncoder as Encoder;

/// What is pushed, and where to.
#[derive(Debug)]
pub(super) struct Pushing {
    pub(super) target: Target,
    /// That of the group.
    pub(super) url: String,
    pub(super) path: String,
    pub(super) registry: Registry,
    pub(super) authorization: Option<HeaderValue>,
    pub(super) timeout: Duration,
    #[cfg(feature = "tls")]
    pub(super) tls: Option<Tls>,
}

impl Pushing {
    /// Sends the page, unless the method is `DELETE`, and takes nothing but success for an answer.
    pub(super) async fn send(&self, method: Method) -> Result<(), PushError> {
        if Handle::try_current().is_err() {
            return Err(
                self.not_run(io::Error::other("await it in a task of a tokio runtime, or call `blocking`"))
            );
        }
        let sent = tokio::time::timeout(self.timeout, self.exchange(method)).await;
        let (status, message) =
            sent.map_err(|_| PushError::Timeout { url: self.url.clone(), timeout: self.timeout })??;
        if status.is_success() {
            return Ok(());
        }
        Err(PushError::Refused { url: self.url.clone(), status, message })
    }

    async fn exchange(&self, method: Method) -> Result<(StatusCode, String), PushError> {
        let request = self.request(method).await?;
        let unreachable = |source| PushError::Unreachable { url: self.url.clone(), source };
        let stream = TcpStream::connect((&*self.target.host, self.target.port)).await.map_err(unreachable)?;
        #[cfg(feature = "tls")]
        if let Some(tls) = &self.tls {
            let stream = tls.connect(&self.target.host, stream).await.map_err(unreachable)?;
            return exchange(stream, request).await.map_err(|source| self.broken(source));
        }
        exchange(stream, request).await.map_err(|source| self.broken(source))
    }

    async fn request(&self, method: Method) -> Result<Request<Full<Bytes>>, PushError> {
        let mut request = Request::builder()
            .uri(&self.path)
            .header(HOST, &self.target.authority)
            .header(USER_AGENT, concat!("instrument-http/", env!("CARGO_PKG_VERSION")));
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        let page = if method == Method::DELETE {
            Bytes::new()
        } else {
            request = request.header(CONTENT_TYPE, Encoder::CONTENT_TYPE);
            let registry = self.registry.clone();
            // It can take longer than a runtime's worker may be kept.
            let encoding = tokio::task::spawn_blocking(move || Encoder::new().encode(&registry));
            encoding.await.map_err(|error| self.not_run(error.into()))?.into()
        };
        request.method(method).body(page.into()).map_err(|error| self.broken(error.into()))
    }

    fn broken(&self, source: exchange::Failure) -> PushError {
        PushError::Broken { url: self.url.clone(), source }
    }

    fn not_run(&self, source: io::Error) -> PushError {
        PushError::NotRun { url: self.url.clone(), source }
    }
}
