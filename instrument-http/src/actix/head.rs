//! What the middleware reads of actix's requests and responses.

use actix_web::dev::{ResponseHead, ServiceRequest};

use crate::red::{self, Exchange, Route, Served};

/// A request that an app of actix answers.
pub type ServedRequest = Served<ServiceRequest, ResponseHead>;

impl red::RequestHead for ServiceRequest {
    fn method(&self) -> &str {
        self.method().as_str()
    }

    fn is_https(&self) -> bool {
        self.app_config().secure()
    }

    fn route(&self) -> Option<Route> {
        self.match_pattern().map(Route::from)
    }
}

impl red::ResponseHead for ResponseHead {}

/// The status in the version of the crate `http` that the rest of the crate has.
pub(super) fn status(status: actix_web::http::StatusCode) -> http::StatusCode {
    http::StatusCode::from_u16(status.as_u16()).unwrap_or_default()
}

pub(super) type ActixExchange = Exchange<ServedRequest>;
