//! Errors as RFC 9457 problem documents.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::{database, log};

/// An error as a client is told it.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    detail: String,
    field: Option<&'static str>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into(), field: None }
    }

    /// A health check that failed: whatever the reason, the server should get no requests for now.
    pub(crate) fn unavailable(error: database::Error) -> Self {
        Self { status: StatusCode::SERVICE_UNAVAILABLE, ..Self::from(error) }
    }

    /// For `#[instrument_red(err_if = ..)]`: the app failed. That a quotation is not there, or is there already, is an answer.
    pub(crate) fn is_failure<T>(answer: &Result<T, Self>) -> bool {
        answer.as_ref().is_err_and(|problem| problem.status.is_server_error())
    }

    /// Names the field or parameter at fault.
    pub(crate) fn in_field(self, field: &'static str) -> Self {
        Self { field: Some(field), ..self }
    }
}

impl From<database::Error> for Problem {
    /// The client learns that it was not at fault; what went wrong inside is for the log.
    fn from(error: database::Error) -> Self {
        if error.is_busy() {
            return Self::new(StatusCode::SERVICE_UNAVAILABLE, "the database is busy: try again in a moment");
        }
        // The log would have little else in it.
        if matches!(error, database::Error::OnPurpose) {
            let detail = "the database failed on purpose: --fail-rate asks for it";
            return Self::new(StatusCode::INTERNAL_SERVER_ERROR, detail);
        }
        log::error(&error);
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "the database failed; the log of the server says how")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        #[derive(Serialize)]
        struct Document {
            r#type: &'static str,
            title: &'static str,
            status: u16,
            detail: String,
            #[serde(skip_serializing_if = "Option::is_none")]
            field: Option<&'static str>,
        }
        let document = Document {
            // RFC 9457, 4.2.1: a problem that says no more than its status, whose title is then the status's phrase.
            r#type: "about:blank",
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            detail: self.detail,
            field: self.field,
        };
        let content_type = [(CONTENT_TYPE, "application/problem+json")];
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            return (self.status, [(RETRY_AFTER, "1")], content_type, Json(document)).into_response();
        }
        (self.status, content_type, Json(document)).into_response()
    }
}
