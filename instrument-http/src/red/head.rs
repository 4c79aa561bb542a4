use super::Route;
use super::rpc::StatusName;

/// What the middleware reads of a request, of whatever framework.
pub trait RequestHead {
    /// Whether requests can be gRPC calls.
    const MAY_BE_RPC: bool = false;

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

/// What the middleware reads of a response.
pub trait ResponseHead {
    /// The route, if whoever answered tells it.
    fn route(&self) -> Option<Route> {
        None
    }

    /// The status of a gRPC call that ends with its head.
    fn rpc_status(&self) -> Option<StatusName> {
        None
    }
}
