use std::time::{Duration, Instant};

use http::StatusCode;

/// A request, from its start to the end of its response's body.
///
/// Dropped before its end it counts as cancelled, as a request whose client has gone; or as panicked while the thread unwinds.
#[derive(Debug)]
pub struct Exchange<R: Record> {
    record: R,
    asked: Asked,
    start: Instant,
    status: Option<StatusCode>,
    /// The length of the response's body, if it is known.
    length: Option<u64>,
    sent: u64,
    end: Option<End>,
}

/// Whose request it is, and where it is recorded.
pub trait Record {
    /// Records the request, once, at its end.
    fn record(&mut self, seen: &Seen);
}

/// What the method says of the response's body.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Asked {
    Head,
    Connect,
    Body,
}

impl Asked {
    fn by(method: &str) -> Self {
        match method {
            "HEAD" => Self::Head,
            "CONNECT" => Self::Connect,
            _ => Self::Body,
        }
    }
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum End {
    /// The response was handed on, whole.
    Complete,
    /// The service gave an error instead of a response.
    #[cfg(feature = "tower")]
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
            #[cfg(feature = "tower")]
            Self::ServiceError => Some("service_error"),
            Self::BodyError => Some("body_error"),
            Self::Panic => Some("panic"),
            Self::Cancelled => Some("cancelled"),
        }
    }
}

/// What was seen of a request, when it has ended.
#[derive(Debug)]
pub struct Seen {
    pub(crate) duration: Duration,
    pub(super) status: Option<StatusCode>,
    /// Bytes of the response's body.
    pub(super) sent: u64,
    end: End,
}

impl Seen {
    /// The label of the response's status.
    pub(crate) fn status_code(&self) -> Option<&str> {
        self.status.as_ref().map(StatusCode::as_str)
    }

    /// The first thing that went wrong: a client that leaves an error page is no news.
    pub(crate) fn error_type(&self, is_error: impl FnOnce(&StatusCode) -> bool) -> Option<&str> {
        match self.status.as_ref().filter(|status| is_error(status)) {
            Some(status) => Some(status.as_str()),
            None => self.end.error_type(),
        }
    }
}

impl<R: Record> Exchange<R> {
    /// A request by a method starts.
    pub(crate) fn start(method: &str, record: R) -> Self {
        Self {
            record,
            asked: Asked::by(method),
            start: Instant::now(),
            status: None,
            length: None,
            sent: 0,
            end: None,
        }
    }

    /// Whose request it is.
    pub(crate) fn record(&mut self) -> &mut R {
        &mut self.record
    }

    /// The head of the response is there, and says perhaps how long the body is.
    pub(crate) fn answer(&mut self, status: StatusCode, length: Option<u64>) {
        self.status = Some(status);
        self.length = length;
    }

    /// Bytes of the response's body were handed on.
    pub(crate) fn sent(&mut self, bytes: u64) {
        self.sent += bytes;
    }

    /// Whether the body is of known length and was handed on. A server does not poll it any more then.
    pub(crate) fn is_whole(&self) -> bool {
        self.length.is_some_and(|length| self.sent >= length)
    }

    /// Whether HTTP says that the response ends with its head. A server does not poll the body then.
    pub(crate) fn has_no_body(&self) -> bool {
        let status = self.status.unwrap_or_default();
        status.is_informational()
            || matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
            || self.asked == Asked::Head
            || (self.asked == Asked::Connect && status.is_success())
    }

    /// Ends and records the request.
    pub(crate) fn end(mut self, end: End) {
        self.end = Some(end);
    }
}

impl<R: Record> Drop for Exchange<R> {
    fn drop(&mut self) {
        let dropped = if std::thread::panicking() { End::Panic } else { End::Cancelled };
        let end = self.end.unwrap_or(dropped);
        let seen = Seen { duration: self.start.elapsed(), status: self.status, sent: self.sent, end };
        self.record.record(&seen);
    }
}

/// Ends a request that has not ended yet.
pub(crate) fn end<R: Record>(exchange: &mut Option<Exchange<R>>, end: End) {
    if let Some(exchange) = exchange.take() {
        exchange.end(end);
    }
}

/// Does a step of the request's work. A panic in it ends the request then and there: who catches it may drop the rest later, when nothing
/// tells of a panic any more.
pub(crate) fn watch<R: Record, T>(exchange: &mut Option<Exchange<R>>, step: impl FnOnce() -> T) -> T {
    struct OnPanic<'a, R: Record>(&'a mut Option<Exchange<R>>);
    impl<R: Record> Drop for OnPanic<'_, R> {
        fn drop(&mut self) {
            end(self.0, End::Panic);
        }
    }
    let on_panic = OnPanic(exchange);
    let done = step();
    std::mem::forget(on_panic);
    done
}
