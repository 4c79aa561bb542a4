use instrument_core::__private::Shared;
use instrument_core::InFlight;

use super::exchange::{Exchange, Record, Seen};
use super::head::{LateRoute, RequestHead, ResponseHead};
use super::method::MethodNumber;
use super::metrics::{Extra, Measured, RequestLabels, scheme};
use super::rpc::{Call, StatusName};
use super::{Received, Route, Watch};

/// A request that a server answers, by the types of its framework's heads.
#[derive(Debug)]
pub struct Served<Q: RequestHead + 'static, S: 'static> {
    watch: Shared<Watch<Q, S>>,
    method: MethodNumber,
    is_https: bool,
    route: Option<Route>,
    late_route: Option<Q::LateRoute>,
    received: Received,
    extra: Extra,
    call: Option<Call>,
    _active: InFlight,
}

impl<Q: RequestHead, S: ResponseHead> Served<Q, S> {
    /// A request arrives; nothing if it is not to be recorded. The scheme is that of its head unless it is known otherwise. Its route is found now
    /// unless nobody needs it yet and `late_route` gives what finds it later.
    pub(crate) fn start(
        watch: &Shared<Watch<Q, S>>,
        head: &Q,
        is_https: Option<bool>,
        late_route: impl FnOnce() -> Option<Q::LateRoute>,
    ) -> Option<Exchange<Self>> {
        if watch.excludes(head) {
            return None;
        }
        let late_route = if watch.needs_routes() { None } else { late_route() };
        let route = if late_route.is_some() { None } else { head.route() };
        if watch.excludes_route(route.as_ref()) {
            return None;
        }
        let is_https = is_https.unwrap_or_else(|| head.is_https());
        let method = watch.methods.number(head.method());
        let served = Self {
            method,
            is_https,
            route,
            late_route,
            received: Received::Known(0),
            extra: watch.extra(head),
            call: watch.call(head),
            // The guard keeps the series it has added to, so what goes up comes down in the same place.
            _active: watch.active.with(&watch.methods, method, is_https).track(),
            watch: watch.clone(),
        };
        Some(Exchange::start(head.method(), served))
    }

    /// Says where the bytes of the request's body are counted; it has none otherwise.
    pub(crate) fn set_received(&mut self, received: Received) {
        self.received = received;
    }

    /// The head of the response is there, which may tell the route.
    pub(crate) fn answer(&mut self, head: &S, route: Option<Route>) {
        self.late_route = None;
        self.route = route.or(self.route.take());
        if let Some(status) = head.rpc_status() {
            self.set_rpc_status(status);
        }
        self.watch.complete(&mut self.extra, head);
    }

    /// The status of a gRPC call is there; it says nothing of another request.
    pub(crate) fn set_rpc_status(&mut self, status: StatusName) {
        if let Some(call) = &mut self.call {
            call.status = Some(status);
        }
    }

    /// Whether the response's trailers are of interest.
    #[cfg(feature = "tower")]
    pub(crate) fn awaits_trailers(&self) -> bool {
        self.call.as_ref().is_some_and(|call| call.status.is_none())
    }
}

impl<Q: RequestHead, S> Record for Served<Q, S> {
    fn record(&mut self, seen: &Seen) {
        if let Some(late) = self.late_route.take() {
            self.route = late.find();
        }
        if self.watch.excludes_route(self.route.as_ref()) {
            return;
        }
        let route = self.route.as_ref().map(Route::as_str);
        let labels = RequestLabels {
            http_request_method: self.watch.methods.label(self.method),
            http_route: route,
            http_response_status_code: seen.status_code(),
            error_type: seen.error_type(http::StatusCode::is_server_error),
            url_scheme: scheme(self.is_https),
        };
        let measured = Measured {
            duration: seen.duration,
            request_bytes: self.received.bytes(),
            response_bytes: seen.sent,
        };
        self.watch.histograms.observe(labels, &self.extra, measured);
        if let (Some(rpc), Some(call)) = (&self.watch.rpc, &self.call) {
            rpc.record(call, route, seen);
        }
    }
}
