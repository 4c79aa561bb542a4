use std::sync::Arc;
use std::time::Instant;

use http::uri::Scheme;
use http::{Request, Response, StatusCode};
use http_body::Body;
use instrument_core::InFlight;

use super::metrics::{ActiveLabels, DurationLabels, RequestMetrics, scheme_label};
use super::{Route, method};

/// A request, from its arrival to the end of its response's body.
///
/// Dropped before its end it counts as cancelled, as a request whose client has gone; or as panicked while the thread unwinds.
#[derive(Debug)]
pub(crate) struct Exchange {
    metrics: Arc<RequestMetrics>,
    method: &'static str,
    scheme: &'static str,
    route: Option<Route>,
    status: Option<StatusCode>,
    end: Option<End>,
    start: Instant,
    _active: InFlight,
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum End {
    /// The response was handed on, whole.
    Complete,
    /// The service gave an error instead of a response.
    ServiceError,
    /// The response's body broke off with an error.
    BodyError,
    /// Code panicked, in the service or in the body.
    Panic,
    /// It was dropped unfinished.
    Cancelled,
}

impl End {
    /// The label `error_type` of a response whose status is no error.
    fn error_type(self) -> Option<&'static str> {
        match self {
            Self::Complete => None,
            Self::ServiceError => Some("service_error"),
            Self::BodyError => Some("body_error"),
            Self::Panic => Some("panic"),
            Self::Cancelled => Some("cancelled"),
        }
    }
}

impl Exchange {
    /// A request arrives. The scheme is that of its target unless it is known otherwise.
    pub(crate) fn start<B>(
        metrics: &Arc<RequestMetrics>,
        request: &Request<B>,
        scheme: Option<&Scheme>,
    ) -> Self {
        let scheme = scheme_label(scheme.or(request.uri().scheme()));
        let method = method::label(request.method());
        let labels = ActiveLabels { http_request_method: method, url_scheme: scheme };
        Self {
            metrics: Arc::clone(metrics),
            method,
            scheme,
            route: Route::of(request.extensions()),
            status: None,
            end: None,
            // The guard keeps the series it has added to, so what goes up comes down in the same place.
            _active: metrics.active.with(&labels).track(),
            start: Instant::now(),
        }
    }

    /// The head of the response is there.
    pub(crate) fn answer<B>(&mut self, response: &Response<B>) {
        self.status = Some(response.status());
        if let Some(route) = Route::of(response.extensions()) {
            self.route = Some(route);
        }
    }

    /// Whether the response ends with its head, because HTTP or the body says so. A server does not poll the body then.
    pub(crate) fn has_no_body(&self, body: &impl Body) -> bool {
        let status = self.status.unwrap_or_default();
        body.is_end_stream()
            || self.method == "HEAD"
            || (self.method == "CONNECT" && status.is_success())
            || status.is_informational()
            || matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
    }

    /// Ends and records the request.
    pub(crate) fn end(mut self, end: End) {
        self.end = Some(end);
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        let dropped = if std::thread::panicking() { End::Panic } else { End::Cancelled };
        let end = self.end.unwrap_or(dropped);
        let status = self.status.as_ref();
        let labels = DurationLabels {
            http_request_method: self.method,
            http_route: self.route.as_ref().map(Route::as_str),
            http_response_status_code: status.map(StatusCode::as_str),
            // The first thing that went wrong: a client that leaves an error page is no news.
            error_type: match status.filter(|status| status.is_server_error()) {
                Some(status) => Some(status.as_str()),
                None => end.error_type(),
            },
            url_scheme: self.scheme,
        };
        self.metrics.durations.observe(&labels, self.start.elapsed());
    }
}

/// Does a step of the request's work. A panic in it ends the request then and there: who catches it may drop the rest later, when nothing
/// tells of a panic any more.
pub(crate) fn watch<R>(exchange: &mut Option<Exchange>, step: impl FnOnce() -> R) -> R {
    struct OnPanic<'a>(&'a mut Option<Exchange>);
    impl Drop for OnPanic<'_> {
        fn drop(&mut self) {
            if let Some(exchange) = self.0.take() {
                exchange.end(End::Panic);
            }
        }
    }
    let on_panic = OnPanic(exchange);
    let done = step();
    std::mem::forget(on_panic);
    done
}
