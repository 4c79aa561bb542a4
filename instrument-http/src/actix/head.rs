//! What the middleware reads of actix's requests and responses.

use std::rc::Rc;

use actix_web::dev::{ResourceMap, ResponseHead, ServiceRequest};
use actix_web::http::Uri;

use crate::red::{self, Exchange, Route, Served};

/// A request that an app of actix answers.
pub type ServedRequest = Served<ServiceRequest, ResponseHead>;

impl red::RequestHead for ServiceRequest {
    type LateRoute = Searched;

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

/// A route that is searched for among all of an app, as the router does: that costs as much again.
#[derive(Debug)]
pub struct Searched {
    pub(super) resources: Rc<ResourceMap>,
    pub(super) target: Uri,
}

impl red::LateRoute for Searched {
    fn find(&self) -> Option<Route> {
        self.resources.match_pattern(self.target.path()).map(Route::from)
    }
}

impl red::ResponseHead for ResponseHead {}

/// The status in the version of the crate `http` that the rest of the crate has.
pub(super) fn status(status: actix_web::http::StatusCode) -> http::StatusCode {
    http::StatusCode::from_u16(status.as_u16()).unwrap_or_default()
}

pub(super) type ActixExchange = Exchange<ServedRequest>;
