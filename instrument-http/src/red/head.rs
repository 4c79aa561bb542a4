use std::convert::Infallible;
use std::fmt::Debug;

use super::Route;
use super::rpc::StatusName;

/// What the middleware reads of a request, of whatever framework.
pub trait RequestHead {
    /// Whether requests can be gRPC calls.
    const MAY_BE_RPC: bool = false;

    /// What finds the route of a request that got no response, where it costs much to find it and responses tell it.
    type LateRoute: LateRoute;

    fn method(&self) -> &str;

    /// The scheme as the connection or the target has it.
    fn is_https(&self) -> bool;

    /// The route, if it is known already.
    fn route(&self) -> Option<Route>;

    /// The path of a gRPC call, and nothing for other requests.
    fn rpc_path(&self) -> Option<&str> {
        None
    }
}

/// A route that is found when it is needed.
pub trait LateRoute: Debug {
    fn find(&self) -> Option<Route>;
}

/// There is none to be found late.
impl LateRoute for Infallible {
    fn find(&self) -> Option<Route> {
        match *self {}
    }
}

/// What the middleware reads of a response.
pub trait ResponseHead {
    /// The status of a gRPC call that ends with its head.
    fn rpc_status(&self) -> Option<StatusName> {
        None
    }
}
