//! What the middleware reads of the heads of the crate `http`.

use std::convert::Infallible;

use http::uri::Scheme;
use http::{Extensions, HeaderMap, header, request, response};

use crate::red::{Record, RequestHead, ResponseHead, Route, Served, StatusName, is_grpc};

/// A request that a service of tower answers.
pub type ServedRequest = Served<request::Parts, response::Parts>;

/// The name of the header, or trailer, that says how a gRPC call went.
const GRPC_STATUS: &str = "grpc-status";

impl RequestHead for request::Parts {
    const MAY_BE_RPC: bool = true;

    type LateRoute = Infallible;

    fn method(&self) -> &str {
        self.method.as_str()
    }

    fn is_https(&self) -> bool {
        self.uri.scheme() == Some(&Scheme::HTTPS)
    }

    fn route(&self) -> Option<Route> {
        route_in(&self.extensions)
    }

    fn rpc_path(&self) -> Option<&str> {
        let content_type = self.headers.get(header::CONTENT_TYPE)?;
        is_grpc(content_type.as_bytes()).then(|| self.uri.path())
    }
}

impl ResponseHead for response::Parts {
    fn rpc_status(&self) -> Option<StatusName> {
        rpc_status_in(&self.headers)
    }
}

/// The route that extensions tell. Copies a reference to the template at most.
fn route_in(extensions: &Extensions) -> Option<Route> {
    let told = extensions.get::<Route>().cloned();
    #[cfg(feature = "axum")]
    let told = told.or_else(|| extensions.get::<axum::extract::MatchedPath>().cloned().map(Route::from));
    told
}

fn rpc_status_in(headers: &HeaderMap) -> Option<StatusName> {
    headers.get(GRPC_STATUS).map(|status| StatusName::of(status.as_bytes()))
}

/// What a response of the crate `http` tells, piece by piece.
pub trait Follow: Record {
    /// The head of the response is there.
    fn head(&mut self, head: &response::Parts);

    /// The trailers are there.
    fn trailers(&mut self, _: &HeaderMap) {}

    /// Whether the response goes on after the last byte of its body.
    fn awaits_trailers(&self) -> bool {
        false
    }
}

impl Follow for ServedRequest {
    fn head(&mut self, head: &response::Parts) {
        self.answer(head, route_in(&head.extensions));
    }

    fn trailers(&mut self, trailers: &HeaderMap) {
        if let Some(status) = rpc_status_in(trailers) {
            self.set_rpc_status(status);
        }
    }

    fn awaits_trailers(&self) -> bool {
        Self::awaits_trailers(self)
    }
}
